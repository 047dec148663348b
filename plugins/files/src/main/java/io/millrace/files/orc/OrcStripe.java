package io.millrace.files.orc;

import io.millrace.files.store.FileFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.impl.InStream;
import org.apache.orc.impl.StreamName;
import org.apache.orc.impl.reader.ReaderEncryption;
import org.apache.orc.impl.reader.StripePlanner;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one stripe, for ORC's decoders: each has an end, and what is chosen of them is in
 * memory as a whole only where that is small. Used by one thread.
 */
final class OrcStripe extends StripePlanner {

  /** The bytes of a stream that are read at once where all streams are not held. */
  private static final int SMALLEST_WINDOW = 64 << 10;

  private final OrcProto.StripeFooter footer;
  private final OrcInput file;
  private final Map<StreamName, Part> parts = new HashMap<>();
  private final List<EndedStream> opened = new ArrayList<>();

  /** Where a stream is. */
  private record Part(long offset, long length, @Nullable FileRange ranges) {}

  /**
   * Reads the footer of a stripe.
   *
   * @param include the columns that are read, with their parts
   * @param room bytes that may be held of it
   * @throws IOException when that footer does not fit to its stripe
   */
  OrcStripe(OrcInput file, StripeInformation stripe, boolean[] include, long room)
      throws IOException {
    super(schema(file), new ReaderEncryption(), null, OrcFile.CURRENT_WRITER, true, 0);
    this.file = file;
    this.footer = file.footer(stripe);
    if (footer.getColumnsCount() != include.length) {
      throw new IOException(
          "its footer has "
              + footer.getColumnsCount()
              + " columns, the file has "
              + include.length);
    }
    for (int i = 0; i < include.length; i++) {
      if (include[i] && footer.getColumns(i).getDictionarySize() < 0) {
        throw new FileFault("its footer has a dictionary of less than no values");
      }
    }
    place(stripe, include, room);
  }

  private static TypeDescription schema(OrcInput file) {
    return file.tail().getSchema();
  }

  private void place(StripeInformation stripe, boolean[] include, long room) throws IOException {
    List<OrcProto.Stream> chosen = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    long at = stripe.getOffset();
    long end = at + stripe.getIndexLength() + stripe.getDataLength();
    for (StreamName.Area area : List.of(StreamName.Area.INDEX, StreamName.Area.DATA)) {
      for (OrcProto.Stream stream : footer.getStreamsList()) {
        if (!stream.hasKind()) {
          throw new FileFault("its footer has a stream of a kind that is not known");
        }
        if (StreamName.getArea(stream.getKind()) != area) {
          continue;
        }
        int column = stream.getColumn();
        long length = stream.getLength();
        if (column < 0 || column >= include.length || length < 0 || length > end - at) {
          throw new FileFault("its footer has a stream that lies outside of it");
        }
        if (area == StreamName.Area.DATA && include[column]) {
          chosen.add(stream);
          offsets.add(at);
        }
        at += length;
      }
    }
    long total = 0;
    for (OrcProto.Stream stream : chosen) {
      total += stream.getLength();
    }
    hold(
        chosen,
        offsets,
        total <= room,
        (int) Math.max(SMALLEST_WINDOW, room / (1 + chosen.size())));
  }

  /** In the order of the file, so that a store reads what is one behind the other at once. */
  private void hold(List<OrcProto.Stream> chosen, List<Long> offsets, boolean whole, int window)
      throws IOException {
    for (int i = 0; i < chosen.size(); i++) {
      OrcProto.Stream stream = chosen.get(i);
      long length = stream.getLength();
      FileRange ranges = null;
      if (length > 0) {
        int most = whole ? (int) length : window;
        ranges = FileRange.of(file.bytes(), offsets.get(i), length, most);
        if (whole) {
          ranges.readAhead();
        }
      }
      StreamName name = new StreamName(stream.getColumn(), stream.getKind());
      if (parts.put(name, new Part(offsets.get(i), length, ranges)) != null) {
        throw new IOException("its footer has " + name + " twice");
      }
    }
  }

  @Override
  public OrcProto.ColumnEncoding getEncoding(int column) {
    return footer.getColumns(column);
  }

  @Override
  public String getWriterTimezone() {
    return footer.getWriterTimezone();
  }

  @Override
  public @Nullable InStream getStream(StreamName name) {
    Part part = parts.get(name);
    if (part == null) {
      return null;
    }
    EndedStream stream =
        new EndedStream(
            InStream.create(name, part.ranges(), part.offset(), part.length(), file.compression()),
            name,
            part.offset(),
            part.length());
    opened.add(stream);
    return stream;
  }

  /**
   * Looks whether all bytes of a column were read.
   *
   * @throws IOException when some are left: what was read were not their values then
   */
  void requireEnd(TypeDescription column) throws IOException {
    for (EndedStream stream : opened) {
      int id = stream.streamName().getColumn();
      if (id >= column.getId() && id <= column.getMaximumId() && stream.available() > 0) {
        throw new FileFault("it has more bytes than values");
      }
    }
  }
}
