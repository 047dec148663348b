package io.millrace.files.store;

import io.millrace.api.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A range of a local file; at its end it looks whether the file is still the same. */
final class LocalInput extends InputStream {

  private final FileChannel channel;
  private final StoredFile file;
  private final long to;
  private final Cancellation cancellation;
  private long position;

  LocalInput(FileChannel channel, StoredFile file, long from, long to, Cancellation cancellation) {
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
      requireUnchanged();
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

  private void requireUnchanged() throws IOException {
    Path path = Path.of(file.name());
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return; // what was opened was read to its end; a file that is removed meanwhile is whole
    }
    if (!LocalListing.stored(path, now).equals(file)) {
      throw LocalStore.changed(file);
    }
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
