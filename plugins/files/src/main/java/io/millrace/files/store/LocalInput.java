package io.millrace.files.store;

import io.millrace.api.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A range of a local file; at its end it looks whether the file is still the same. */
final class LocalInput extends InputStream {

  private final LocalStore store;
  private final FileChannel channel;
  private final StoredFile file;
  private final long to;
  private final Cancellation cancellation;
  private long position;

  LocalInput(
      LocalStore store,
      FileChannel channel,
      StoredFile file,
      long from,
      long to,
      Cancellation cancellation) {
    this.store = store;
    this.channel = channel;
    this.file = file;
    this.position = from;
    this.to = to;
    this.cancellation = cancellation;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    cancellation.throwIfCancelled();
    if (length == 0) {
      return 0;
    }
    if (position >= to) {
      store.requireSame(file, cancellation);
      return -1;
    }
    int most = (int) Math.min(length, to - position);
    int read = channel.read(ByteBuffer.wrap(into, offset, most), position);
    if (read < 0) {
      throw LocalStore.changed(file);
    }
    position += read;
    return read;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, to - position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
