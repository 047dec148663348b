package io.millrace.files.orc;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.impl.PhysicalFsWriter;
import org.apache.orc.impl.writer.WriterEncryptionVariant;

/** Puts the checksums of what was written into the footer. */
final class SummedFile extends PhysicalFsWriter {

  private final BlockSums.Counter sums;

  /**
   * @param sums counts every byte that goes to {@code out}
   */
  SummedFile(FSDataOutputStream out, OrcFile.WriterOptions options, BlockSums.Counter sums)
      throws IOException {
    super(out, options, new WriterEncryptionVariant[0]);
    this.sums = sums;
  }

  @Override
  public void writeFileFooter(OrcProto.Footer.Builder footer) throws IOException {
    super.writeFileFooter(footer.addMetadata(sums.entry(footer.build())));
  }
}
