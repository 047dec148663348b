package io.millrace.files.orc;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.Deflater;
import org.apache.orc.OrcProto;
import org.apache.orc.OrcUtils;
import org.apache.orc.TypeDescription;

/** Files whose bytes no writer would write. */
final class HandMade {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final OrcProto.Footer.Builder footer = OrcProto.Footer.newBuilder();

  HandMade(String schema) {
    out.writeBytes(PlainOrc.utf8("ORC"));
    footer.addAllTypes(OrcUtils.getOrcTypes(TypeDescription.fromString(schema)));
    footer.setHeaderLength(3).setRowIndexStride(0);
  }

  /** The bytes of one stream. */
  record Stream(int column, OrcProto.Stream.Kind kind, byte[] bytes) {}

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** Adds a stripe without compression. */
  HandMade stripe(long rows, List<OrcProto.ColumnEncoding> encodings, Stream... streams) {
    OrcProto.StripeFooter.Builder end = OrcProto.StripeFooter.newBuilder().setWriterTimezone("UTC");
    end.addAllColumns(encodings);
    long offset = out.size();
    for (Stream stream : streams) {
      out.writeBytes(stream.bytes());
      end.addStreams(
          OrcProto.Stream.newBuilder()
              .setColumn(stream.column())
              .setKind(stream.kind())
              .setLength(stream.bytes().length));
    }
    long data = out.size() - offset;
    byte[] bytes = end.build().toByteArray();
    out.writeBytes(bytes);
    footer.addStripes(
        OrcProto.StripeInformation.newBuilder()
            .setOffset(offset)
            .setIndexLength(0)
            .setDataLength(data)
            .setFooterLength(bytes.length)
            .setNumberOfRows(rows));
    footer.setNumberOfRows(footer.getNumberOfRows() + rows);
    return this;
  }

  static OrcProto.ColumnEncoding encoding(OrcProto.ColumnEncoding.Kind kind, int dictionary) {
    return OrcProto.ColumnEncoding.newBuilder().setKind(kind).setDictionarySize(dictionary).build();
  }

  /** Says that columns are encrypted. */
  HandMade encryption(OrcProto.Encryption how) {
    footer.setEncryption(how);
    return this;
  }

  /** The whole file. */
  byte[] file() {
    return file(OrcProto.CompressionKind.NONE, 0, footer.build().toByteArray());
  }

  /** The file with another footer, as it stands in the file. */
  byte[] file(OrcProto.CompressionKind compression, int blockSize, byte[] folded) {
    out.writeBytes(folded);
    OrcProto.PostScript.Builder script =
        OrcProto.PostScript.newBuilder()
            .setMagic("ORC")
            .setCompression(compression)
            .setFooterLength(folded.length)
            .setMetadataLength(0)
            .addVersion(0)
            .addVersion(12)
            .setWriterVersion(9);
    if (blockSize > 0) {
      script.setCompressionBlockSize(blockSize);
    }
    byte[] last = script.build().toByteArray();
    out.writeBytes(last);
    out.write(last.length);
    return out.toByteArray();
  }

  /** A block as it stands in a compressed file. */
  static byte[] block(byte[] compressed) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    int header = compressed.length << 1;
    block.write(header);
    block.write(header >> 8);
    block.write(header >> 16);
    block.writeBytes(compressed);
    return block.toByteArray();
  }

  static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return java.util.Arrays.copyOf(out, length);
  }
}
