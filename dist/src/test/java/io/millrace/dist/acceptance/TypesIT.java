package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type arrives bit by bit, whatever zones the server, the process and the task are in. */
class TypesIT {

  private static final int LARGE = 64 << 20;

  @TempDir Path directory;

  /**
   * A column and SQL of values at its edges.
   *
   * @param shown what tells two of its values apart, with {@code ?} for the column
   */
  record Line(String type, String shown, List<String> literals) {
    static Line of(String type, String... literals) {
      return new Line(type, "CAST(? AS CHAR)", List.of(literals));
    }

    Line withNumber() {
      return new Line(type, "CAST(? + 0 AS CHAR)", literals);
    }

    static Line bytes(String type, String... literals) {
      return new Line(type, "?", List.of(literals));
    }

    static Line number(String type, String... literals) {
      return new Line(type, "CONCAT(? + 0e0, '')", List.of(literals));
    }
  }

  private static final String EVERY_BYTE = everyByte();

  private static String everyByte() {
    StringBuilder hex = new StringBuilder("0x");
    for (int i = 0; i < 256; i++) {
      hex.append("%02X".formatted(i));
    }
    return hex.toString();
  }

  private static final String ODD_TEXT =
      "CONCAT('tab\\tline\\nback\\\\slash\\0quote''\\\"`%_\\r\\Z ', _utf8mb4 0xF09F9880E282AC, ' ')";

  private static final List<Line> LINES =
      List.of(
          Line.of("TINYINT", "-128", "0", "127"),
          Line.of("TINYINT UNSIGNED", "0", "255"),
          Line.of("TINYINT(1)", "0", "1", "5", "-128"),
          Line.of("BOOLEAN", "TRUE", "FALSE"),
          Line.of("SMALLINT", "-32768", "32767"),
          Line.of("SMALLINT UNSIGNED", "65535"),
          Line.of("MEDIUMINT", "-8388608", "8388607"),
          Line.of("MEDIUMINT UNSIGNED", "16777215"),
          Line.of("INT", "-2147483648", "2147483647"),
          Line.of("INT UNSIGNED", "4294967295"),
          Line.of("INT(8) UNSIGNED ZEROFILL", "42"),
          Line.of("BIGINT", "-9223372036854775808", "9223372036854775807"),
          Line.of("BIGINT UNSIGNED", "18446744073709551615", "9223372036854775808", "0"),
          Line.number("FLOAT", "0.1", "3.4028234e38", "-1.17549435e-38", "16777216", "1e-45"),
          Line.number(
              "DOUBLE",
              "0.1",
              "'-0.0'",
              "1.7976931348623157e308",
              "2.2250738585072014e-308",
              "4.9e-324",
              "9007199254740993",
              "123456789.12345679"),
          Line.number("FLOAT(7,3)", "1234.567", "-0.001"),
          Line.number("DOUBLE(20,4)", "123456789012.1234"),
          Line.of(
              "DECIMAL(65,30)",
              "-99999999999999999999999999999999999.999999999999999999999999999999",
              "0.000000000000000000000000000001",
              "0"),
          Line.of("DECIMAL(18,4)", "-99999999999999.9999", "0.0100"),
          Line.of("DECIMAL(30,0) UNSIGNED", "999999999999999999999999999999"),
          Line.bytes("CHAR(10)", "'a b'", "''", "' x'", "_utf8mb4 0xF09F9880"),
          Line.bytes("VARCHAR(60)", ODD_TEXT, "'\\\\N'", "''", "'NULL'", "'end '", "'   '"),
          Line.bytes("VARCHAR(20) CHARACTER SET latin1", "_latin1 0xE9805C09FF81"),
          Line.bytes("VARCHAR(20) CHARACTER SET utf8", "_utf8mb4 0xE282AC"),
          Line.bytes("VARCHAR(20) CHARACTER SET gbk", "_gbk 0xD6D0CEC45C", "_gbk 0x815C"),
          Line.bytes("VARCHAR(20) CHARACTER SET utf16", "_utf8mb4 0xF09F988061"),
          Line.bytes("VARCHAR(20) CHARACTER SET sjis", "_sjis 0x835C41"),
          Line.bytes("CHAR(5) CHARACTER SET ascii", "'plain'"),
          Line.bytes("TINYTEXT", "'tiny'", "REPEAT('t', 255)"),
          Line.bytes("TEXT", ODD_TEXT, "REPEAT(_utf8mb4 0xF09F9880, 16000)"),
          Line.bytes("MEDIUMTEXT", "REPEAT('m\\\\', 70000)"),
          Line.bytes("LONGTEXT", "''", "REPEAT('\\n', 1000)"),
          Line.bytes("BINARY(4)", "0x00FF0900", "0x41"),
          Line.bytes("VARBINARY(300)", EVERY_BYTE, "''", "0x00", "0x2020"),
          Line.bytes("TINYBLOB", "0x5C4E090A0027"),
          Line.bytes("BLOB", EVERY_BYTE),
          Line.bytes("MEDIUMBLOB", "REPEAT(" + EVERY_BYTE + ", 400)"),
          Line.bytes("LONGBLOB", "''"),
          Line.of("BIT(1)", "b'0'", "b'1'").withNumber(),
          Line.of("BIT(9)", "b'100001001'", "0x5C", "0x0A", "0x09", "0").withNumber(),
          Line.of("BIT(64)", "0xFFFFFFFFFFFFFFFF", "0x5C090A00275C4E00").withNumber(),
          Line.of("YEAR", "0", "1901", "2155"),
          Line.of("DATE", "'9999-12-31'", "'0000-00-00'", "'2024-00-00'", "'0001-01-01'"),
          Line.of(
              "DATETIME",
              "'2024-11-03 01:30:00'",
              "'2024-03-10 02:30:00'",
              "'0000-00-00 00:00:00'"),
          Line.of(
              "DATETIME(6)",
              "'2024-11-03 01:30:00.123456'",
              "'2024-03-10 02:30:00.999999'",
              "'9999-12-31 23:59:59.999999'",
              "'1000-01-01 00:00:00.000001'"),
          Line.of("DATETIME(3)", "'2024-10-27 02:30:00.120'"),
          // In UTC: both sides of the repeated hour of autumn in New York, and of Berlin's.
          Line.of(
              "TIMESTAMP NULL",
              "'2024-11-03 05:30:00'",
              "'2024-11-03 06:30:00'",
              "'1970-01-01 00:00:01'",
              "'0000-00-00 00:00:00'"),
          Line.of(
              "TIMESTAMP(6) NULL",
              "'2024-11-03 05:30:00.123456'",
              "'2024-11-03 06:30:00.123456'",
              "'2024-10-27 00:30:00.5'",
              "'2024-10-27 01:30:00.5'",
              "'2038-01-19 03:14:07.999999'"),
          Line.of("TIME", "'-838:59:59'", "'25:00:00'", "'00:00:00'"),
          Line.of("TIME(6)", "'-00:00:00.000001'", "'838:59:58.999999'", "'12:34:56.789012'"),
          Line.of(
              "JSON",
              "'{\"a\": \"\\\\n \u20ac\", \"b\": [1, null, 1.5e10, true]}'",
              "'null'",
              "'\"text\"'"),
          Line.bytes("ENUM('x','3','it''s','a b','\u20ac')", "'3'", "'it''s'", "'a b'", "5"),
          Line.bytes("SET('p','q','1')", "'p,1'", "''", "7"));

  static Stream<Arguments> ways() {
    List<Arguments> all = new ArrayList<>();
    for (Flavour flavour : Flavour.values()) {
      for (String load : List.of("auto", "never")) {
        all.add(Arguments.of(flavour, load));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, load {1}")
  @MethodSource("ways")
  void everyTypeArrivesBitByBit(Flavour flavour, String load) throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      List<String> statements = new ArrayList<>();
      statements.add(
          "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES',"
              + " NAMES utf8mb4");
      StringBuilder create = new StringBuilder("CREATE TABLE src (id INT PRIMARY KEY");
      String[] shown = new String[LINES.size() + 1];
      shown[0] = "id";
      int records = 1;
      for (int i = 0; i < LINES.size(); i++) {
        create.append(", c").append(i).append(' ').append(LINES.get(i).type());
        shown[i + 1] = LINES.get(i).shown().replace("?", "c" + i);
        records = Math.max(records, LINES.get(i).literals().size() + 1);
      }
      statements.add(create + ") CHARACTER SET utf8mb4");
      statements.add("CREATE TABLE dst LIKE src");
      for (int row = 0; row < records; row++) {
        StringBuilder insert = new StringBuilder("INSERT INTO src VALUES (" + row);
        for (Line line : LINES) {
          insert
              .append(',')
              .append(row < line.literals().size() ? line.literals().get(row) : "NULL");
        }
        statements.add(insert + ")");
      }
      scene.sql(statements.toArray(String[]::new));

      scene
          .withJava("-Duser.timezone=Asia/Kolkata")
          .run(scene.task().writer("load", load).setting("zone", "America/New_York"))
          .succeeded()
          .counted(records, 0);

      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < shown.length; i++) {
        String one = "SELECT id, HEX(" + shown[i] + ") FROM ";
        List<String> expected = scene.rows(one + "src ORDER BY id");
        List<String> found = scene.rows(one + "dst ORDER BY id");
        if (!found.equals(expected)) {
          wrong.add(
              (i == 0 ? "id" : LINES.get(i - 1).type()) + ": " + expected + " became " + found);
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(scene.checksums("dst", shown)).isEqualTo(scene.checksums("src", shown));
    }
  }

  @ParameterizedTest(name = "{0}, load {1}")
  @CsvSource({"MYSQL,auto", "MARIADB,never"})
  void valuesOfSixtyFourMegabytesArriveWithinABoundedHeap(Flavour flavour, String load)
      throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, v LONGBLOB)",
          "CREATE TABLE dst LIKE src",
          "INSERT INTO src VALUES (1, 'small'), (3, NULL)",
          "INSERT INTO src SELECT 2, REPEAT(bytes, "
              + LARGE / 1024
              + ") FROM (SELECT"
              + " CONCAT(RANDOM_BYTES(768), "
              + EVERY_BYTE
              + ") bytes) random");
      scene
          .withJava(System.getProperty("millrace.test.heap", "-Xmx512m"))
          .run(scene.task().writer("load", load).setting("channels", 2))
          .succeeded()
          .counted(3, 0);
      String sums = "SELECT id, LENGTH(v), SHA2(v, 256) FROM ";
      assertThat(scene.rows(sums + "dst ORDER BY id"))
          .isEqualTo(scene.rows(sums + "src ORDER BY id"));
    }
  }
}
