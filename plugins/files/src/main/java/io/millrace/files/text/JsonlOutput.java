package io.millrace.files.text;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes a JSON object on each line. */
final class JsonlOutput implements RecordOutput {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final Schema schema;
  private final ValueWriter[] writers;
  private final byte[][] keys;
  private final String charset;
  private final Encodable encodable;
  private final TextBuffer buffer = new TextBuffer();
  private final TextBuffer scratch = new TextBuffer();

  /**
   * @param out takes UTF-8; closed by finish
   */
  JsonlOutput(OutputStream out, TextSettings settings, Schema schema) {
    this.out = out;
    this.schema = schema;
    this.charset = settings.charset().name();
    this.encodable = new Encodable(settings.charset());
    this.writers = new ValueWriter[schema.size()];
    this.keys = new byte[schema.size()][];
    for (int i = 0; i < writers.length; i++) {
      writers[i] =
          ValueWriters.of(
              schema.field(i), settings.dateFormat(), settings.zone(), settings.instantsInZone());
      TextBuffer key = new TextBuffer();
      byte[] name = schema.field(i).name().getBytes(StandardCharsets.UTF_8);
      key.put(i == 0 ? '{' : ',');
      string(name, 0, name.length, key);
      key.put(':');
      keys[i] = Arrays.copyOf(key.bytes(), key.size());
    }
  }

  @Override
  public int write(RecordBatch batch, int from, int to, DirtyRecords dirty) throws IOException {
    int written = 0;
    for (int row = from; row < to; row++) {
      int start = buffer.size();
      Reason wrong = append(batch, row);
      if (wrong == null) {
        written++;
      } else {
        buffer.truncate(start);
        dirty.add(batch, row, wrong);
      }
      buffer.drain(out, false);
    }
    return written;
  }

  private @Nullable Reason append(RecordBatch batch, int row) {
    for (int i = 0; i < writers.length; i++) {
      buffer.put(keys[i]);
      Column column = batch.column(i);
      if (column.isNull(row)) {
        buffer.put("null");
        continue;
      }
      String wrong;
      try {
        wrong = value(i, column, row);
      } catch (DateTimeException e) {
        wrong = "no calendar has it, so dateFormat cannot show it";
      }
      if (wrong != null) {
        return new Reason("NOT_WRITABLE", wrong, schema.field(i).name());
      }
    }
    if (writers.length == 0) {
      buffer.put('{');
    }
    buffer.put('}');
    buffer.put('\n');
    return null;
  }

  private @Nullable String value(int index, Column column, int row) {
    switch (schema.field(index).type()) {
      case INT64, DECIMAL, BOOLEAN:
        writers[index].write(column, row, buffer);
        return null;
      case FLOAT64:
        if (Double.isFinite(((DoubleColumn) column).get(row))) {
          writers[index].write(column, row, buffer);
          return null;
        }
        break;
      default:
        break;
    }
    scratch.truncate(0);
    writers[index].write(column, row, scratch);
    if (!encodable.holds(scratch.bytes(), 0, scratch.size())) {
      return "holds characters that " + charset + " lacks";
    }
    if (schema.field(index).type() == ColumnType.JSON) {
      return json();
    }
    if (!Utf8.isValid(scratch.bytes(), 0, scratch.size())) {
      return "is no UTF-8";
    }
    string(scratch.bytes(), 0, scratch.size(), buffer);
    scratch.shrink();
    return null;
  }

  /** A document is written as it is, but for the ends of its lines. */
  private @Nullable String json() {
    byte[] bytes = scratch.bytes();
    String wrong = JsonText.wrong(bytes, 0, scratch.size());
    if (wrong != null) {
      return "is no JSON: " + wrong;
    }
    int start = 0;
    while (bytes[start] <= ' ') {
      start++;
    }
    if (bytes[start] == 'n') {
      return "the JSON null cannot be told from NULL in jsonl";
    }
    for (int i = start; i < scratch.size(); i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        bytes[i] = ' ';
      }
    }
    buffer.put(bytes, start, scratch.size() - start);
    scratch.shrink();
    return null;
  }

  private static void string(byte[] bytes, int offset, int length, TextBuffer into) {
    into.put('"');
    int plain = offset;
    for (int i = offset; i < offset + length; i++) {
      byte b = bytes[i];
      if (b >= 0x20 && b != '"' && b != '\\' || b < 0) {
        continue;
      }
      into.put(bytes, plain, i - plain);
      plain = i + 1;
      into.put('\\');
      switch (b) {
        case '"', '\\' -> into.put(b);
        case '\n' -> into.put('n');
        case '\r' -> into.put('r');
        case '\t' -> into.put('t');
        default -> {
          into.put("u00");
          into.put(HEX[b >> 4]);
          into.put(HEX[b & 0xf]);
        }
      }
    }
    into.put(bytes, plain, offset + length - plain);
    into.put('"');
  }

  @Override
  public long buffered() {
    return buffer.size();
  }

  @Override
  public void finish() throws IOException {
    buffer.drain(out, true);
    out.close();
  }

  @Override
  public void close() {}
}
