package io.millrace.files.text;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.Texts;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The writers for every type of column; what they write the parsers read. Stateless. */
final class ValueWriters {

  private ValueWriters() {}

  /**
   * The writer for a column.
   *
   * @param dateFormat the user's own form of dates and times; null for the usual ones
   * @throws IllegalArgumentException when the form is none
   */
  static ValueWriter of(Field field, @Nullable String dateFormat, ZoneId zone) {
    return of(field, dateFormat, zone, false);
  }

  /**
   * The same.
   *
   * @param inZone whether instants are written as clocks in the zone show them, as DataX does, and
   *     not as what they are in UTC
   */
  static ValueWriter of(Field field, @Nullable String dateFormat, ZoneId zone, boolean inZone) {
    return switch (field.type()) {
      case STRING, JSON -> ValueWriters::text;
      case BYTES -> ValueWriters::base64;
      case INT64 -> field.unsigned() ? ValueWriters::unsigned : ValueWriters::integer;
      case BOOLEAN -> ValueWriters::bool;
      case FLOAT64 -> field.bits() == 32 ? ValueWriters::single : ValueWriters::real;
      case DECIMAL -> decimal(field.scale());
      case TIME -> ValueWriters::canonical;
      case DATE ->
          dateFormat == null ? ValueWriters::date : formatted(dateFormat, ValueWriters::wallClock);
      case DATETIME ->
          dateFormat == null
              ? dateTime(field.scale())
              : formatted(dateFormat, ValueWriters::wallClock);
      case TIMESTAMP ->
          dateFormat == null
              ? (inZone ? shownIn(zone) : ValueWriters::canonical)
              : formatted(dateFormat, value -> Calendars.toInstant(value).atZone(zone));
    };
  }

  private static void text(Column column, int row, TextBuffer into) {
    BytesColumn values = (BytesColumn) column;
    into.put(values.buffer(), values.offset(row), values.length(row));
  }

  private static void base64(Column column, int row, TextBuffer into) {
    into.put(Base64.getEncoder().encode(((BytesColumn) column).get(row)));
  }

  private static void integer(Column column, int row, TextBuffer into) {
    into.put(((LongColumn) column).get(row));
  }

  private static void unsigned(Column column, int row, TextBuffer into) {
    long value = ((LongColumn) column).get(row);
    if (value < 0) {
      into.put(Long.toUnsignedString(value));
    } else {
      into.put(value);
    }
  }

  private static void bool(Column column, int row, TextBuffer into) {
    into.put(((LongColumn) column).get(row) != 0 ? "true" : "false");
  }

  private static void real(Column column, int row, TextBuffer into) {
    into.put(Double.toString(((DoubleColumn) column).get(row)));
  }

  private static void single(Column column, int row, TextBuffer into) {
    double value = ((DoubleColumn) column).get(row);
    float narrow = (float) value;
    into.put(narrow == value ? Float.toString(narrow) : Double.toString(value));
  }

  private static ValueWriter decimal(int scale) {
    return (column, row, into) -> {
      DecimalColumn values = (DecimalColumn) column;
      if (values.isWide(row)) {
        into.put(values.wideBuffer(), values.wideOffset(row), values.wideLength(row));
        return;
      }
      long unscaled = values.unscaled(row);
      if (scale <= 0 || scale > 18 || unscaled == Long.MIN_VALUE) {
        into.put(values.get(row).toPlainString());
        return;
      }
      if (unscaled < 0) {
        into.put('-');
        unscaled = -unscaled;
      }
      long power = power(scale);
      into.put(unscaled / power);
      into.put('.');
      into.put(unscaled % power, scale);
    };
  }

  private static long power(int scale) {
    long power = 1;
    for (int i = 0; i < scale; i++) {
      power *= 10;
    }
    return power;
  }

  private static void canonical(Column column, int row, TextBuffer into) {
    String text = Texts.text(column, row);
    into.put(text == null ? "" : text);
  }

  private static ValueWriter shownIn(ZoneId zone) {
    return (column, row, into) ->
        into.put(
            Texts.timestamp(((LongColumn) column).get(row), zone)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static void date(Column column, int row, TextBuffer into) {
    date(((LongColumn) column).get(row), into);
  }

  private static void date(long packed, TextBuffer into) {
    int year = Calendars.year(packed);
    if (year < 0) {
      into.put('-');
    }
    into.put(Math.abs(year), year > 9999 || year < -9999 ? 6 : 4);
    into.put('-');
    into.put(Calendars.month(packed), 2);
    into.put('-');
    into.put(Calendars.day(packed), 2);
  }

  private static ValueWriter dateTime(int scale) {
    return (column, row, into) -> {
      long packed = ((LongColumn) column).get(row);
      date(packed, into);
      into.put(' ');
      into.put(Calendars.hour(packed), 2);
      into.put(':');
      into.put(Calendars.minute(packed), 2);
      into.put(':');
      into.put(Calendars.second(packed), 2);
      int micro = Calendars.micro(packed);
      if (micro != 0 || scale == 6) {
        into.put('.');
        into.put(micro, 6);
      }
    };
  }

  private static ZonedDateTime wallClock(long packed) {
    return Calendars.toLocalDateTime(packed).atZone(ZoneOffset.UTC);
  }

  /** What a value is in a calendar. */
  private interface Calendar {
    ZonedDateTime of(long value);
  }

  private static ValueWriter formatted(String format, Calendar calendar) {
    DateTimeFormatter formatter = TemporalParsers.formatter(format);
    return (column, row, into) ->
        into.put(
            formatter
                .format(calendar.of(((LongColumn) column).get(row)))
                .getBytes(StandardCharsets.UTF_8));
  }
}
