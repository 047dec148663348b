package io.millrace.datahub.fake;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The frame around a protobuf message: DHUB, its CRC-32C, its length. */
final class Frames {

  private static final int MAGIC = 0x44485542;
  private static final int HEADER = 12;

  private Frames() {}

  static byte[] wrap(byte[] message) {
    return ByteBuffer.allocate(HEADER + message.length)
        .putInt(MAGIC)
        .putInt(crc(message))
        .putInt(message.length)
        .put(message)
        .array();
  }

  /**
   * The message in a frame.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static byte[] unwrap(byte[] frame) {
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    if (frame.length < HEADER || buffer.getInt() != MAGIC) {
      throw new IllegalArgumentException("no frame");
    }
    int crc = buffer.getInt();
    int length = buffer.getInt();
    byte[] message = Arrays.copyOfRange(frame, HEADER, frame.length);
    if (length != message.length || crc != crc(message)) {
      throw new IllegalArgumentException("length or checksum is wrong");
    }
    return message;
  }

  private static int crc(byte[] message) {
    CRC32C crc = new CRC32C();
    crc.update(message);
    return (int) crc.getValue();
  }
}
