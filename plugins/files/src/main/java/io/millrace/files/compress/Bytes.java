package io.millrace.files.compress;

/** Numbers in bytes, the least byte first. Stateless. */
final class Bytes {

  private Bytes() {}

  static int of2(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  static int of4(byte[] bytes, int at) {
    return of2(bytes, at) | of2(bytes, at + 2) << 16;
  }

  /** Four bytes that know no sign. */
  static long unsigned4(byte[] bytes, int at) {
    return of4(bytes, at) & 0xffffffffL;
  }

  static long of8(byte[] bytes, int at) {
    return unsigned4(bytes, at) | unsigned4(bytes, at + 4) << 32;
  }
}
