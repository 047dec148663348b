package io.millrace.files.orc;

import java.io.IOException;
import java.util.List;
import org.apache.orc.OrcProto;
import org.apache.orc.impl.InStream;
import org.apache.orc.protobuf.CodedInputStream;

/**
 * What a file says of the values in its stripes. One stripe is in memory at a time: those of all
 * would take many times the bytes that they have in the file. Used by one thread.
 */
final class StripeStatistics {

  private static final int STRIPE = 1 << 3 | 2;
  private static final int WINDOW = 256 << 10;

  private final CodedInputStream in;
  private int stripe;

  /**
   * @param from where the metadata of the file begins
   * @param most bytes that one stripe may have of them
   */
  StripeStatistics(OrcInput file, long from, long length, long most) {
    FileRange bytes = length == 0 ? null : FileRange.of(file.bytes(), from, length, WINDOW);
    in =
        CodedInputStream.newInstance(
            InStream.create("metadata", bytes, from, length, file.compression()));
    in.setSizeLimit((int) Math.min(Integer.MAX_VALUE, most));
  }

  /**
   * Those of a stripe, column by column; empty when the file says nothing of it.
   *
   * @param number in the file, from 0; higher than that of the last call
   */
  List<OrcProto.ColumnStatistics> of(int number) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == STRIPE && stripe++ == number) {
        return OrcProto.StripeStatistics.parseFrom(in.readBytes()).getColStatsList();
      }
      in.skipField(tag);
      in.resetSizeCounter();
    }
    return List.of();
  }
}
