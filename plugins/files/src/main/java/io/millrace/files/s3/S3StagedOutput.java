package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.files.s3.S3Errors.Doing;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedOutput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Output to an upload, part by part. Holds one part. Parts grow with their number, as there may be
 * no more than ten thousand.
 */
final class S3StagedOutput extends StagedOutput {

  private static final int LEAST_PART = 5 << 20;
  private static final int PARTS_OF_A_SIZE = 1000;
  private static final int FIRST_BUFFER = 64 << 10;

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

  private void send() {
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
    if (etag == null) {
      throw store.noAnswer(Doing.WRITING, name, "names no etag of part " + (etags.size() + 1));
    }
    etags.add(etag);
    taken += length;
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
  public StagedFile finish() {
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
