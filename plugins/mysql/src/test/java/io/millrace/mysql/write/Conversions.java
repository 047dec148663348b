package io.millrace.mysql.write;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value of one type becomes in a column of another: a stored text, or a reason to refuse.
 */
final class Conversions {

  private Conversions() {}

  /**
   * One value.
   *
   * @param stored what the server shows of it afterwards; null when it is dirty
   * @param code the reason's code; null when it is stored
   */
  record Case(
      String target, Field source, Object value, @Nullable String stored, @Nullable String code) {}

  private static Case stored(String target, Field source, Object value, String text) {
    return new Case(target, source, value, text, null);
  }

  private static Case dirty(String target, Field source, Object value, String code) {
    return new Case(target, source, value, null, code);
  }

  private static Field of(ColumnType type) {
    return Field.of("v", type);
  }

  private static final Field TEXT = of(ColumnType.STRING);
  private static final Field LONG = of(ColumnType.INT64);
  private static final Field UNSIGNED = of(ColumnType.INT64).withBits(64, true);
  private static final Field DOUBLE = of(ColumnType.FLOAT64);
  private static final Field DECIMAL = Field.decimal("v", 65, 30);
  private static final Field BYTES = of(ColumnType.BYTES);
  private static final Field DATE = of(ColumnType.DATE);
  private static final Field DATETIME = of(ColumnType.DATETIME);
  private static final Field TIMESTAMP = of(ColumnType.TIMESTAMP);
  private static final Field TIME = of(ColumnType.TIME);
  private static final Field BOOLEAN = of(ColumnType.BOOLEAN);

  static final List<Case> ALL =
      List.of(
          // Whole numbers.
          dirty("TINYINT", LONG, 128L, "OUT_OF_RANGE"),
          dirty("INT UNSIGNED", LONG, -1L, "OUT_OF_RANGE"),
          dirty("BIGINT", UNSIGNED, -1L, "OUT_OF_RANGE"),
          dirty("BIGINT UNSIGNED", LONG, -1L, "OUT_OF_RANGE"),
          stored("BIGINT UNSIGNED", UNSIGNED, -1L, "18446744073709551615"),
          stored("TINYINT", BOOLEAN, 1L, "1"),
          stored("BIT(1)", BOOLEAN, 1L, "1"),
          dirty("BIT(3)", LONG, 8L, "OUT_OF_RANGE"),
          stored("INT", TEXT, "-42", "-42"),
          stored("INT", TEXT, "1e3", "1000"),
          dirty("INT", TEXT, "12abc", "NOT_A_NUMBER"),
          dirty("INT", TEXT, "", "NOT_A_NUMBER"),
          dirty("INT", TEXT, "1.5", "WOULD_ROUND"),
          dirty("INT", TEXT, "99999999999", "OUT_OF_RANGE"),
          dirty("INT", DOUBLE, 1.5, "WOULD_ROUND"),
          stored("BIGINT", DOUBLE, 1e15, "1000000000000000"),
          dirty("INT", DOUBLE, Double.NaN, "NOT_A_NUMBER"),
          dirty("INT", DECIMAL, new BigDecimal("2.10"), "WOULD_ROUND"),
          stored("INT", DECIMAL, new BigDecimal("2.00"), "2"),
          // Years.
          dirty("YEAR", LONG, 24L, "OUT_OF_RANGE"),
          dirty("YEAR", LONG, 2156L, "OUT_OF_RANGE"),
          dirty("YEAR", TEXT, "24", "NOT_A_NUMBER"),
          stored("YEAR", TEXT, "2024", "2024"),
          // Decimals and floating point numbers.
          dirty("DECIMAL(5,2)", DECIMAL, new BigDecimal("1.234"), "WOULD_ROUND"),
          stored("DECIMAL(5,2)", DECIMAL, new BigDecimal("1.230"), "1.23"),
          dirty("DECIMAL(5,2)", DECIMAL, new BigDecimal("1000"), "OUT_OF_RANGE"),
          dirty("DECIMAL(5,2) UNSIGNED", DECIMAL, new BigDecimal("-1"), "OUT_OF_RANGE"),
          dirty("DECIMAL(5,2)", LONG, 1000L, "OUT_OF_RANGE"),
          dirty("DECIMAL(5,2)", TEXT, "1.234", "WOULD_ROUND"),
          stored("DECIMAL(5,2)", TEXT, "-1.2", "-1.20"),
          dirty("DECIMAL(5,2)", DOUBLE, 0.125, "WOULD_ROUND"),
          stored("DECIMAL(5,2)", DOUBLE, 0.25, "0.25"),
          dirty("FLOAT", DOUBLE, 0.1, "WOULD_ROUND"),
          stored("FLOAT", DOUBLE, 0.5, "0.5"),
          dirty("DOUBLE", DOUBLE, Double.POSITIVE_INFINITY, "NOT_A_NUMBER"),
          dirty("DOUBLE", LONG, 9007199254740993L, "WOULD_ROUND"),
          stored("DOUBLE", LONG, 9007199254740992L, "9.007199254740992e15"),
          dirty("DOUBLE", DECIMAL, new BigDecimal("0.12345678901234567890"), "WOULD_ROUND"),
          stored("DOUBLE", DECIMAL, new BigDecimal("0.1"), "0.1"),
          stored("DOUBLE", TEXT, "-1.5e3", "-1500"),
          dirty("DOUBLE", TEXT, "1e400", "OUT_OF_RANGE"),
          dirty("FLOAT(7,2)", DOUBLE, 0.125, "WOULD_ROUND"),
          // Texts.
          dirty("VARCHAR(3)", TEXT, "abcd", "TOO_LONG"),
          dirty("VARCHAR(3)", TEXT, "abc ", "TOO_LONG"),
          stored("VARCHAR(3)", TEXT, "\u20ac\u20ac\u20ac", "\u20ac\u20ac\u20ac"),
          dirty("CHAR(3)", TEXT, "ab ", "TRAILING_SPACE"),
          dirty("TINYTEXT", TEXT, "x".repeat(255) + " ", "TOO_LONG"),
          dirty("VARCHAR(9) CHARACTER SET utf8", TEXT, "\ud83d\ude00", "1366"),
          dirty("VARCHAR(9) CHARACTER SET latin1", TEXT, "\u0416", "1366"),
          dirty("VARCHAR(9) CHARACTER SET ascii", TEXT, "\u00e9", "1366"),
          dirty("VARCHAR(9)", BYTES, new byte[] {(byte) 0xe9}, "BAD_UTF8"),
          stored("VARCHAR(9)", LONG, -5L, "-5"),
          dirty("VARCHAR(1)", LONG, -5L, "1406"),
          stored("VARCHAR(9)", BOOLEAN, 1L, "true"),
          stored("VARCHAR(30)", DECIMAL, new BigDecimal("1.50"), "1.50"),
          stored("VARCHAR(30)", DOUBLE, 1.5, "1.5"),
          stored(
              "VARCHAR(30)",
              DATETIME,
              Calendars.dateTime(2024, 1, 2, 3, 4, 5, 600000),
              "2024-01-02 03:04:05.600000"),
          dirty("BINARY(4)", BYTES, new byte[] {1, 2}, "WOULD_PAD"),
          dirty("BINARY(4)", BYTES, new byte[] {1, 2, 3, 4, 5}, "TOO_LONG"),
          dirty("VARBINARY(2)", BYTES, new byte[] {1, 2, 0}, "TOO_LONG"),
          dirty("ENUM('a','b','c')", TEXT, "2", "NOT_A_MEMBER"),
          stored("ENUM('a','b','c')", TEXT, "A", "a"),
          dirty("ENUM('a','b','c') COLLATE utf8mb4_bin", TEXT, "A", "NOT_A_MEMBER"),
          dirty("ENUM('a','b','c')", TEXT, "", "NOT_A_MEMBER"),
          dirty("SET('a','b')", TEXT, "3", "NOT_A_MEMBER"),
          stored("SET('a','b')", TEXT, "b,a", "a,b"),
          // Dates and times.
          dirty("DATE", TEXT, "2024-02-31", "BAD_DATE"),
          dirty("DATE", TEXT, "soon", "BAD_DATE"),
          dirty("DATE", TEXT, "2024-01-01 00:00:01", "WOULD_ROUND"),
          stored("DATE", TEXT, "2024-02-29 00:00:00", "2024-02-29"),
          dirty("DATE", DATETIME, Calendars.dateTime(2024, 1, 1, 10, 0, 0, 0), "WOULD_ROUND"),
          stored("DATE", DATETIME, Calendars.dateTime(2024, 1, 1, 0, 0, 0, 0), "2024-01-01"),
          dirty("DATE", DATE, Calendars.date(10_000, 1, 1), "OUT_OF_RANGE"),
          stored("DATETIME", DATE, Calendars.date(2024, 1, 1), "2024-01-01 00:00:00"),
          dirty("DATETIME(3)", DATETIME, Calendars.dateTime(2024, 1, 1, 0, 0, 0, 1), "WOULD_ROUND"),
          stored(
              "DATETIME(3)",
              DATETIME,
              Calendars.dateTime(2024, 1, 1, 0, 0, 0, 1000),
              "2024-01-01 00:00:00.001"),
          stored("DATETIME(6)", TEXT, "2024-01-01T10:00:00.5", "2024-01-01 10:00:00.500000"),
          dirty("DATETIME", TEXT, "2024-01-01 10:00:00.5", "WOULD_ROUND"),
          dirty("TIMESTAMP NULL", TIMESTAMP, 2_147_483_648_000_000L * 10, "1292"),
          dirty("TIMESTAMP NULL", TIMESTAMP, -1L, "OUT_OF_RANGE"),
          dirty("TIMESTAMP NULL", TIMESTAMP, 1_000_001L, "WOULD_ROUND"),
          // The task's zone is three hours behind UTC in winter and was two behind in summer.
          stored("DATETIME", TIMESTAMP, 1_704_110_400_000_000L, "2024-01-01 09:00:00"),
          stored(
              "TIMESTAMP NULL",
              DATETIME,
              Calendars.dateTime(2024, 1, 1, 9, 0, 0, 0),
              "2024-01-01 12:00:00"),
          stored("TIMESTAMP NULL", TEXT, "2024-01-01 09:00:00", "2024-01-01 12:00:00"),
          stored("TIMESTAMP NULL", TEXT, "2024-01-01T09:00:00Z", "2024-01-01 09:00:00"),
          stored("TIMESTAMP NULL", TEXT, "2024-01-01 09:00:00+02:00", "2024-01-01 07:00:00"),
          dirty(
              "TIMESTAMP NULL",
              DATETIME,
              Calendars.dateTime(2018, 11, 4, 0, 30, 0, 0),
              "WALL_CLOCK"),
          // Clocks showed it twice, the first time in summer.
          stored(
              "TIMESTAMP NULL",
              DATETIME,
              Calendars.dateTime(2018, 2, 17, 23, 30, 0, 0),
              "2018-02-18 01:30:00"),
          stored("TIMESTAMP NULL", TEXT, "2018-02-17 23:30:00", "2018-02-18 01:30:00"),
          dirty("TIME", TIME, 1L, "WOULD_ROUND"),
          dirty("TIME", TIME, 3_020_400_000_000L, "OUT_OF_RANGE"),
          stored("TIME(1)", TEXT, "-1:02:03.5", "-01:02:03.5"),
          dirty("TIME", TEXT, "25", "BAD_DATE"),
          dirty("JSON", TEXT, "{bad", "JSON"));
}
