package io.millrace.mysql.read;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.Sensitive;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Takes a row's packet apart and appends its values to a batch. Used by one thread.
 *
 * <p>A row may end with further values that are no columns: the sizes in bytes of values that are
 * selected as NULL when they are too large to be carried, of texts that have no form in UTF-8 what
 * is stored, and of JSON documents what is no JSON in them.
 */
final class RowParser {

  private static final int NULL = 0xfb;
  private static final long ZERO_DATE = Calendars.date(0, 0, 0);

  private static final String UNMAPPABLE =
      "the bytes of the text in its character set cannot be made again from what the server"
          + " converts them to; to take that nevertheless, select CONVERT(column USING utf8mb4)";

  private static final String JSON_OPAQUE =
      "the document holds a value that is no JSON, such as a date, a time or bytes, which would"
          + " become a string; select CAST(column AS CHAR) to write it as that string";

  private static final String JSON_DECIMAL =
      "the document holds a DECIMAL, which would become a double; select CAST(column AS CHAR) to"
          + " write it as that number";

  private static final String AMBIGUOUS_TIME =
      "the session's clock showed this time twice, and of what is no column of a table the server"
          + " does not tell which is meant; read the table's column itself, or set time_zone ="
          + " '+00:00' in 'session'";

  private final Schema schema;
  private final ValueForm[] forms;
  private final int[] guarded;
  private final int[] lossy;
  private final int[] looked;
  private final RepeatedHour repeated;
  private final int maxValueBytes;
  private final boolean nullForZeroDate;
  private long zeroDates;
  private int length;

  /**
   * @param guarded the columns whose sizes stand behind the row, in this order
   * @param lossy the columns of which {@link SelectItem#lossSql} stands behind those, in this order
   * @param looked the columns of which {@link JsonLook} stands behind those, in this order
   * @param repeated tells instants that may be others
   * @param nullForZeroDate true when a date such as 0000-00-00 becomes NULL
   * @param maxValueBytes bytes above which a value makes its record dirty
   */
  RowParser(
      Schema schema,
      int[] guarded,
      int[] lossy,
      int[] looked,
      RepeatedHour repeated,
      boolean nullForZeroDate,
      int maxValueBytes) {
    this.schema = schema;
    this.forms = schema.fields().stream().map(ValueForm::of).toArray(ValueForm[]::new);
    this.guarded = guarded.clone();
    this.lossy = lossy.clone();
    this.looked = looked.clone();
    this.repeated = repeated;
    this.nullForZeroDate = nullForZeroDate;
    this.maxValueBytes = maxValueBytes;
  }

  /** How many dates such as 0000-00-00 have become NULL. */
  long zeroDates() {
    return zeroDates;
  }

  /** The number of values a row must have. */
  int width() {
    return forms.length + guarded.length + lossy.length + looked.length;
  }

  /**
   * Appends the row, or gives it to the dirty records when a value cannot be read.
   *
   * @param position the row's ordinal in its split, from 1
   */
  void append(
      byte[] buffer, int offset, long position, RecordBatch into, DirtyRecords dirty, int end) {
    int at = offset;
    int column = 0;
    try {
      for (; column < forms.length; column++) {
        int start = lengthAt(buffer, at);
        if (length < 0) {
          into.column(column).appendNull();
        } else {
          appendValue(column, buffer, start, into);
        }
        at = start + Math.max(0, length);
      }
      for (int guard : guarded) {
        column = guard;
        at = lengthAt(buffer, at);
        if (length >= 0) {
          checkSize(TextValues.integer(buffer, at, length));
          at += length;
        }
      }
      for (int each : lossy) {
        column = each;
        at = lengthAt(buffer, at);
        if (length >= 0) {
          throw new NotCarried("UNMAPPABLE", UNMAPPABLE);
        }
      }
      for (int each : looked) {
        column = each;
        at = lengthAt(buffer, at);
        if (length >= 0) {
          throw TextValues.integer(buffer, at, length) == JsonLook.DECIMAL
              ? new NotCarried("JSON_DECIMAL", JSON_DECIMAL)
              : new NotCarried("JSON_OPAQUE", JSON_OPAQUE);
        }
      }
    } catch (NotCarried | NumberFormatException e) {
      into.discardRecord();
      dirty.add(position, values(buffer, offset), reason(e, schema.field(column)));
      return;
    }
    if (at != end) {
      throw new IllegalStateException("a row of " + (end - offset) + " bytes ended elsewhere");
    }
    into.endRecord(position);
  }

  private void appendValue(int column, byte[] buffer, int start, RecordBatch into) {
    int size = length;
    switch (forms[column]) {
      case INTEGER -> into.longs(column).append(TextValues.integer(buffer, start, size));
      case BITS -> into.longs(column).append(TextValues.bits(buffer, start, size));
      case FLOAT -> into.doubles(column).append(TextValues.floating(buffer, start, size));
      case DECIMAL -> into.decimals(column).appendText(buffer, start, size);
      case BYTES -> {
        checkSize(size);
        into.bytes(column).append(buffer, start, size);
      }
      case DATE -> date(into.longs(column), TextValues.date(buffer, start, size), ZERO_DATE);
      case DATETIME ->
          date(into.longs(column), TextValues.dateTime(buffer, start, size), ZERO_DATE);
      case TIME -> into.longs(column).append(TextValues.time(buffer, start, size));
      case EPOCH -> {
        long instant = TextValues.epoch(buffer, start, size);
        if (repeated.isDoubtful(column, instant)) {
          throw new NotCarried("AMBIGUOUS_TIME", AMBIGUOUS_TIME);
        }
        date(into.longs(column), instant, Calendars.ZERO_TIMESTAMP);
      }
    }
  }

  private void date(LongColumn into, long value, long zero) {
    if (nullForZeroDate && value == zero) {
      into.appendNull();
      zeroDates++;
    } else {
      into.append(value);
    }
  }

  /** Reads a length into {@link #length}, -1 for NULL, and returns where the value begins. */
  private int lengthAt(byte[] buffer, int at) {
    int first = buffer[at] & 0xff;
    if (first < NULL) {
      length = first;
      return at + 1;
    }
    int bytes;
    switch (first) {
      case NULL -> {
        length = -1;
        return at + 1;
      }
      case 0xfc -> bytes = 2;
      case 0xfd -> bytes = 3;
      default -> bytes = 8;
    }
    long value = 0;
    for (int i = bytes; i > 0; i--) {
      value = value << 8 | buffer[at + i] & 0xff;
    }
    length = Math.toIntExact(value);
    return at + 1 + bytes;
  }

  private void checkSize(long bytes) {
    if (bytes > maxValueBytes) {
      throw new NotCarried(
          "VALUE_TOO_LARGE",
          "the value has " + bytes + " bytes, more than maxValueBytes (" + maxValueBytes + ")");
    }
  }

  private static DirtyRecords.Reason reason(RuntimeException error, Field field) {
    // What the parsers of numbers say holds the value.
    return error instanceof NotCarried known
        ? new DirtyRecords.Reason(known.code, known.getMessage(), field.name())
        : new DirtyRecords.Reason("UNREADABLE", Sensitive.message(error), field.name());
  }

  private List<RawValue> values(byte[] buffer, int offset) {
    List<RawValue> values = new ArrayList<>(forms.length);
    int at = offset;
    for (int i = 0; i < forms.length; i++) {
      int start = lengthAt(buffer, at);
      values.add(value(i, buffer, start, length));
      if (length >= 0 && isDoubtful(i, buffer, start)) {
        values.set(i, notReplayable(values.get(i)));
      }
      at = start + Math.max(0, length);
    }
    for (int guard : guarded) {
      int start = lengthAt(buffer, at);
      if (length >= 0) {
        long size = TextValues.integer(buffer, start, length);
        if (size > maxValueBytes) {
          String type = values.get(guard).type();
          values.set(guard, new RawValue(type, size, "(" + size + " bytes)", Kept.CUT));
        }
        start += length;
      }
      at = start;
    }
    for (int each : lossy) {
      int start = lengthAt(buffer, at);
      if (length >= 0) {
        values.set(each, stored(values.get(each).type(), buffer, start, length));
      }
      at = start + Math.max(0, length);
    }
    for (int each : looked) {
      int start = lengthAt(buffer, at);
      if (length >= 0) {
        values.set(each, notReplayable(values.get(each)));
      }
      at = start + Math.max(0, length);
    }
    return values;
  }

  private boolean isDoubtful(int column, byte[] buffer, int start) {
    try {
      return forms[column] == ValueForm.EPOCH
          && repeated.isDoubtful(column, TextValues.epoch(buffer, start, length));
    } catch (NumberFormatException e) {
      // It is dirty for that.
      return false;
    }
  }

  /**
   * What is wrong with it does not show in its text: written as it is, it would be another value.
   */
  private static RawValue notReplayable(RawValue value) {
    return new RawValue(value.type(), value.byteSize(), value.text(), Kept.CUT);
  }

  /**
   * The value of which {@link SelectItem#lossSql} gives size and bytes. They say what it was, and
   * cannot be written: they are no text that the target would know.
   */
  private static RawValue stored(String type, byte[] buffer, int start, int length) {
    String text = new String(buffer, start, length, StandardCharsets.US_ASCII);
    int blank = text.indexOf(' ');
    long size = Long.parseLong(text.substring(0, blank));
    String shown = "0x" + text.substring(blank + 1);
    return new RawValue(type, size, size > SelectItem.SHOWN_BYTES ? shown + "…" : shown, Kept.CUT);
  }

  /** The value as it was read, in the form of {@link Texts} where the server's is another. */
  private RawValue value(int column, byte[] buffer, int start, int size) {
    Field field = schema.field(column);
    String type = field.nativeType() == null ? field.type().name() : field.nativeType();
    if (size < 0) {
      return new RawValue(type, 0, null);
    }
    boolean whole = size <= maxValueBytes;
    int shown = whole ? size : Math.min(size, SelectItem.SHOWN_BYTES);
    String text =
        switch (forms[column]) {
          case BITS, EPOCH -> canonical(column, buffer, start, size);
          case BYTES ->
              field.type() == ColumnType.BYTES
                  ? "0x" + HexFormat.of().formatHex(buffer, start, start + shown)
                  : new String(buffer, start, shown, StandardCharsets.UTF_8);
          default -> new String(buffer, start, shown, StandardCharsets.UTF_8);
        };
    return whole ? new RawValue(type, size, text) : new RawValue(type, size, text + "…", Kept.CUT);
  }

  private String canonical(int column, byte[] buffer, int start, int size) {
    RecordBatch one = new RecordBatch(Schema.of(schema.field(column)), 1 << 16, 1);
    try {
      one.longs(0)
          .append(
              forms[column] == ValueForm.BITS
                  ? TextValues.bits(buffer, start, size)
                  : TextValues.epoch(buffer, start, size));
      return String.valueOf(Texts.text(one.column(0), 0));
    } catch (NumberFormatException e) {
      // It is what could not be read, and is kept as the server sent it.
      return new String(buffer, start, size, StandardCharsets.UTF_8);
    }
  }

  /** Why a value cannot be carried; carries no stack, for it is expected. */
  private static final class NotCarried extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    NotCarried(String code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }
}
