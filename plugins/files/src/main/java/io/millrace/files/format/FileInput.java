package io.millrace.files.format;

import io.millrace.api.Cancellation;
import io.millrace.files.compress.Ranges;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.RandomInput;
import io.millrace.files.store.StoredFile;
import java.io.InputStream;

/**
 * A file that a format reads: its raw bytes, as a range or in any order. What blocks ends with the
 * cancellation it was made with.
 */
public record FileInput(FileStore store, StoredFile file, Cancellation cancellation)
    implements Ranges {

  /** How people call it. */
  public String describe() {
    return store.describe(file.name());
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public InputStream open(long from, long to) {
    return store.open(file, from, to, cancellation);
  }

  /** All bytes. */
  public InputStream open() {
    return open(0, file.size());
  }

  /** The bytes in any order. */
  public RandomInput random() {
    return store.random(file, cancellation);
  }
}
