package io.millrace.files.text;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes records whose values are delimited. */
final class DelimitedOutput implements RecordOutput {

  private final OutputStream out;
  private final TextSettings settings;
  private final Schema schema;
  private final ValueWriter[] writers;
  private final boolean[] plain;
  private final Encodable encodable;
  private final byte[] delimiter;
  private final byte[] line;
  private final boolean bare;
  private final boolean[] special = new boolean[256];
  private final TextBuffer buffer = new TextBuffer();

  /** Whether something stands in the file before the next value. */
  private boolean begun;

  /**
   * @param out takes UTF-8; closed by finish
   */
  DelimitedOutput(OutputStream out, TextSettings settings, Schema schema) {
    this.out = out;
    this.settings = settings;
    this.schema = schema;
    this.encodable = new Encodable(settings.charset());
    // An encoding that begins files with its own mark has no need of care.
    this.begun = TextInput.isMark("a".getBytes(settings.charset()));
    this.delimiter = settings.delimiter();
    this.line = settings.line().length == 0 ? new byte[] {'\n'} : settings.line();
    special[delimiter[0] & 0xff] = true;
    special[line[0] & 0xff] = true;
    special['\n'] = true;
    special['\r'] = true;
    if (settings.quote() >= 0) {
      special[settings.quote()] = true;
    }
    this.bare = settings.bare() && schema.size() == 1;
    this.writers = new ValueWriter[schema.size()];
    this.plain = new boolean[schema.size()];
    for (int i = 0; i < writers.length; i++) {
      ColumnType type = schema.field(i).type();
      writers[i] =
          ValueWriters.of(
              schema.field(i), settings.dateFormat(), settings.zone(), settings.instantsInZone());
      // Digits and the like hold nothing special, unless the delimiter is one of them.
      boolean letters = type == ColumnType.STRING || type == ColumnType.JSON;
      boolean usual = delimiter[0] < '+' || delimiter[0] == ',' || delimiter[0] > 'z';
      plain[i] =
          !letters
              && usual
              && delimiter[0] != ' '
              && settings.line().length == 0
              && settings.dateFormat() == null;
    }
  }

  /** Writes the names of the columns as a record. */
  void header(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        buffer.put(delimiter);
      }
      int from = buffer.size();
      buffer.put(names.get(i).getBytes(StandardCharsets.UTF_8));
      delimit(from);
    }
    buffer.put(line);
    begun = true;
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
      if (i > 0) {
        buffer.put(delimiter);
      }
      Column column = batch.column(i);
      int start = buffer.size();
      if (column.isNull(row)) {
        byte[] nullText = settings.nullText();
        if (nullText == null) {
          return wrong(i, "NULL", "nothing stands for NULL: set nullFormat");
        }
        buffer.put(nullText);
        continue;
      }
      try {
        writers[i].write(column, row, buffer);
      } catch (DateTimeException e) {
        return wrong(i, "NO_DATE", "no calendar has it, so dateFormat cannot show it");
      }
      if (!encodable.holds(buffer.bytes(), start, buffer.size() - start)) {
        return wrong(i, "ENCODING", "holds characters that " + settings.charset() + " lacks");
      }
      boolean number = plain[i] && !(column instanceof BytesColumn);
      String what = number && !isNullText(start) ? null : delimit(start);
      if (what != null) {
        return wrong(i, "DELIMITER", what);
      }
    }
    buffer.put(line);
    begun = true;
    return null;
  }

  private Reason wrong(int column, String code, String what) {
    return new Reason(code, what, schema.field(column).name());
  }

  private boolean isNullText(int start) {
    byte[] text = settings.nullText();
    return text != null
        && buffer.size() - start == text.length
        && Arrays.equals(buffer.bytes(), start, buffer.size(), text, 0, text.length);
  }

  /** Puts quotes around what stands from {@code start} on where it needs them; null, or why not. */
  private @Nullable String delimit(int start) {
    byte[] bytes = buffer.bytes();
    int size = buffer.size();
    boolean isSpecial = false;
    for (int i = start; i < size && !isSpecial; i++) {
      isSpecial = special[bytes[i] & 0xff];
    }
    boolean nullText = isNullText(start);
    if (settings.quote() < 0) {
      if (nullText) {
        return "the text is what stands for NULL (nullFormat), so it would be read as NULL";
      }
      if (beginsLikeMark(start)) {
        return "would be the first of the file and begins like a byte order mark";
      }
      return isSpecial && endsValue(start)
          ? "holds the delimiter or the end of a line, and fileFormat text does not escape:"
              + " use csv, or another fieldDelimiter"
          : null;
    }
    boolean blanks =
        size > start && settings.trim() && (isBlank(bytes[start]) || isBlank(bytes[size - 1]));
    if (isSpecial || nullText || blanks || size == start || beginsLikeMark(start)) {
      quote(start);
    }
    return null;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Whether a file that begins with the value would be taken for one in another encoding. */
  private boolean beginsLikeMark(int start) {
    if (begun || start > 0 || buffer.size() == 0) {
      return false;
    }
    int shown = Math.min(16, buffer.size());
    String text = new String(buffer.bytes(), 0, shown, StandardCharsets.UTF_8);
    return TextInput.isMark(text.getBytes(settings.charset()));
  }

  /** Whether the delimiter or an end of line is really there, of which the first byte was seen. */
  private boolean endsValue(int start) {
    byte[] bytes = buffer.bytes();
    int size = buffer.size();
    boolean anyReturn = settings.line().length == 0;
    boolean lastReturn = line.length == 1 && line[0] == '\n';
    for (int i = start; i < size; i++) {
      boolean isReturn = bytes[i] == '\r' && (anyReturn || (lastReturn && i == size - 1));
      boolean ends = !bare && begins(delimiter, i);
      if (isReturn || ends || begins(line, i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a pattern is there, or begins at the value's end and might go on in what follows. */
  private boolean begins(byte[] pattern, int at) {
    int length = Math.min(pattern.length, buffer.size() - at);
    return Arrays.equals(buffer.bytes(), at, at + length, pattern, 0, length);
  }

  private void quote(int start) {
    byte[] bytes = buffer.bytes();
    int quote = settings.quote();
    int doubles = 0;
    for (int i = start; i < buffer.size(); i++) {
      doubles += bytes[i] == quote ? 1 : 0;
    }
    int end = buffer.size();
    buffer.open(start, 1 + doubles);
    bytes = buffer.bytes();
    bytes[start] = (byte) quote;
    int to = start + 1;
    for (int from = start + 1 + doubles; from < end + 1 + doubles; from++) {
      byte b = bytes[from];
      bytes[to++] = b;
      if (b == quote) {
        bytes[to++] = b;
      }
    }
    buffer.put(quote);
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
