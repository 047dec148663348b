package io.millrace.files.parquet;

/** The bytes of a page as it is stored, for all columns, since only one is unfolded at a time. */
final class PageBuffer {

  private byte[] bytes = new byte[0];

  /** At least so many bytes; what was in them before is gone. */
  byte[] atLeast(int length) {
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, Math.min(bytes.length * 2, 1 << 20))];
    }
    return bytes;
  }
}
