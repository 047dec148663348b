package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.files.s3.S3Errors.Doing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads that were begun and neither completed nor aborted. */
record S3Uploads(S3Store store, Cancellation cancellation) {

  /**
   * Aborts those whose keys begin with a prefix and hold a tag.
   *
   * @return how many
   */
  int abort(String prefix, String tag) {
    List<MultipartUpload> found = find(prefix, tag);
    found.forEach(upload -> store.abort(upload.key(), upload.uploadId(), cancellation));
    return found.size();
  }

  private List<MultipartUpload> find(String prefix, String tag) {
    List<MultipartUpload> found = new ArrayList<>();
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
        if (upload.key().startsWith(prefix) && upload.key().contains(tag)) {
          found.add(upload);
        }
      }
      key = page.nextKeyMarker();
      id = page.nextUploadIdMarker();
      if (!Boolean.TRUE.equals(page.isTruncated()) || key == null) {
        return found;
      }
    }
  }
}
