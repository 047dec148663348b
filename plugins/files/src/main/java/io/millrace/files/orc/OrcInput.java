package io.millrace.files.orc;

import io.millrace.files.format.FileInput;
import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.orc.CompressionCodec;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.StripeInformation;
import org.apache.orc.impl.BufferChunk;
import org.apache.orc.impl.InStream;
import org.apache.orc.impl.OrcCodecPool;
import org.apache.orc.impl.ReaderImpl;
import org.jspecify.annotations.Nullable;

/** A file whose tail was read: what that says, and the bytes before it. Used by one thread. */
final class OrcInput implements AutoCloseable {

  private final OrcFiles.Script script;
  private final Reader tail;
  private final RandomInput bytes;
  private final boolean summed;
  private final InStream.StreamOptions compression;
  private final long most;

  private OrcInput(
      OrcFiles.Script script,
      Reader tail,
      RandomInput bytes,
      boolean summed,
      InStream.StreamOptions compression,
      long most) {
    this.script = script;
    this.tail = tail;
    this.bytes = bytes;
    this.summed = summed;
    this.compression = compression;
    this.most = most;
  }

  /**
   * Reads the tail of a file.
   *
   * @param most bytes that a footer may have, also when it is unfolded
   */
  static OrcInput open(FileInput file, long most) throws IOException {
    RandomInput bytes = file.random();
    InStream.StreamOptions compression = null;
    try {
      OrcFiles.Script script = OrcFiles.script(bytes, most);
      compression = compression(script.script());
      // ORC would unfold it without a bound.
      OrcFiles.requireFooter(
          unfold(bytes, script.footerFrom(), script.script().getFooterLength(), compression, most));
      Reader tail = OrcFiles.tail(file);
      BlockSums sums = BlockSums.of(tail.getFileTail().getFooter(), file.size());
      RandomInput compared = sums == null ? bytes : sums.over(bytes);
      return new OrcInput(script, tail, compared, sums != null, compression, most);
    } catch (IOException | RuntimeException e) {
      close(bytes, compression);
      throw OrcFiles.broken("its footer is broken: ", e);
    }
  }

  private static InStream.StreamOptions compression(OrcProto.PostScript script) {
    CompressionKind kind = CompressionKind.valueOf(script.getCompression().name());
    CompressionCodec codec = OrcCodecPool.getCodec(kind);
    return InStream.options()
        .withCodec(kind == CompressionKind.SNAPPY ? new BoundedSnappy(codec) : codec)
        .withBufferSize(ReaderImpl.getCompressionBlockSize(script));
  }

  /** What the tail says. It needs no closing. */
  Reader tail() {
    return tail;
  }

  /** Whether all bytes are compared with checksums. */
  boolean summed() {
    return summed;
  }

  /** The bytes of the file, compared with their checksums where it has some. */
  RandomInput bytes() {
    return bytes;
  }

  /** How its streams are compressed. */
  InStream.StreamOptions compression() {
    return compression;
  }

  /** The footer of a stripe. */
  OrcProto.StripeFooter footer(StripeInformation stripe) throws IOException {
    long from = stripe.getOffset() + stripe.getIndexLength() + stripe.getDataLength();
    return OrcProto.StripeFooter.parseFrom(
        unfold(bytes, from, stripe.getFooterLength(), compression, most));
  }

  /** What the file says of the values in its stripes. */
  StripeStatistics statistics() {
    long length = script.script().getMetadataLength();
    return new StripeStatistics(this, script.footerFrom() - length, length, most);
  }

  private static byte[] unfold(
      RandomInput bytes, long from, long length, InStream.StreamOptions compression, long most)
      throws IOException {
    if (length > most) {
      throw tooLarge(most);
    }
    byte[] folded = new byte[(int) length];
    bytes.read(from, folded, 0, folded.length);
    if (compression.getCodec() == null) {
      return folded;
    }
    BufferChunk chunk = new BufferChunk(ByteBuffer.wrap(folded), 0);
    try (InStream in = InStream.create("footer", chunk, 0, length, compression)) {
      byte[] unfolded = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, most));
      if (in.read() >= 0) {
        throw tooLarge(most);
      }
      return unfolded;
    }
  }

  private static IOException tooLarge(long most) {
    return new IOException(
        "a footer of it unfolds to more than the "
            + most
            + " bytes that are allowed with this heap");
  }

  @Override
  public void close() {
    close(bytes, compression);
  }

  private static void close(RandomInput bytes, InStream.@Nullable StreamOptions compression) {
    if (compression != null && compression.getCodec() != null) {
      CompressionCodec codec = compression.getCodec();
      compression.withCodec(null);
      codec.close();
    }
    bytes.close();
  }
}
