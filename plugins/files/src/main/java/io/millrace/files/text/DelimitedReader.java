package io.millrace.files.text;

import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.format.Columns;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.RawValues;
import io.millrace.files.format.ReadPiece;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads records whose values are delimited. */
final class DelimitedReader implements PieceReader {

  private final InputStream in;
  private final RecordScanner scanner;
  private final TextSettings settings;
  private final Columns columns;
  private final int[] places;
  private final int values;
  private final RowBuilder rows;
  private final Cancellation cancellation;
  private final long firstPosition;
  private final boolean countsLines;
  private final boolean skipBlank;
  private boolean held;

  private DelimitedReader(
      ReadPiece piece,
      TextSettings settings,
      InputStream in,
      RecordScanner scanner,
      Layout layout,
      boolean held) {
    this.in = in;
    this.scanner = scanner;
    this.settings = settings;
    this.columns = piece.columns();
    this.places = layout.places();
    this.values = layout.names() > 0 ? layout.names() : columns.inFile();
    this.rows =
        new RowBuilder(piece, settings.nullText(), settings.zone(), in instanceof Transcoding);
    this.cancellation = piece.context().cancellation();
    this.firstPosition = piece.firstPosition();
    this.countsLines = piece.piece().firstLine() > 0;
    this.skipBlank = skipsBlank(settings, columns);
    this.held = held;
  }

  /**
   * Where a file has the columns that are wanted.
   *
   * @param names how many its header names; 0 without one
   */
  private record Layout(int[] places, int names) {}

  static DelimitedReader open(ReadPiece piece, TextSettings settings) throws IOException {
    boolean atStart = piece.piece().from() == 0;
    List<String> names =
        atStart ? List.of() : Header.names(piece.file(), piece.columns(), settings);
    InputStream in = TextInput.open(piece.file(), piece.piece(), settings);
    try {
      long firstLine = Math.max(1, piece.piece().firstLine());
      RecordScanner scanner =
          new RecordScanner(in, settings, firstLine, RecordBounds.most(piece.context().task()));
      boolean held = atStart && nextRecord(scanner, skipsBlank(settings, piece.columns()));
      if (held) {
        List<String> first = Header.values(scanner);
        if (Header.isHeader(first, settings, piece.columns())) {
          Header.requireWhole(scanner);
          names = first;
          held = false;
        }
      }
      // Where nothing was found there is no record whose values would have places.
      boolean nothing = atStart && names.isEmpty() && !held;
      int[] places =
          nothing
              ? new int[piece.columns().sources().size()]
              : Header.places(piece.columns(), names);
      return new DelimitedReader(
          piece, settings, in, scanner, new Layout(places, names.size()), held);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static boolean nextRecord(RecordScanner scanner, boolean skipBlank) throws IOException {
    while (scanner.next()) {
      if (!scanner.isComment() && !(skipBlank && scanner.isBlank())) {
        return true;
      }
    }
    return false;
  }

  /** Where a record has one value only, a blank line is a record. */
  private static boolean skipsBlank(TextSettings settings, Columns columns) {
    boolean one =
        columns.all()
            ? columns.inFile() == 1
            : columns.sources().stream().allMatch(each -> each.index() == 0);
    return settings.skipBlank() && !one;
  }

  @Override
  public boolean read(RecordBatch into) throws IOException {
    cancellation.throwIfCancelled();
    while (!into.isFull()) {
      if (held) {
        held = false;
      } else if (!nextRecord(scanner, skipBlank)) {
        return false;
      }
      append(into);
    }
    return true;
  }

  private void append(RecordBatch into) {
    String wrong = scanner.fault();
    if (wrong == null && columns.all() && scanner.fields() != values) {
      wrong =
          "the record has "
              + Counted.of(scanner.fields(), "value", "values")
              + " instead of "
              + values;
    }
    if (wrong != null) {
      dirty(into, -1, wrong);
      return;
    }
    for (int column = 0; column < places.length; column++) {
      wrong = append(into, column);
      if (wrong != null) {
        dirty(into, column, wrong);
        return;
      }
    }
    into.endRecord(place());
  }

  private @Nullable String append(RecordBatch into, int column) {
    int field = places[column];
    if (field < 0) {
      return rows.constant(into, column);
    }
    if (field >= scanner.fields()) {
      return "the record has no value "
          + (field + 1)
          + ", it ends after "
          + scanner.fields()
          + ": too short, or cut off";
    }
    byte[] bytes = scanner.bytes();
    int offset = begin(field);
    int length = end(field, offset) - offset;
    if (isNull(field, offset, length)) {
      into.column(column).appendNull();
      return null;
    }
    return rows.value(into, column, bytes, offset, length);
  }

  /** Where a value begins, without the blanks that do not belong to it. */
  private int begin(int field) {
    int offset = scanner.offset(field);
    int end = offset + scanner.length(field);
    while (trims(field) && offset < end && isBlank(scanner.bytes()[offset])) {
      offset++;
    }
    return offset;
  }

  private int end(int field, int begin) {
    int end = scanner.offset(field) + scanner.length(field);
    while (trims(field) && end > begin && isBlank(scanner.bytes()[end - 1])) {
      end--;
    }
    return end;
  }

  private boolean trims(int field) {
    return settings.trim() && !scanner.isQuoted(field);
  }

  private boolean isNull(int field, int offset, int length) {
    return !scanner.isQuoted(field) && rows.isNullText(scanner.bytes(), offset, length);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private void dirty(RecordBatch into, int column, String what) {
    rows.dirty(into, place(), countsLines ? scanner.firstLine() : 0, kept(column), column, what);
  }

  /** What is kept of a dirty record. */
  private List<RawValue> kept(int badColumn) {
    List<RawValue> kept = new ArrayList<>();
    if (badColumn >= 0) {
      for (int column = 0; column < places.length; column++) {
        kept.add(kept(column, places[column]));
      }
      return kept;
    }
    if (scanner.fault() == null) {
      // Too many values, or too few: all of them, so that somebody can tell which is which.
      for (int field = 0; field < scanner.fields(); field++) {
        int offset = begin(field);
        int length = end(field, offset) - offset;
        kept.add(
            isNull(field, offset, length)
                ? new RawValue("TEXT", 0, null)
                : rows.raw(scanner.bytes(), offset, length));
      }
      return kept;
    }
    if (scanner.recordLength() >= 0) {
      return rows.record(scanner.bytes(), scanner.recordOffset(), scanner.recordLength());
    }
    for (int field = 0; field < scanner.fields(); field++) {
      kept.addAll(rows.record(scanner.bytes(), scanner.offset(field), scanner.length(field)));
    }
    return kept;
  }

  private RawValue kept(int column, int field) {
    if (field < 0) {
      return rows.keptConstant(column);
    }
    if (field >= scanner.fields()) {
      return RawValues.lost("MISSING");
    }
    int offset = begin(field);
    int length = end(field, offset) - offset;
    return isNull(field, offset, length)
        ? new RawValue("TEXT", 0, null)
        : rows.kept(column, scanner.bytes(), offset, length);
  }

  private long place() {
    return firstPosition + scanner.firstLine();
  }

  @Override
  public long position() {
    return firstPosition + scanner.nextLine();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
