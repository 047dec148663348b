package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.files.s3.S3Errors.Doing;
import io.millrace.files.store.FileFault;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedOutput;
import io.millrace.files.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * Output to an upload, part by part. Holds one part. Parts grow with their number, as there may be
 * no more than ten thousand, and none but the last may have less than 5 MB.
 */
final class S3StagedOutput extends StagedOutput {

  private static final int LEAST_PART = 5 << 20;
  private static final int PARTS_OF_A_SIZE = 1000;
  private static final int FIRST_BUFFER = 64 << 10;
  private static final int MOST_PARTS = 10_000;

  /** What the store copies at once: it may take 5 GB, but not answer as long. */
  private static final long MOST_COPIED = 256L << 20;

  /** Answers of stores that do not know the request. */
  private static final Set<Integer> UNKNOWN = Set.of(405, 501);

  private final S3Store store;
  private final String name;
  private final String upload;
  private final String token;
  private final Cancellation cancellation;
  private final List<String> etags = new ArrayList<>();
  private byte[] part = new byte[FIRST_BUFFER];
  private int held;
  private long taken;
  private boolean finished;
  private boolean storeCopies = true;

  S3StagedOutput(
      S3Store store, String name, String upload, String token, Cancellation cancellation) {
    this.store = store;
    this.name = name;
    this.upload = upload;
    this.token = token;
    this.cancellation = cancellation;
  }

  private int partBytes() {
    return LEAST_PART * (1 + etags.size() / PARTS_OF_A_SIZE);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    cancellation.throwIfCancelled();
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int most = partBytes();
      if (held == part.length) {
        part = Arrays.copyOf(part, (int) Math.min(most, part.length * 2L));
      }
      int copied = Math.min(end - at, part.length - held);
      System.arraycopy(bytes, at, part, held, copied);
      held += copied;
      at += copied;
      if (held >= most) {
        send();
      }
    }
  }

  /**
   * The store copies what makes a part of its own. What is less goes through this machine, and so
   * does what fills up a part that has begun.
   */
  @Override
  public void append(StagedFile appended) throws IOException {
    StoredFile from = store.readable(appended, cancellation);
    long at = 0;
    while (at < from.size()) {
      cancellation.throwIfCancelled();
      long rest = from.size() - at;
      if (storeCopies && held == 0 && rest >= partBytes()) {
        long length = Math.min(rest, MOST_COPIED);
        if (copy(from, at, at + length)) {
          at += length;
        }
      } else {
        long length = storeCopies ? Math.min(rest, partBytes() - held) : rest;
        read(from, at, at + length);
        at += length;
      }
    }
  }

  private void read(StoredFile from, long begin, long end) throws IOException {
    try (InputStream in = store.open(from, begin, end, cancellation)) {
      if (in.transferTo(this) != end - begin) {
        throw new FileFault("its part " + store.describe(from.name()) + " ends too early");
      }
    }
  }

  /** Has the store make a part of a range; false where it does not know how. */
  private boolean copy(StoredFile from, long begin, long end) throws IOException {
    requireRoom();
    @Nullable UploadPartCopyResponse answer =
        store.call(
            Doing.WRITING,
            name,
            cancellation,
            () -> {
              try {
                return store
                    .client()
                    .uploadPartCopy(
                        request ->
                            request
                                .sourceBucket(store.options().bucket())
                                .sourceKey(from.name())
                                .copySourceRange("bytes=" + begin + "-" + (end - 1))
                                .destinationBucket(store.options().bucket())
                                .destinationKey(name)
                                .uploadId(upload)
                                .partNumber(etags.size() + 1));
              } catch (S3Exception e) {
                if (UNKNOWN.contains(e.statusCode())) {
                  return null;
                }
                throw e;
              }
            });
    if (answer == null) {
      storeCopies = false;
      return false;
    }
    add(answer.copyPartResult() == null ? null : answer.copyPartResult().eTag(), end - begin);
    return true;
  }

  private void add(@Nullable String etag, long bytes) {
    if (etag == null) {
      throw store.noAnswer(Doing.WRITING, name, "names no etag of part " + (etags.size() + 1));
    }
    etags.add(etag);
    taken += bytes;
  }

  private void requireRoom() throws FileFault {
    if (etags.size() == MOST_PARTS) {
      throw new FileFault(
          "it would have more than the "
              + MOST_PARTS
              + " parts that a store takes: lower maxFileSize, or leave out writeSingleObject");
    }
  }

  private void send() throws IOException {
    requireRoom();
    int length = held;
    String md5 = md5(length);
    @Nullable String etag =
        store.call(
            Doing.WRITING,
            name,
            cancellation,
            () ->
                store
                    .client()
                    .uploadPart(
                        request ->
                            request
                                .bucket(store.options().bucket())
                                .key(name)
                                .uploadId(upload)
                                .partNumber(etags.size() + 1)
                                .contentMD5(md5)
                                .contentLength((long) length),
                        RequestBody.fromContentProvider(
                            () -> new ByteArrayInputStream(part, 0, length),
                            length,
                            "application/octet-stream"))
                    .eTag());
    add(etag, length);
    held = 0;
  }

  private String md5(int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(part, 0, length);
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  @Override
  public long size() {
    return taken + held;
  }

  @Override
  public StagedFile finish() throws IOException {
    if (held > 0 || etags.isEmpty()) {
      send();
    }
    finished = true;
    part = new byte[0];
    return new StagedFile(name, taken, new S3Upload(upload, token, etags).toString());
  }

  @Override
  public void close() {
    part = new byte[0];
    // Whoever is cancelled must not wait for a store that may not answer: what is left is swept.
    if (finished || cancellation.isCancelled()) {
      return;
    }
    try {
      store.abort(name, upload, cancellation);
    } catch (MillraceException e) {
      return; // it is swept with the instance's other uploads
    }
  }
}
