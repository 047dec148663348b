package io.millrace.files.text;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.compress.Compression;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.format.Piece;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object on each line. */
public final class JsonlFormat implements Format {

  /** Records that are looked at for keys. */
  private static final int LOOKED_AT = 1000;

  private final TextSettings settings;

  public JsonlFormat(TextSettings settings) {
    this.settings = settings.forLines();
  }

  @Override
  public Schema discover(FileInput file) throws IOException {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    try (InputStream in = TextInput.open(file, Piece.whole(file.size()), settings)) {
      RecordScanner scanner = new RecordScanner(in, settings, 1, Header.MOST_BYTES);
      for (int i = 0; i < LOOKED_AT && scanner.next(); i++) {
        if (scanner.fields() == 1 && !scanner.isBlank()) {
          keys(scanner, types);
        }
      }
    }
    List<Field> fields = new ArrayList<>();
    types.forEach((name, type) -> fields.add(Field.of(name, type)));
    return new Schema(fields);
  }

  private static void keys(RecordScanner scanner, Map<String, ColumnType> types) {
    byte[] bytes = scanner.bytes();
    JsonText text = new JsonText(bytes, scanner.offset(0), scanner.length(0));
    JsonString key = new JsonString();
    if (!text.expect('{') || text.skipIf('}')) {
      return;
    }
    do {
      int start = text.next() == '"' ? text.at() + 1 : -1;
      if (start < 0 || !text.skipString()) {
        return;
      }
      boolean named = key.set(bytes, start, text.at() - 1 - start);
      String name = new String(key.bytes(), 0, key.size(), StandardCharsets.UTF_8);
      if (!named || !text.expect(':')) {
        return;
      }
      int first = text.next();
      if (!text.skipValue()) {
        return;
      }
      ColumnType type = first == '{' || first == '[' ? ColumnType.JSON : ColumnType.STRING;
      types.merge(name, type, (a, b) -> first == 'n' ? a : a == b ? a : ColumnType.STRING);
    } while (text.skipIf(','));
  }

  @Override
  public Cut cut(FileInput file, long pieceBytes) throws IOException {
    return TextCut.cut(file, pieceBytes, settings);
  }

  @Override
  public PieceReader open(ReadPiece piece) throws IOException {
    return JsonlReader.open(piece, settings);
  }

  @Override
  public Schema check(Schema source) {
    Set<String> names = new HashSet<>();
    for (Field field : source.fields()) {
      if (!names.add(field.name())) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            "the source delivers two columns called '"
                + Sensitive.name(field.name())
                + "', of which a JSON object holds one: give one of them another name");
      }
    }
    DelimitedFormat.checkDates(source, settings);
    DelimitedFormat.checkNames(source.fields().stream().map(Field::name).toList(), settings);
    return source;
  }

  @Override
  public RecordOutput create(OutputStream out, Schema schema, boolean header) throws IOException {
    return new JsonlOutput(TextOutput.open(out, settings), settings, schema);
  }

  @Override
  public String suffix() {
    Compression set = settings.compression();
    return ".jsonl" + (set == null ? "" : set.suffix());
  }

  @Override
  public @Nullable String whyNotJoined() {
    return DelimitedFormat.whyNotJoined(settings);
  }
}
