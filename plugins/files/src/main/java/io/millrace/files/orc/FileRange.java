package io.millrace.files.orc;

import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.orc.storage.common.io.DiskRangeList;
import org.jspecify.annotations.Nullable;

/**
 * Some bytes of a stream, which are read when ORC comes to them and not kept longer than it needs
 * them.
 */
final class FileRange extends DiskRangeList {

  private final RandomInput in;
  private @Nullable ByteBuffer ahead;

  private FileRange(RandomInput in, long from, long to) {
    super(from, to);
    this.in = in;
  }

  /**
   * The bytes of a stream in ranges.
   *
   * @param window bytes that one range has at most
   */
  static FileRange of(RandomInput in, long from, long length, int window) {
    FileRange first = new FileRange(in, from, Math.min(from + length, from + window));
    FileRange last = first;
    for (long at = first.getEnd(); at < from + length; at = last.getEnd()) {
      FileRange each = new FileRange(in, at, Math.min(from + length, at + window));
      last.insertAfter(each);
      last = each;
    }
    return first;
  }

  /** Reads its bytes now, for when ORC comes to them. */
  void readAhead() {
    ahead = getData();
  }

  @Override
  public boolean hasData() {
    return true;
  }

  @Override
  public ByteBuffer getData() {
    ByteBuffer held = ahead;
    if (held != null) {
      ahead = null;
      return held;
    }
    byte[] bytes = new byte[(int) (getEnd() - getOffset())];
    try {
      in.read(getOffset(), bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new Unread(e);
    }
    return ByteBuffer.wrap(bytes);
  }

  /** The store's own failure, or that of a checksum: not what a decoder makes of the bytes. */
  static final class Unread extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    Unread(IOException cause) {
      super(cause);
    }
  }
}
