package io.millrace.files.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A local file read in any order. */
final class LocalRandom implements RandomInput {

  private final FileChannel channel;
  private final StoredFile file;

  LocalRandom(FileChannel channel, StoredFile file) {
    this.channel = channel;
    this.file = file;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void read(long position, byte[] into, int offset, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(into, offset, length);
    long at = position;
    while (rest.hasRemaining()) {
      int read = channel.read(rest, at);
      if (read < 0) {
        throw LocalStore.changed(file);
      }
      at += read;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
