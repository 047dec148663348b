package io.millrace.files.orc;

import io.millrace.api.Cancellation;
import io.millrace.files.format.FileInput;
import io.millrace.files.store.RandomInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;

/** The one file that a reader is given, as a file system, which is how ORC wants it. */
final class OrcBytes extends FileSystem {

  private final FileInput file;

  OrcBytes(FileInput file) {
    this.file = file;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) {
    return new FSDataInputStream(new Bytes(file.random(), file.cancellation()));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    throw new IOException("the length of " + path + " is given");
  }

  private static final class Bytes extends InputStream implements Seekable, PositionedReadable {

    private final RandomInput in;
    private final Cancellation cancellation;
    private long position;

    Bytes(RandomInput in, Cancellation cancellation) {
      this.in = in;
      this.cancellation = cancellation;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = read(position, into, offset, length);
      position += Math.max(0, read);
      return read;
    }

    @Override
    public int read(long from, byte[] into, int offset, int length) throws IOException {
      cancellation.throwIfCancelled();
      long most = Math.min(length, in.size() - from);
      if (most <= 0) {
        return length == 0 ? 0 : -1;
      }
      in.read(from, into, offset, (int) most);
      return (int) most;
    }

    @Override
    public void readFully(long from, byte[] into, int offset, int length) throws IOException {
      if (from < 0 || read(from, into, offset, length) < length) {
        throw new EOFException("it ends before byte " + (from + length));
      }
    }

    @Override
    public void readFully(long from, byte[] into) throws IOException {
      readFully(from, into, 0, into.length);
    }

    @Override
    public void seek(long to) {
      position = to;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public boolean seekToNewSource(long to) {
      return false;
    }

    @Override
    public void close() {
      in.close();
    }
  }
}
