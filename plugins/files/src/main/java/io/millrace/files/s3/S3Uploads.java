package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.files.s3.S3Errors.Doing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads that were begun and neither completed nor aborted. */
record S3Uploads(S3Store store, Cancellation cancellation) {

  /**
   * Aborts those whose keys begin with a prefix.
   *
   * @param chosen which of them, by key and time of beginning
   */
  void abort(String prefix, BiPredicate<String, Instant> chosen) {
    find(prefix, chosen)
        .forEach(upload -> store.abort(upload.key(), upload.uploadId(), cancellation));
  }

  private List<MultipartUpload> find(String prefix, BiPredicate<String, Instant> chosen) {
    List<MultipartUpload> found = new ArrayList<>();
    Set<String> markers = new HashSet<>();
    @Nullable String key = null;
    @Nullable String id = null;
    while (true) {
      String keyMarker = key;
      String idMarker = id;
      ListMultipartUploadsResponse page =
          store.call(
              Doing.LISTING,
              prefix,
              cancellation,
              () ->
                  store
                      .client()
                      .listMultipartUploads(
                          request ->
                              request
                                  .bucket(store.options().bucket())
                                  .prefix(prefix)
                                  .keyMarker(keyMarker)
                                  .uploadIdMarker(idMarker)));
      for (MultipartUpload upload : page.uploads()) {
        // A store that does not tell when an upload was begun is taken to mean long ago.
        Instant begun = Objects.requireNonNullElse(upload.initiated(), Instant.EPOCH);
        if (upload.key().startsWith(prefix) && chosen.test(upload.key(), begun)) {
          found.add(upload);
        }
      }
      key = page.nextKeyMarker();
      id = page.nextUploadIdMarker();
      if (!Boolean.TRUE.equals(page.isTruncated()) || key == null) {
        return found;
      }
      if (!markers.add(key + "\n" + id)) {
        throw store.noAnswer(
            Doing.LISTING, prefix, "names the same upload to go on from: it does not move on");
      }
    }
  }
}
