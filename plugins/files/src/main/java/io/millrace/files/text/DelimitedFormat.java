package io.millrace.files.text;

import io.millrace.api.Counted;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.compress.Compression;
import io.millrace.files.format.Columns;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharsetEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** csv, which puts quotes around what needs them, and text, which does not. */
public final class DelimitedFormat implements Format {

  private final String suffix;
  private final TextSettings settings;

  /**
   * @param suffix such as {@code .csv}
   */
  public DelimitedFormat(String suffix, TextSettings settings) {
    this.suffix = suffix;
    this.settings = settings;
  }

  @Override
  public Schema discover(FileInput file) throws IOException {
    List<String> first = Header.firstRecord(file, settings, null).orElse(List.of());
    boolean header = Header.isHeader(first, settings, null);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      fields.add(Field.of(header ? first.get(i) : "c" + i, ColumnType.STRING));
    }
    return new Schema(fields);
  }

  @Override
  public List<String> names(FileInput file, Columns columns) throws IOException {
    return Header.names(file, columns, settings);
  }

  @Override
  public void requireColumns(FileInput file, Columns columns) throws IOException {
    List<String> names = Header.names(file, columns, settings);
    if (!names.isEmpty()) {
      Header.places(columns, names);
    }
  }

  @Override
  public Cut cut(FileInput file, long pieceBytes) throws IOException {
    return TextCut.cut(file, pieceBytes, settings);
  }

  @Override
  public PieceReader open(ReadPiece piece) throws IOException {
    return DelimitedReader.open(piece, settings);
  }

  @Override
  public Schema check(Schema source) {
    if (!settings.headerNames().isEmpty() && settings.headerNames().size() != source.size()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "option 'header' names "
              + Counted.of(settings.headerNames().size(), "column", "columns")
              + ", the source delivers "
              + source.size());
    }
    checkDates(source, settings);
    if (settings.headerLine() == TextSettings.HeaderLine.TRUE) {
      checkNames(header(source), settings);
    }
    return source;
  }

  private List<String> header(Schema source) {
    List<String> names = settings.headerNames();
    return names.isEmpty() ? source.fields().stream().map(Field::name).toList() : names;
  }

  static void checkNames(List<String> names, TextSettings settings) {
    CharsetEncoder encoder = settings.charset().newEncoder();
    for (String name : names) {
      if (!encoder.canEncode(name)) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "the column's name '"
                + name
                + "' holds characters that "
                + settings.charset()
                + " lacks");
      }
    }
  }

  static void checkDates(Schema source, TextSettings settings) {
    for (Field field : source.fields()) {
      try {
        ValueWriters.of(field, settings.dateFormat(), settings.zone(), settings.instantsInZone());
      } catch (IllegalArgumentException e) {
        throw new MillraceException(
            StandardError.CONFIGURATION, "option 'dateFormat': " + e.getMessage(), e);
      }
    }
  }

  @Override
  public RecordOutput create(OutputStream out, Schema schema, boolean header) throws IOException {
    DelimitedOutput output = new DelimitedOutput(TextOutput.open(out, settings), settings, schema);
    if (header && settings.headerLine() == TextSettings.HeaderLine.TRUE) {
      output.header(header(schema));
    }
    return output;
  }

  @Override
  public String suffix() {
    Compression set = settings.compression();
    return suffix + (set == null ? "" : set.suffix());
  }

  @Override
  public @Nullable String whyNotJoined() {
    return whyNotJoined(settings);
  }

  static @Nullable String whyNotJoined(TextSettings settings) {
    boolean zip = settings.compression() == Compression.ZIP;
    String charset = settings.charset().name().toUpperCase(Locale.ROOT);
    boolean wide = charset.equals("UTF-16") || charset.endsWith("BOM");
    return zip
        ? "several zips put together are no zip; use gzip"
        : wide ? "each part in " + charset + " begins with a byte order mark; use UTF-16LE" : null;
  }
}
