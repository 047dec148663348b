package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.files.s3.S3Errors.Doing;
import io.millrace.files.store.StoredFile;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects with a prefix, page by page; holds one page. */
final class S3Listing implements Iterator<StoredFile> {

  /** Stores give a few of them where much was deleted. */
  private static final int MOST_EMPTY_PAGES = 1000;

  private final S3Store store;
  private final String prefix;
  private final Cancellation cancellation;
  private Iterator<S3Object> page = List.<S3Object>of().iterator();
  private @Nullable String token;
  private boolean last;
  private int emptyPages;
  private byte @Nullable [] answered;

  /** The tokens that were given and the first key of each page. */
  private final Set<String> begun = new HashSet<>();

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
      answered = store.answered();
      Boolean more = answer.isTruncated();
      token = answer.nextContinuationToken();
      if (more == null || (more && token == null)) {
        // Taken for the end, files would be left out in silence.
        throw noAnswer("says neither that it is whole nor what follows");
      }
      last = !more;
      requireProgress(answer);
      page = answer.contents().iterator();
    }
    return page.hasNext();
  }

  /** A token or a key that begins a second page would begin it again and again. */
  private void requireProgress(ListObjectsV2Response answer) {
    if (answer.contents().isEmpty()) {
      if (!last && ++emptyPages > MOST_EMPTY_PAGES) {
        throw noAnswer("holds no name, for the 1000th time in a row");
      }
    } else {
      emptyPages = 0;
      if (!begun.add("key " + answer.contents().get(0).key())) {
        throw noAnswer("begins as one before it: it does not move on");
      }
    }
    if (!last && !begun.add("token " + token)) {
      throw noAnswer("names the same token for what follows: it does not move on");
    }
  }

  private MillraceException noAnswer(String what) {
    return store.noAnswer(Doing.LISTING, prefix, what, answered);
  }

  @Override
  public StoredFile next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    S3Object object = page.next();
    if (object.key() == null || object.size() == null) {
      throw noAnswer("names an object without its name or size");
    }
    return new StoredFile(
        object.key(), object.size(), S3Store.version(object.eTag(), object.lastModified()));
  }
}
