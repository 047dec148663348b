package io.millrace.testkit.sample;

import static io.millrace.api.record.Calendars.date;
import static io.millrace.api.record.Calendars.dateTime;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * A type with the values at its edges. A connector says which cases it can carry: not every store
 * knows unsigned numbers, a day that no calendar has, or an infinity.
 */
public enum TypeCase {
  BOOLEAN(Field.of("", ColumnType.BOOLEAN), longs(0, 1)),
  INT8(integer(8, false), longs(0, -1, Byte.MIN_VALUE, Byte.MAX_VALUE)),
  INT16(integer(16, false), longs(0, -1, Short.MIN_VALUE, Short.MAX_VALUE)),
  INT24(integer(24, false), longs(0, -1, -(1 << 23), (1 << 23) - 1)),
  INT32(integer(32, false), longs(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE)),
  INT64(integer(64, false), longs(0, -1, Long.MIN_VALUE, Long.MAX_VALUE)),
  UINT8(integer(8, true), longs(0, 127, 128, 255)),
  UINT16(integer(16, true), longs(0, 32_767, 32_768, 65_535)),
  UINT24(integer(24, true), longs(0, 1 << 23, (1 << 24) - 1)),
  UINT32(integer(32, true), longs(0, 1L << 31, (1L << 32) - 1)),
  UINT64(integer(64, true), longs(0, Long.MAX_VALUE, Long.MIN_VALUE, -1)),
  FLOAT32(
      Field.of("", ColumnType.FLOAT64).withBits(32, false),
      doubles(0, 1.5, 0.1f, -16_777_217f, 1.17549435E-38f, 3.4e38f, -3.4e38f)),
  FLOAT64(
      Field.of("", ColumnType.FLOAT64),
      doubles(0, 1 / 3.0, 0.1, -1e-300, 2.2250738585072014E-308, 1.797e308, -1.797e308, 1e15)),
  /** Minus zero, and a value so small that it has lost digits. */
  FLOAT64_ODD(Field.of("", ColumnType.FLOAT64), doubles(-0.0, Double.MIN_VALUE)),
  /** Infinities and what is not a number. */
  FLOAT64_SPECIAL(
      Field.of("", ColumnType.FLOAT64),
      doubles(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)),
  DECIMAL_COMPACT(
      Field.decimal("", 18, 4),
      decimals("0.0000", "0.0001", "-0.0001", "99999999999999.9999", "-99999999999999.9999")),
  DECIMAL_WHOLE(
      Field.decimal("", 38, 0),
      decimals(
          "0", "-1", "9".repeat(18), "1" + "0".repeat(18), "9".repeat(38), "-" + "9".repeat(38))),
  DECIMAL_WIDE(
      Field.decimal("", 65, 30),
      decimals(
          "0." + "0".repeat(30),
          "0." + "0".repeat(29) + "1",
          "9".repeat(35) + "." + "9".repeat(30),
          "-" + "9".repeat(35) + "." + "9".repeat(30))),
  STRING(
      Field.of("", ColumnType.STRING).withMaxLength(200),
      texts(
          "",
          " ",
          "trailing  ",
          "ASCII",
          "üñí €",
          "😀👩‍👩‍👧",
          "e\u0301",
          "\t",
          "\n",
          "\r\n",
          "\\",
          "\\N",
          "NULL",
          "'",
          "\"",
          "`",
          "a\0b",
          "\u001a",
          "%_",
          "--",
          ";",
          ",",
          "x".repeat(200),
          "😀".repeat(200))),
  STRING_LONG(Field.of("", ColumnType.STRING), texts("y".repeat(70_000), "😀\\\n".repeat(100_000))),
  JSON(
      Field.of("", ColumnType.JSON),
      texts("{\"a\": [1, null, \"ü😀\"], \"b\": {\"c\": true}}", "[]", "\"text\\n\"", "1", "null")),
  BYTES(
      Field.of("", ColumnType.BYTES).withMaxLength(1000),
      bytes(
          new byte[0],
          new byte[1],
          everyByte(),
          "\\N\t\n\\".getBytes(java.nio.charset.StandardCharsets.US_ASCII))),
  TIME(
      Field.of("", ColumnType.TIME),
      longs(0, time(12, 34, 56) + 789_012, time(23, 59, 59) + 999_999)),
  /** Beyond a day, and below zero. */
  TIME_DURATION(
      Field.of("", ColumnType.TIME),
      longs(time(24, 0, 0), time(838, 59, 59), -time(838, 59, 59), -1, -time(1, 2, 3) - 4)),
  DATE(
      Field.of("", ColumnType.DATE),
      longs(
          date(1000, 1, 1),
          date(1582, 10, 10),
          date(1969, 12, 31),
          date(1970, 1, 1),
          date(2000, 2, 29),
          date(9999, 12, 31))),
  /** Days that no calendar has, which MySQL may hold. */
  DATE_ZERO(
      Field.of("", ColumnType.DATE), longs(date(0, 0, 0), date(2024, 0, 0), date(2024, 5, 0))),
  DATETIME(
      Field.of("", ColumnType.DATETIME),
      longs(
          dateTime(1000, 1, 1, 0, 0, 0, 0),
          dateTime(1970, 1, 1, 0, 0, 0, 1),
          // Left out in spring: Berlin, New York.
          dateTime(2024, 3, 31, 2, 30, 0, 0),
          dateTime(2024, 3, 10, 2, 30, 0, 120_000),
          // Twice in autumn.
          dateTime(2024, 10, 27, 2, 30, 0, 123_456),
          dateTime(2024, 11, 3, 1, 30, 0, 0),
          dateTime(9999, 12, 31, 23, 59, 59, 999_999))),
  /** Moments that no calendar has, which MySQL may hold. */
  DATETIME_ZERO(
      Field.of("", ColumnType.DATETIME),
      longs(dateTime(0, 0, 0, 0, 0, 0, 0), dateTime(2024, 5, 0, 1, 2, 3, 0))),
  /** Instants that MySQL's TIMESTAMP holds, some of them in the hour that comes twice in autumn. */
  TIMESTAMP(
      Field.of("", ColumnType.TIMESTAMP),
      instants(
          "1970-01-01T00:00:01Z",
          "2024-03-10T07:30:00Z",
          "2024-11-03T05:30:00Z",
          "2024-11-03T06:30:00.5Z",
          "2024-10-27T00:30:00.000001Z",
          "2024-10-27T01:30:00Z",
          "2038-01-19T03:14:07.999999Z")),
  /** Instants before 1970 and after 2038. */
  TIMESTAMP_WIDE(
      Field.of("", ColumnType.TIMESTAMP),
      instants("1969-12-31T23:59:59.999999Z", "1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z")),
  TIMESTAMP_ZERO(Field.of("", ColumnType.TIMESTAMP), longs(Calendars.ZERO_TIMESTAMP));

  private final Field field;
  private final List<Consumer<Column>> values;

  TypeCase(Field field, List<Consumer<Column>> values) {
    this.field = field.withName(name().toLowerCase(Locale.ROOT));
    this.values = values;
  }

  /** A nullable column of this type, named after the case in lower case. */
  public Field field() {
    return field;
  }

  /** How many values there are. */
  public int count() {
    return values.size();
  }

  /** Appends the value at {@code index}; NULL beyond the last. */
  void append(Column column, int index) {
    if (index < values.size()) {
      values.get(index).accept(column);
    } else {
      column.appendNull();
    }
  }

  private static Field integer(int bits, boolean unsigned) {
    return Field.of("", ColumnType.INT64).withBits(bits, unsigned);
  }

  private static long time(int hours, int minutes, int seconds) {
    return ((hours * 60L + minutes) * 60 + seconds) * 1_000_000;
  }

  private static byte[] everyByte() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static List<Consumer<Column>> longs(long... values) {
    return LongStream.of(values)
        .<Consumer<Column>>mapToObj(value -> column -> ((LongColumn) column).append(value))
        .toList();
  }

  private static List<Consumer<Column>> doubles(double... values) {
    List<Consumer<Column>> list = new ArrayList<>();
    for (double value : values) {
      list.add(column -> ((DoubleColumn) column).append(value));
    }
    return list;
  }

  private static List<Consumer<Column>> decimals(String... values) {
    List<Consumer<Column>> list = new ArrayList<>();
    for (String value : values) {
      list.add(column -> ((DecimalColumn) column).append(new BigDecimal(value)));
    }
    return list;
  }

  private static List<Consumer<Column>> texts(String... values) {
    List<Consumer<Column>> list = new ArrayList<>();
    for (String value : values) {
      list.add(column -> ((BytesColumn) column).append(value));
    }
    return list;
  }

  private static List<Consumer<Column>> bytes(byte[]... values) {
    List<Consumer<Column>> list = new ArrayList<>();
    for (byte[] value : values) {
      list.add(column -> ((BytesColumn) column).append(value));
    }
    return list;
  }

  private static List<Consumer<Column>> instants(String... values) {
    List<Consumer<Column>> list = new ArrayList<>();
    for (String value : values) {
      list.add(column -> ((LongColumn) column).append(Calendars.timestamp(Instant.parse(value))));
    }
    return list;
  }
}
