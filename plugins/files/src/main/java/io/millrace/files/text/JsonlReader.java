package io.millrace.files.text;

import io.millrace.api.Cancellation;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.RawValues;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.store.FileFault;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object from each line. A key that is not there is NULL. */
final class JsonlReader implements PieceReader {

  private final InputStream in;
  private final RecordScanner scanner;
  private final Columns columns;
  private final JsonObject object;
  private final RowBuilder rows;
  private final Cancellation cancellation;
  private final long firstPosition;
  private final boolean countsLines;
  private final JsonString string = new JsonString();

  private JsonlReader(ReadPiece piece, TextSettings settings, InputStream in) {
    this.in = in;
    this.columns = piece.columns();
    List<String> names = new ArrayList<>();
    for (ColumnSource source : columns.sources()) {
      String name = source.name();
      // Behind all columns of a file stand constants, which must not claim a key without a name.
      if (name != null || !columns.all()) {
        names.add(name == null ? "" : name);
      }
    }
    this.object = new JsonObject(names, columns.all());
    this.scanner =
        new RecordScanner(
            in,
            settings,
            Math.max(1, piece.piece().firstLine()),
            RecordBounds.most(piece.context().task()));
    this.rows = new RowBuilder(piece, null, settings.zone(), in instanceof Transcoding);
    this.cancellation = piece.context().cancellation();
    this.firstPosition = piece.firstPosition();
    this.countsLines = piece.piece().firstLine() > 0;
  }

  static JsonlReader open(ReadPiece piece, TextSettings settings) throws IOException {
    for (ColumnSource source : piece.columns().sources()) {
      if (source.index() >= 0 && source.name() == null) {
        throw new FileFault("columns of jsonl go by name, not by index: give {name: …}");
      }
    }
    return new JsonlReader(piece, settings, TextInput.open(piece.file(), piece.piece(), settings));
  }

  @Override
  public boolean read(RecordBatch into) throws IOException {
    cancellation.throwIfCancelled();
    while (!into.isFull()) {
      if (!scanner.next()) {
        return false;
      }
      if (!scanner.isBlank()) {
        append(into);
      }
    }
    return true;
  }

  private void append(RecordBatch into) {
    String wrong = scanner.fault();
    if (wrong == null) {
      wrong =
          scanner.fields() == 1
              ? object.find(scanner.bytes(), scanner.offset(0), scanner.length(0))
              : "holds bytes that are no UTF-8";
    }
    if (wrong != null) {
      dirty(into, -1, wrong);
      return;
    }
    for (int column = 0; column < rows.columns(); column++) {
      wrong = value(into, column);
      if (wrong != null) {
        dirty(into, column, wrong);
        return;
      }
    }
    into.endRecord(place());
  }

  private @Nullable String value(RecordBatch into, int column) {
    if (columns.sources().get(column).isConstant()) {
      return rows.constant(into, column);
    }
    byte[] bytes = scanner.bytes();
    int offset = object.offset(column);
    if (!object.has(column) || bytes[offset] == 'n') {
      into.column(column).appendNull();
      return null;
    }
    int length = object.length(column);
    if (!isPlainString(column)) {
      return rows.value(into, column, bytes, offset, length);
    }
    if (!string.set(bytes, offset + 1, length - 2)) {
      return "holds half a character: an escape of a surrogate without its other half";
    }
    return rows.value(into, column, string.bytes(), 0, string.size());
  }

  /** Whether the value is a string whose content counts, not its JSON. */
  private boolean isPlainString(int column) {
    return scanner.bytes()[object.offset(column)] == '"'
        && columns.schema().field(column).type() != ColumnType.JSON;
  }

  private void dirty(RecordBatch into, int column, String what) {
    List<RawValue> raw = new ArrayList<>();
    if (column >= 0) {
      for (int i = 0; i < rows.columns(); i++) {
        raw.add(kept(i));
      }
    } else if (scanner.fields() > 0) {
      raw.addAll(rows.record(scanner.bytes(), scanner.offset(0), scanner.length(0)));
    }
    rows.dirty(into, place(), countsLines ? scanner.firstLine() : 0, raw, column, what);
  }

  private RawValue kept(int column) {
    if (columns.sources().get(column).isConstant()) {
      return rows.keptConstant(column);
    }
    if (!object.has(column)) {
      return RawValues.absent();
    }
    byte[] bytes = scanner.bytes();
    int offset = object.offset(column);
    int length = object.length(column);
    if (bytes[offset] == 'n') {
      return new RawValue("TEXT", 0, null);
    }
    if (!isPlainString(column)) {
      return rows.kept(column, bytes, offset, length);
    }
    // An escape that stands for half a character has no form in UTF-8: it is kept as it is written.
    return string.set(bytes, offset + 1, length - 2)
        ? rows.kept(column, string.bytes(), 0, string.size())
        : RawValues.said("JSON", length, String.valueOf(rows.raw(bytes, offset, length).text()));
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
