package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.files.s3.S3Errors.Doing;
import io.millrace.files.store.StoredFile;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects with a prefix, page by page; holds one page. */
final class S3Listing implements Iterator<StoredFile> {

  private final S3Store store;
  private final String prefix;
  private final Cancellation cancellation;
  private Iterator<S3Object> page = List.<S3Object>of().iterator();
  private @Nullable String token;
  private boolean last;

  S3Listing(S3Store store, String prefix, Cancellation cancellation) {
    this.store = store;
    this.prefix = prefix;
    this.cancellation = cancellation;
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !last) {
      ListObjectsV2Response answer =
          store.call(
              Doing.LISTING,
              prefix,
              cancellation,
              () ->
                  store
                      .client()
                      .listObjectsV2(
                          request ->
                              request
                                  .bucket(store.options().bucket())
                                  .prefix(prefix)
                                  // Names may hold what XML cannot.
                                  .encodingType(EncodingType.URL)
                                  .continuationToken(token)));
      Boolean more = answer.isTruncated();
      token = answer.nextContinuationToken();
      if (more == null || (more && token == null)) {
        // Taken for the end, files would be left out in silence.
        throw store.noAnswer(
            Doing.LISTING, prefix, "says neither that it is whole nor what follows");
      }
      page = answer.contents().iterator();
      last = !more;
    }
    return page.hasNext();
  }

  @Override
  public StoredFile next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    S3Object object = page.next();
    return new StoredFile(object.key(), object.size(), Objects.toString(object.eTag(), ""));
  }
}
