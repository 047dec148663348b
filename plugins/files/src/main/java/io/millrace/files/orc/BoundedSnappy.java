package io.millrace.files.orc;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.orc.CompressionCodec;
import org.apache.orc.CompressionKind;
import org.xerial.snappy.Snappy;

/**
 * ORC's codec for snappy, which believes what a block says of its size: the native code then writes
 * past the end of the array that was given to it, which ends the process.
 */
final class BoundedSnappy implements CompressionCodec {

  private final CompressionCodec snappy;

  BoundedSnappy(CompressionCodec snappy) {
    this.snappy = snappy;
  }

  @Override
  public void decompress(ByteBuffer in, ByteBuffer out) throws IOException {
    int from = in.arrayOffset() + in.position();
    int size = Snappy.uncompressedLength(in.array(), from, in.remaining());
    if (size < 0 || size > out.remaining()) {
      throw new IOException(
          "a block would unfold to "
              + size
              + " bytes, and the file says "
              + out.remaining()
              + " at most");
    }
    snappy.decompress(in, out);
  }

  @Override
  public boolean compress(ByteBuffer in, ByteBuffer out, ByteBuffer overflow, Options options)
      throws IOException {
    return snappy.compress(in, out, overflow, options);
  }

  @Override
  public Options getDefaultOptions() {
    return snappy.getDefaultOptions();
  }

  @Override
  public void reset() {
    snappy.reset();
  }

  @Override
  public void destroy() {
    snappy.destroy();
  }

  @Override
  public CompressionKind getKind() {
    return snappy.getKind();
  }

  @Override
  public void close() {
    snappy.close();
  }
}
