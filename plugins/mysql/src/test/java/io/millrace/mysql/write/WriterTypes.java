package io.millrace.mysql.write;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.mysql.type.MySqlColumn;
import io.millrace.mysql.type.MySqlTable;
import io.millrace.mysql.type.TableName;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types table: one line per column, with values once as a reader delivers them and once as SQL
 * that writes the same by hand.
 */
final class WriterTypes {

  private WriterTypes() {}

  /**
   * A column and values for it.
   *
   * @param definition its SQL
   * @param values a reader's form and its SQL literal, in turn; NULL is tried for every column
   */
  record Line(String definition, List<Object> values) {
    static Line of(String definition, Object... values) {
      return new Line(definition, List.of(values));
    }
  }

  static final List<Line> LINES =
      List.of(
          Line.of("TINYINT", -128L, "-128", 127L, "127"),
          Line.of("TINYINT UNSIGNED", 255L, "255"),
          Line.of("TINYINT(1)", 5L, "5"),
          Line.of("SMALLINT", -32768L, "-32768"),
          Line.of("SMALLINT UNSIGNED", 65535L, "65535"),
          Line.of("MEDIUMINT", -8388608L, "-8388608"),
          Line.of("MEDIUMINT UNSIGNED", 16777215L, "16777215"),
          Line.of("INT", -2147483648L, "-2147483648"),
          Line.of("INT UNSIGNED", 4294967295L, "4294967295"),
          Line.of("BIGINT", Long.MIN_VALUE, "-9223372036854775808", 0L, "0"),
          Line.of(
              "BIGINT UNSIGNED",
              -1L,
              "18446744073709551615",
              Long.MIN_VALUE,
              "9223372036854775808"),
          Line.of(
              "FLOAT",
              (double) 0.1f,
              "0.1",
              (double) 3.4028235e38f,
              "3.4028234663852886e38",
              (double) 1.17549435e-38f,
              "1.17549435e-38",
              (double) 16777216f,
              "16777216"),
          Line.of(
              "DOUBLE",
              0.1,
              "'0.1'",
              -0.0,
              "'-0.0'",
              Double.MAX_VALUE,
              "'1.7976931348623157e308'",
              2.2250738585072014e-308,
              "'2.2250738585072014e-308'",
              123456.789,
              "'123456.789'",
              1e15 + 0.3,
              "'1000000000000000.2'",
              9007199254740993d,
              "'9007199254740992'"),
          Line.of(
              "DECIMAL(65,30)",
              new BigDecimal("-12345678901234567890123456789012345.123456789012345678901234567890"),
              "-12345678901234567890123456789012345.123456789012345678901234567890",
              new BigDecimal("0.000000000000000000000000000001"),
              "0.000000000000000000000000000001"),
          Line.of(
              "DECIMAL(18,4)",
              new BigDecimal("-99999999999999.9999"),
              "-99999999999999.9999",
              new BigDecimal("0.0100"),
              "0.0100"),
          Line.of("DECIMAL(10,0)", new BigDecimal("9999999999"), "9999999999"),
          Line.of("CHAR(10)", "a b", "'a b'", "", "''"),
          Line.of(
              "VARCHAR(60)",
              "tab\tnewline\nbackslash\\NUL\0quote'\"`%_\r\u001a",
              "'tab\\tnewline\\nbackslash\\\\NUL\\0quote''\\\"`%_\\r\\Z'",
              "\\N",
              "'\\\\N'",
              "",
              "''",
              "NULL",
              "'NULL'",
              "end ",
              "'end '",
              "\ud83d\ude00\u20ac\u00e9",
              "_utf8mb4 0xF09F9880E282ACC3A9"),
          Line.of("VARCHAR(20) CHARACTER SET latin1", "\u00e9\u20ac\\\t", "_latin1 0xE9805C09"),
          Line.of("VARCHAR(20) CHARACTER SET utf8", "\u20ac", "_utf8mb4 0xE282AC"),
          Line.of("VARCHAR(20) CHARACTER SET gbk", "\u4e2d\u6587\\", "_gbk 0xD6D0CEC45C"),
          Line.of("VARCHAR(20) CHARACTER SET utf16", "\ud83d\ude00a", "_utf8mb4 0xF09F988061"),
          Line.of("VARCHAR(20) CHARACTER SET ascii", "plain", "'plain'"),
          Line.of("TINYTEXT", "tiny", "'tiny'"),
          Line.of("TEXT", "t\u20ac\n", "_utf8mb4 0x74E282AC0A"),
          Line.of("MEDIUMTEXT", "m".repeat(70_000), "REPEAT('m', 70000)"),
          Line.of("LONGTEXT", "", "''"),
          Line.of("BINARY(4)", bytes(0, 255, 9, 0), "0x00FF0900"),
          Line.of("VARBINARY(300)", all(), "@all", new byte[0], "''"),
          Line.of("TINYBLOB", bytes(92, 78, 9, 10, 0, 39), "0x5C4E090A0027"),
          Line.of("BLOB", all(), "@all"),
          Line.of("MEDIUMBLOB", bytes(255), "0xFF"),
          Line.of("LONGBLOB", new byte[0], "''"),
          Line.of("BIT(1)", 1L, "b'1'", 0L, "b'0'"),
          Line.of("BIT(9)", 0x109L, "0x0109", 0x5cL, "0x5C", 0x0aL, "0x0A"),
          Line.of("BIT(64)", -1L, "0xFFFFFFFFFFFFFFFF", 0x5c090a00L, "0x5C090A00"),
          Line.of("YEAR", 0L, "0", 1901L, "1901", 2155L, "2155"),
          Line.of(
              "DATE",
              Calendars.date(9999, 12, 31),
              "'9999-12-31'",
              0L,
              "'0000-00-00'",
              Calendars.date(2024, 0, 0),
              "'2024-00-00'",
              Calendars.date(1, 1, 1),
              "'0001-01-01'"),
          Line.of(
              "DATETIME",
              Calendars.dateTime(2024, 11, 3, 1, 30, 0, 0),
              "'2024-11-03 01:30:00'",
              0L,
              "'0000-00-00 00:00:00'"),
          Line.of(
              "DATETIME(6)",
              Calendars.dateTime(2024, 3, 10, 2, 30, 0, 999999),
              "'2024-03-10 02:30:00.999999'",
              Calendars.dateTime(2024, 3, 10, 2, 30, 0, 1),
              "'2024-03-10 02:30:00.000001'"),
          Line.of(
              "DATETIME(3)",
              Calendars.dateTime(1000, 1, 1, 0, 0, 0, 120000),
              "'1000-01-01 00:00:00.12'"),
          Line.of(
              "TIMESTAMP NULL",
              1_000_000L,
              "'1970-01-01 00:00:01'",
              Calendars.ZERO_TIMESTAMP,
              "'0000-00-00 00:00:00'"),
          // Both sides of the repeated hour of autumn in New York.
          Line.of(
              "TIMESTAMP(6) NULL",
              1_730_611_800_123_456L,
              "'2024-11-03 05:30:00.123456'",
              1_730_615_400_123_456L,
              "'2024-11-03 06:30:00.123456'",
              2_147_483_647_999_999L,
              "'2038-01-19 03:14:07.999999'"),
          Line.of(
              "TIME",
              -3020399_000000L,
              "'-838:59:59'",
              90_000_000_000L,
              "'25:00:00'",
              0L,
              "'00:00:00'"),
          Line.of("TIME(6)", -1L, "'-00:00:00.000001'", 3_020_399_000_000L, "'838:59:59'"),
          Line.of(
              "JSON",
              "{\"a\": \"\u20ac\\n\", \"b\": [1, null]}",
              "'{\"a\": \"\u20ac\\\\n\", \"b\": [1, null]}'"),
          Line.of(
              "ENUM('x','3','it''s','\u20ac')",
              "3",
              "'3'",
              "it's",
              "'it''s'",
              "\u20ac",
              "'\u20ac'"),
          Line.of("SET('p','q','1')", "p,1", "'p,1'", "", "''"));

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] all() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < 256; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  /** The definition of a table with every line as a column. */
  static String createSql(String table) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (id INT PRIMARY KEY");
    for (int i = 0; i < LINES.size(); i++) {
      sql.append(", c").append(i).append(' ').append(LINES.get(i).definition);
    }
    return sql.append(") CHARACTER SET utf8mb4").toString();
  }

  /** The number of records: every value is in one of them, and the last holds NULL throughout. */
  static int records() {
    return 1 + LINES.stream().mapToInt(line -> line.values.size() / 2).max().orElse(0);
  }

  private static @Nullable Object value(int column, int row, int form) {
    List<Object> values = LINES.get(column).values;
    return 2 * row < values.size() ? values.get(2 * row + form) : null;
  }

  /** The statements that write the same records by hand. */
  static List<String> insertSql(String table) {
    List<String> statements = new ArrayList<>();
    statements.add(
        "SET SESSION time_zone = '+00:00', sql_mode ="
            + " 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', NAMES utf8mb4");
    StringBuilder all = new StringBuilder("SET @all = 0x");
    for (int i = 0; i < 256; i++) {
      all.append("%02X".formatted(i));
    }
    statements.add(all.toString());
    for (int row = 0; row < records(); row++) {
      StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES (" + row);
      for (int column = 0; column < LINES.size(); column++) {
        Object literal = value(column, row, 1);
        sql.append(',').append(literal == null ? "NULL" : literal);
      }
      statements.add(sql.append(')').toString());
    }
    return statements;
  }

  /** The schema as the reader of this connector gives it. */
  static Schema schema(Connection connection, String database, String table) throws Exception {
    List<Field> fields = new ArrayList<>();
    for (MySqlColumn column :
        MySqlTable.find(connection, new TableName(database, table)).orElseThrow().columns()) {
      fields.add(column.field());
    }
    return new Schema(fields);
  }

  /** All records as a reader delivers them. */
  static RecordBatch batch(Schema schema) {
    RecordBatch batch = new RecordBatch(schema, 16 << 20, 1000);
    for (int row = 0; row < records(); row++) {
      batch.longs(0).append(row);
      for (int column = 0; column < LINES.size(); column++) {
        append(batch, column + 1, value(column, row, 0));
      }
      batch.endRecord(row);
    }
    return batch;
  }

  static void append(RecordBatch batch, int index, @Nullable Object value) {
    if (value == null) {
      batch.column(index).appendNull();
      return;
    }
    switch (batch.schema().field(index).type()) {
      case BOOLEAN, INT64, TIME, DATE, DATETIME, TIMESTAMP ->
          batch.longs(index).append((Long) value);
      case FLOAT64 -> batch.doubles(index).append((Double) value);
      case DECIMAL -> {
        byte[] text = ((BigDecimal) value).toPlainString().getBytes(StandardCharsets.US_ASCII);
        batch.decimals(index).appendText(text, 0, text.length);
      }
      case STRING, JSON -> batch.bytes(index).append((String) value);
      case BYTES -> batch.bytes(index).append((byte[]) value);
    }
  }
}
