package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.files.store.RandomInput;
import io.millrace.files.store.StoredFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** An object in any order: a request for each read that does not go on where the last one ended. */
final class S3Random implements RandomInput {

  /** Less is read and thrown away sooner than another request is made. */
  private static final long SKIP = 256 << 10;

  private final S3Store store;
  private final StoredFile file;
  private final Cancellation cancellation;
  private S3Input in;
  private long position;

  S3Random(S3Store store, StoredFile file, Cancellation cancellation) {
    this.store = store;
    this.file = file;
    this.cancellation = cancellation;
    this.in = new S3Input(store, file, 0, 0, cancellation);
    this.position = -1;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void read(long from, byte[] into, int offset, int length) throws IOException {
    if (from < 0 || from + length > file.size()) {
      throw new EOFException();
    }
    long gap = from - position;
    if (position < 0 || gap < 0 || gap > SKIP) {
      in.close();
      in = new S3Input(store, file, from, file.size(), cancellation);
    } else {
      in.skipNBytes(gap);
    }
    position = from;
    InputStream stream = in;
    if (stream.readNBytes(into, offset, length) < length) {
      throw new EOFException();
    }
    position = from + length;
  }

  @Override
  public void close() {
    in.close();
  }
}
