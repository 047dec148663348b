package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.s3.S3Errors.Doing;
import io.millrace.files.store.FileFault;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.RandomInput;
import io.millrace.files.store.SmallFiles;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedNames;
import io.millrace.files.store.StagedOutput;
import io.millrace.files.store.StorePlace;
import io.millrace.files.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket. Output is staged as the parts of an upload that is not completed; nobody sees them, and
 * completing is atomic for each object.
 */
public final class S3Store implements FileStore {

  /** Tells the objects of one upload from others of the same name. */
  static final String TOKEN = "millrace-upload";

  private static final String MODIFIED = "modified ";

  /** Forbidden, or not known to the store. */
  private static final Set<Integer> CANNOT_BE_ASKED = Set.of(403, 405, 501);

  private final S3Options options;
  private final CancellableHttp http;
  private final S3Client client;

  public S3Store(S3Options options) {
    this.options = options;
    this.http =
        new CancellableHttp(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(options.timeout())
                .socketTimeout(options.timeout())
                .build());
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(Region.of(options.region()))
            .credentialsProvider(StaticCredentialsProvider.create(credentials(options)))
            // Compatible stores know neither the newer checksums nor chunked signing; every
            // part has its MD5.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                s3 -> s3.pathStyleAccessEnabled(options.pathStyle()).chunkedEncodingEnabled(false))
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(
                            StandardRetryStrategy.builder()
                                .maxAttempts(options.retries() + 1)
                                .circuitBreakerEnabled(false)
                                .build())
                        // What lies in somebody's home directory decides nothing here.
                        .defaultProfileFile(ProfileFile.aggregator().build()));
    if (options.endpoint() != null) {
      builder.endpointOverride(options.endpoint());
    }
    this.client = builder.build();
  }

  private static AwsCredentials credentials(S3Options options) {
    String token = options.sessionToken();
    return token == null
        ? AwsBasicCredentials.create(options.accessKey(), options.secretKey())
        : AwsSessionCredentials.create(options.accessKey(), options.secretKey(), token);
  }

  S3Client client() {
    return client;
  }

  S3Options options() {
    return options;
  }

  @Override
  public String describe(String name) {
    return "s3://" + options.bucket() + "/" + name;
  }

  @Override
  public StorePlace place() {
    return new StorePlace(options.owner(), options.bucket());
  }

  /** Makes requests that end with the cancellation, and says what went wrong in one line. */
  <T> T call(Doing doing, String name, Cancellation cancellation, Supplier<T> request) {
    try {
      return http.with(cancellation, request);
    } catch (SdkException e) {
      throw new S3Errors(options, http.answered()).of(e, doing, describe(name), cancellation);
    }
  }

  /** The error of an answer, the last one of this thread, without what it must hold. */
  MillraceException noAnswer(Doing doing, String name, String what) {
    return noAnswer(doing, name, what, answered());
  }

  /**
   * The same of an earlier one.
   *
   * @param answer its beginning, as {@link #answered} gave it
   */
  MillraceException noAnswer(Doing doing, String name, String what, byte @Nullable [] answer) {
    return new S3Errors(options, answer).noAnswer(doing, describe(name), what);
  }

  /** The beginning of the last answer of this thread; null where its body was not read. */
  byte @Nullable [] answered() {
    return http.answered();
  }

  @Override
  public Iterator<StoredFile> list(String prefix, Cancellation cancellation) {
    return new S3Listing(this, prefix, cancellation);
  }

  @Override
  public Optional<StoredFile> find(String name, Cancellation cancellation) {
    HeadObjectResponse found = head(name, cancellation);
    return found == null
        ? Optional.empty()
        : Optional.of(
            new StoredFile(
                name, found.contentLength(), version(found.eTag(), found.lastModified())));
  }

  /** What changes with the content: the etag, or the time where a store gives none. */
  static String version(@Nullable String etag, @Nullable Instant modified) {
    if (etag != null && !etag.isEmpty()) {
      return etag;
    }
    // Headers tell it in seconds.
    return modified == null ? "" : MODIFIED + modified.getEpochSecond();
  }

  private @Nullable HeadObjectResponse head(String name, Cancellation cancellation) {
    return call(
        Doing.READING,
        name,
        cancellation,
        () -> {
          try {
            HeadObjectResponse found =
                client.headObject(request -> request.bucket(options.bucket()).key(name));
            if (found.contentLength() == null) {
              throw noAnswer(Doing.READING, name, "does not say how many bytes it has");
            }
            return found;
          } catch (NoSuchKeyException e) {
            return null;
          } catch (S3Exception e) {
            if (e.statusCode() == 404) {
              return null;
            }
            throw e;
          }
        });
  }

  @Override
  public InputStream open(StoredFile file, long from, long to, Cancellation cancellation) {
    return new S3Input(this, file, from, to, cancellation);
  }

  @Override
  public RandomInput random(StoredFile file, Cancellation cancellation) {
    return new S3Random(this, file, cancellation);
  }

  /** Asks for a range of an object that must be the same as when it was looked at. */
  ResponseInputStream<GetObjectResponse> get(
      StoredFile file, long from, long to, Cancellation cancellation) {
    return call(
        Doing.READING,
        file.name(),
        cancellation,
        () -> {
          try {
            return requireAsked(
                client.getObject(
                    request ->
                        request
                            .bucket(options.bucket())
                            .key(file.name())
                            .ifMatch(hasEtag(file) ? file.version() : null)
                            .range("bytes=" + from + "-" + (to - 1))),
                file,
                from);
          } catch (NoSuchKeyException e) {
            throw new MillraceException(
                StandardError.READ_REFUSED,
                describe(file.name())
                    + " has vanished since the source was cut into splits; put it back, or start"
                    + " anew",
                e);
          } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 416) {
              throw changed(file, e);
            }
            throw e;
          }
        });
  }

  /**
   * A store that knows no ranges, or no condition, answers with other bytes than were asked for.
   */
  private ResponseInputStream<GetObjectResponse> requireAsked(
      ResponseInputStream<GetObjectResponse> in, StoredFile file, long from) {
    GetObjectResponse answer = in.response();
    String etag = answer.eTag();
    boolean other =
        hasEtag(file)
            ? etag != null && !etag.equals(file.version())
            : !file.version().isEmpty()
                && answer.lastModified() != null
                && !version(null, answer.lastModified()).equals(file.version());
    if (other) {
      in.abort();
      throw changed(file, null);
    }
    String range = answer.contentRange();
    boolean begins = range == null ? from == 0 : range.startsWith("bytes " + from + "-");
    if (!begins) {
      in.abort();
      throw noAnswer(Doing.READING, file.name(), "does not begin at byte " + from);
    }
    return in;
  }

  private static boolean hasEtag(StoredFile file) {
    return !file.version().isEmpty() && !file.version().startsWith(MODIFIED);
  }

  MillraceException changed(StoredFile file, @Nullable Throwable cause) {
    return new MillraceException(
        StandardError.READ_REFUSED,
        describe(file.name())
            + " has changed since the source was cut into splits (it had "
            + file.size()
            + " bytes); start anew to read what it is now",
        cause);
  }

  @Override
  public StagedOutput stage(String name, String area, Cancellation cancellation) {
    String token = UUID.randomUUID().toString();
    @Nullable String upload =
        call(
            Doing.WRITING,
            name,
            cancellation,
            () ->
                client
                    .createMultipartUpload(
                        request ->
                            request
                                .bucket(options.bucket())
                                .key(name)
                                .metadata(Map.of(TOKEN, token)))
                    .uploadId());
    if (upload == null || upload.isEmpty()) {
      throw noAnswer(Doing.WRITING, name, "names no upload");
    }
    return new S3StagedOutput(this, name, upload, token, cancellation);
  }

  @Override
  public void complete(StagedFile staged, Cancellation cancellation) {
    S3Upload upload = S3Upload.of(staged.token());
    HeadObjectResponse found = head(staged.name(), cancellation);
    if (found == null || !upload.isOf(found)) {
      List<CompletedPart> parts = upload.completed();
      call(
          Doing.WRITING,
          staged.name(),
          cancellation,
          () -> {
            try {
              return client.completeMultipartUpload(
                  request ->
                      request
                          .bucket(options.bucket())
                          .key(staged.name())
                          .uploadId(upload.id())
                          .multipartUpload(list -> list.parts(parts)));
            } catch (NoSuchUploadException e) {
              // Completed by a request whose answer was lost, or aborted: what is there tells.
              return null;
            }
          });
      found = head(staged.name(), cancellation);
    }
    if (found == null || !upload.isOf(found)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the upload of "
              + describe(staged.name())
              + " is gone: somebody aborted it before it was published; start anew");
    }
    if (found.contentLength() != staged.size()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          describe(staged.name())
              + " has "
              + found.contentLength()
              + " bytes, "
              + staged.size()
              + " were written; start anew");
    }
  }

  /** Nothing can be read of an upload before it is complete. */
  @Override
  public void makeReadable(StagedFile staged, Cancellation cancellation) {
    complete(staged, cancellation);
  }

  /**
   * A staged file that was made readable.
   *
   * @throws IOException when it is gone, or is another one now
   */
  StoredFile readable(StagedFile staged, Cancellation cancellation) throws IOException {
    HeadObjectResponse found = head(staged.name(), cancellation);
    if (found == null
        || !S3Upload.of(staged.token()).isOf(found)
        || found.contentLength() != staged.size()) {
      throw new FileFault(
          "its part "
              + describe(staged.name())
              + " is gone, or is not the one that was written: somebody else changed it; start"
              + " anew");
    }
    return new StoredFile(
        staged.name(), staged.size(), version(found.eTag(), found.lastModified()));
  }

  @Override
  public boolean holds(StagedFile staged, Cancellation cancellation) {
    S3Upload upload = S3Upload.of(staged.token());
    List<Part> parts = parts(staged.name(), upload, cancellation);
    if (parts == null) {
      return true;
    }
    if (parts.isEmpty()) {
      HeadObjectResponse found = head(staged.name(), cancellation);
      return found != null && upload.isOf(found) && found.contentLength() == staged.size();
    }
    long bytes = parts.stream().mapToLong(part -> part.size() == null ? 0 : part.size()).sum();
    return bytes == staged.size() && parts.size() == upload.etags().size();
  }

  /**
   * The parts of an upload; none when it is complete or gone, null where the account may not ask or
   * the store does not answer that: completing fails all the same when one is missing.
   */
  private @Nullable List<Part> parts(String name, S3Upload upload, Cancellation cancellation) {
    List<Part> parts = new ArrayList<>();
    int marker = 0;
    while (true) {
      int after = marker;
      @Nullable Optional<ListPartsResponse> answer =
          call(
              Doing.WRITING,
              name,
              cancellation,
              () -> {
                try {
                  return Optional.of(
                      client.listParts(
                          request ->
                              request
                                  .bucket(options.bucket())
                                  .key(name)
                                  .uploadId(upload.id())
                                  .partNumberMarker(after)));
                } catch (NoSuchUploadException e) {
                  return Optional.empty();
                } catch (S3Exception e) {
                  if (CANNOT_BE_ASKED.contains(e.statusCode())) {
                    return null;
                  }
                  throw e;
                }
              });
      if (answer == null) {
        return null;
      }
      if (answer.isEmpty()) {
        return List.of();
      }
      ListPartsResponse page = answer.get();
      parts.addAll(page.parts());
      if (!Boolean.TRUE.equals(page.isTruncated())) {
        return parts;
      }
      Integer next = page.nextPartNumberMarker();
      if (next == null || next <= marker) {
        throw noAnswer(Doing.WRITING, name, "lists the same parts again: it does not move on");
      }
      marker = next;
    }
  }

  /** An upload has the key of its file; whoever changes it can only name none that is there. */
  @Override
  public boolean isOfArea(StagedFile staged, String area) {
    return staged.token().lines().count() > 2;
  }

  @Override
  public void abort(StagedFile staged, Cancellation cancellation) {
    abort(staged.name(), S3Upload.of(staged.token()).id(), cancellation);
  }

  void abort(String name, String uploadId, Cancellation cancellation) {
    call(
        Doing.DELETING,
        name,
        cancellation,
        () -> {
          try {
            return client.abortMultipartUpload(
                request -> request.bucket(options.bucket()).key(name).uploadId(uploadId));
          } catch (NoSuchUploadException e) {
            return null;
          }
        });
  }

  @Override
  public void delete(String name, Cancellation cancellation) {
    call(
        Doing.DELETING,
        name,
        cancellation,
        () -> client.deleteObject(request -> request.bucket(options.bucket()).key(name)));
  }

  @Override
  public void put(String name, byte[] content, Cancellation cancellation) {
    SmallFiles.requireSmall(content.length, describe(name));
    call(
        Doing.WRITING,
        name,
        cancellation,
        () ->
            client.putObject(
                request -> request.bucket(options.bucket()).key(name),
                RequestBody.fromBytes(content)));
  }

  @Override
  public Optional<byte[]> get(String name, Cancellation cancellation) {
    Optional<byte[]> content =
        call(
            Doing.READING,
            name,
            cancellation,
            () -> {
              try {
                return Optional.of(
                    client.getObject(
                        request -> request.bucket(options.bucket()).key(name),
                        (response, in) -> {
                          byte[] read = in.readNBytes(SmallFiles.MOST_BYTES + 1);
                          if (read.length > SmallFiles.MOST_BYTES) {
                            in.abort();
                          }
                          return read;
                        }));
              } catch (NoSuchKeyException e) {
                return Optional.empty();
              }
            });
    content.ifPresent(read -> SmallFiles.requireSmall(read.length, describe(name)));
    return content;
  }

  @Override
  public void sweep(String area, StagedNames staged, Cancellation cancellation) {
    list(area, cancellation).forEachRemaining(file -> delete(file.name(), cancellation));
    S3Uploads uploads = new S3Uploads(this, cancellation);
    uploads.abort(staged.prefix(), staged::has);
    uploads.abort(area, (name, begun) -> true);
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }
}
