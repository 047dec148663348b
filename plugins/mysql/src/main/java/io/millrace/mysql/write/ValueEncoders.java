package io.millrace.mysql.write;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.Texts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/** The forms of values. Each is what both {@code LOAD DATA} and a quoted literal accept exactly. */
final class ValueEncoders {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ZERO_DATE_TIME =
      "0000-00-00 00:00:00".getBytes(StandardCharsets.US_ASCII);

  private ValueEncoders() {}

  /** Values of STRING, JSON and BYTES columns, which may be large, as they are. */
  record Bytes(Literal literal) implements ValueEncoder {
    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      BytesColumn bytes = (BytesColumn) column;
      sink.escaped(bytes.buffer(), bytes.offset(row), bytes.length(row), escape);
    }
  }

  /** Whole numbers and, as 0 and 1, booleans. */
  record Whole(boolean unsigned, Literal literal) implements ValueEncoder {
    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      long value = ((LongColumn) column).get(row);
      if (unsigned) {
        sink.unsigned(value);
      } else {
        sink.number(value);
      }
    }
  }

  /** Booleans as words, for texts. */
  record Words() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      sink.raw(((LongColumn) column).get(row) != 0 ? TRUE : FALSE);
    }
  }

  /** Bits: {@code LOAD DATA} takes them as bytes, a statement as a number. */
  record Bits(int width) implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.NUMBER;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      long value = ((LongColumn) column).get(row);
      if (escape == Escape.SQL) {
        sink.unsigned(value);
        return;
      }
      for (int shift = (width - 1) / 8 * 8; shift >= 0; shift -= 8) {
        byte part = (byte) (value >>> shift);
        byte after = escape.after(part);
        if (after != 0) {
          sink.put('\\');
          sink.put(after);
        } else {
          sink.put(part);
        }
      }
    }
  }

  /** Years in four digits: the text "0" would be the year 2000. */
  record Year() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      sink.fourDigits((int) ((LongColumn) column).get(row));
    }
  }

  /** Decimals in plain notation. */
  record Decimal(Literal literal) implements ValueEncoder {
    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      DecimalColumn decimals = (DecimalColumn) column;
      if (decimals.isWide(row)) {
        sink.raw(decimals.wideBuffer(), decimals.wideOffset(row), decimals.wideLength(row));
      } else if (column.field().scale() <= 18) {
        sink.decimal(decimals.unscaled(row), column.field().scale());
      } else {
        sink.ascii(decimals.get(row).toPlainString());
      }
    }
  }

  /** Floating point numbers, in quotes: an unquoted {@code -0.0} would lose its sign. */
  record Real() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      sink.real(((DoubleColumn) column).get(row));
    }
  }

  /** Floating point numbers that are whole, without a point. */
  record WholeReal() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.NUMBER;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      sink.ascii(new BigDecimal(((DoubleColumn) column).get(row)).toPlainString());
    }
  }

  /** The date of a DATE or DATETIME. */
  record Date(boolean zeroAsNull) implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public boolean isNull(Column column, int row) {
      return column.isNull(row) || (zeroAsNull && isZeroDate(((LongColumn) column).get(row)));
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      date(((LongColumn) column).get(row), sink);
    }
  }

  /** A DATETIME as it stands on the wall. */
  record DateTime(boolean zeroAsNull) implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public boolean isNull(Column column, int row) {
      return column.isNull(row) || (zeroAsNull && isZeroDate(((LongColumn) column).get(row)));
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      dateTime(((LongColumn) column).get(row), sink);
    }
  }

  /** An instant in UTC, the zone of the session that writes. */
  record Timestamp(boolean zeroAsNull) implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public boolean isNull(Column column, int row) {
      return column.isNull(row)
          || (zeroAsNull && ((LongColumn) column).get(row) == Calendars.ZERO_TIMESTAMP);
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      timestamp(((LongColumn) column).get(row), sink);
    }
  }

  /** A time of day or a duration. */
  record Time() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      time(((LongColumn) column).get(row), sink);
    }
  }

  /** A text that is a time, in the form of a time. */
  record TimeFromText() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      BytesColumn bytes = (BytesColumn) column;
      time(TemporalText.time(bytes.buffer(), bytes.offset(row), bytes.length(row)), sink);
    }
  }

  /** Any value in its canonical text, for text columns. */
  record Canonical() implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.TEXT;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      String text = Texts.text(column, row);
      byte[] bytes = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
      sink.escaped(bytes, 0, bytes.length, escape);
    }
  }

  /** An instant as clocks in a zone show it, which is what DataX writes into a text column. */
  record WallText(ZoneId zone) implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.TEXT;
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      sink.ascii(Texts.timestamp(((LongColumn) column).get(row), zone));
    }
  }

  /** A value whose form has to be found first, such as a text that is to become a date. */
  record Converted(Conversion conversion, boolean instant, boolean dateOnly, boolean zeroAsNull)
      implements ValueEncoder {
    @Override
    public Literal literal() {
      return Literal.QUOTED;
    }

    @Override
    public boolean isNull(Column column, int row) {
      if (column.isNull(row)) {
        return true;
      }
      if (!zeroAsNull) {
        return false;
      }
      long value = conversion.convert(column, row);
      return instant ? value == Calendars.ZERO_TIMESTAMP : isZeroDate(value);
    }

    @Override
    public void append(Column column, int row, ByteSink sink, Escape escape) {
      long value = conversion.convert(column, row);
      if (instant) {
        timestamp(value, sink);
      } else if (dateOnly) {
        date(value, sink);
      } else {
        dateTime(value, sink);
      }
    }

    /** Turns a value that was checked into packed calendar fields or an instant. */
    @FunctionalInterface
    interface Conversion {
      long convert(Column column, int row);
    }
  }

  /** True for {@code 0000-00-00} and for a date whose month or day is zero. */
  static boolean isZeroDate(long packed) {
    return Calendars.month(packed) == 0 || Calendars.day(packed) == 0;
  }

  private static void time(long signed, ByteSink sink) {
    long micros = signed;
    if (micros < 0) {
      sink.put('-');
      micros = -micros;
    }
    long seconds = micros / MICROS_PER_SECOND;
    sink.time(
        (int) (seconds / 3600),
        (int) (seconds / 60 % 60),
        (int) (seconds % 60),
        (int) (micros % MICROS_PER_SECOND));
  }

  private static void date(long packed, ByteSink sink) {
    sink.date(Calendars.year(packed), Calendars.month(packed), Calendars.day(packed));
  }

  private static void dateTime(long packed, ByteSink sink) {
    date(packed, sink);
    sink.put(' ');
    sink.time(
        Calendars.hour(packed),
        Calendars.minute(packed),
        Calendars.second(packed),
        Calendars.micro(packed));
  }

  private static void timestamp(long micros, ByteSink sink) {
    if (micros == Calendars.ZERO_TIMESTAMP) {
      sink.raw(ZERO_DATE_TIME);
      return;
    }
    dateTime(WallClock.utc(micros), sink);
  }
}
