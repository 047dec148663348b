package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A value that its target column does not hold is dirty, whatever the server would do with it, and
 * one that it holds arrives.
 */
class NarrowTargetIT {

  @TempDir Path directory;

  /**
   * One value on its way.
   *
   * @param source the type of its column
   * @param literal its SQL
   * @param target the type of the column it goes to
   * @param arrives what the target shows as text afterwards; null when the record is dirty
   */
  record Case(String source, String literal, String target, String arrives) {
    @Override
    public String toString() {
      return source + " " + literal + " to " + target;
    }
  }

  private static Case dirty(String source, String literal, String target) {
    return new Case(source, literal, target, null);
  }

  private static Case kept(String source, String literal, String target, String arrives) {
    return new Case(source, literal, target, arrives);
  }

  private static final String ACCENTS = "_utf8mb4 0xC3A9";

  private static final List<Case> CASES =
      List.of(
          // Whole numbers.
          dirty("INT", "300", "TINYINT"),
          dirty("INT", "-1", "INT UNSIGNED"),
          dirty("BIGINT UNSIGNED", "9223372036854775808", "BIGINT"),
          dirty("BIGINT UNSIGNED", "18446744073709551615", "DECIMAL(19,0)"),
          kept("BIGINT UNSIGNED", "18446744073709551615", "DECIMAL(20,0)", "18446744073709551615"),
          dirty("BIGINT", "-1", "BIGINT UNSIGNED"),
          dirty("BIGINT", "16777217", "FLOAT"),
          dirty("BIGINT", "9007199254740993", "DOUBLE"),
          kept("BIGINT", "9007199254740992", "DOUBLE", "9.007199254740992e15"),
          dirty("INT", "12345", "VARCHAR(3)"),
          dirty("INT", "12345", "CHAR(3)"),
          kept("INT", "-12345", "VARCHAR(6)", "-12345"),
          dirty("INT", "99", "YEAR"),
          dirty("INT", "1900", "YEAR"),
          kept("INT", "2024", "YEAR", "2024"),
          dirty("INT", "100", "DECIMAL(4,2)"),
          dirty("INT", "1000", "DOUBLE(5,2)"),
          dirty("BIT(9)", "b'100000000'", "BIT(8)"),
          // Decimals and floating point.
          dirty("DECIMAL(10,4)", "1.2345", "DECIMAL(10,2)"),
          kept("DECIMAL(10,4)", "1.2300", "DECIMAL(10,2)", "1.23"),
          dirty("DECIMAL(10,2)", "12345678.90", "DECIMAL(6,2)"),
          dirty("DECIMAL(10,1)", "-0.5", "DECIMAL(10,1) UNSIGNED"),
          dirty("DECIMAL(65,30)", "0.000000000000000000000000000001", "DECIMAL(65,29)"),
          dirty("DECIMAL(10,1)", "1.5", "INT"),
          kept("DECIMAL(10,1)", "2.0", "INT", "2"),
          dirty("DECIMAL(30,20)", "0.12345678901234567890", "DOUBLE"),
          dirty("DECIMAL(10,9)", "0.123456789", "FLOAT"),
          dirty("DOUBLE", "1.5", "BIGINT"),
          dirty("DOUBLE", "1e300", "BIGINT"),
          dirty("DOUBLE", "1e19", "BIGINT"),
          dirty("DOUBLE", "0.1", "FLOAT"),
          kept("DOUBLE", "0.5", "FLOAT", "0.5"),
          dirty("DOUBLE", "1e39", "FLOAT"),
          dirty("DOUBLE", "1e-60", "FLOAT"),
          dirty("DOUBLE", "1.234", "DOUBLE(10,2)"),
          dirty("DOUBLE", "1.234", "DECIMAL(10,2)"),
          dirty("DOUBLE", "123456789012", "DOUBLE(10,2)"),
          kept("DOUBLE", "1.25", "DECIMAL(10,2)", "1.25"),
          // Dates and times.
          dirty("DATETIME(6)", "'2024-01-01 10:00:00.123456'", "DATETIME(3)"),
          dirty("DATETIME(6)", "'2024-01-01 10:00:00.999999'", "DATETIME"),
          dirty("DATETIME(6)", "'2024-01-01 10:00:00.123456'", "TIMESTAMP(3) NULL"),
          dirty("DATETIME(6)", "'2024-01-01 10:00:00.5'", "TIMESTAMP NULL"),
          kept(
              "DATETIME(6)",
              "'2024-01-01 10:00:00.120000'",
              "DATETIME(2)",
              "2024-01-01 10:00:00.12"),
          dirty("TIMESTAMP(6) NULL", "'2024-01-01 10:00:00.5'", "TIMESTAMP NULL"),
          dirty("TIMESTAMP(6) NULL", "'2024-01-01 10:00:00.5'", "DATETIME"),
          kept("TIMESTAMP NULL", "'2024-01-01 10:00:00'", "DATETIME", "2024-01-01 05:00:00"),
          dirty("TIME(6)", "'10:00:00.5'", "TIME"),
          dirty("TIME(6)", "'-10:00:00.000001'", "TIME(5)"),
          kept("TIME(6)", "'-10:00:00.100000'", "TIME(1)", "-10:00:00.1"),
          dirty("DATETIME", "'2024-01-01 10:00:00'", "DATE"),
          kept("DATETIME", "'2024-01-01 00:00:00'", "DATE", "2024-01-01"),
          dirty("DATETIME", "'2100-01-01 00:00:00'", "TIMESTAMP NULL"),
          dirty("DATETIME", "'1969-01-01 00:00:00'", "TIMESTAMP NULL"),
          // The hour that comes twice: the earlier instant.
          kept("DATETIME", "'2024-11-03 01:30:00'", "TIMESTAMP NULL", "2024-11-03 05:30:00"),
          dirty("DATETIME", "'2024-03-10 02:30:00'", "TIMESTAMP NULL"),
          kept("DATETIME", "'2024-07-01 12:00:00'", "TIMESTAMP NULL", "2024-07-01 16:00:00"),
          dirty("DATETIME", "'2024-01-01 10:00:00'", "VARCHAR(10)"),
          dirty("VARCHAR(40)", "'2024-02-30'", "DATE"),
          dirty("VARCHAR(40)", "'2024-01-01 10:00:00.123'", "DATETIME"),
          dirty("VARCHAR(40)", "'20240101x'", "DATE"),
          dirty("VARCHAR(40)", "'10:00:00.5'", "TIME"),
          dirty("VARCHAR(40)", "'900:00:00'", "TIME"),
          dirty("VARCHAR(40)", "'99'", "YEAR"),
          dirty("VARCHAR(40)", "'2200'", "YEAR"),
          // Texts as numbers.
          dirty("VARCHAR(40)", "'12.5'", "INT"),
          dirty("VARCHAR(40)", "' 12'", "INT"),
          dirty("VARCHAR(40)", "'12abc'", "INT"),
          dirty("VARCHAR(40)", "''", "INT"),
          dirty("VARCHAR(40)", "'0x10'", "INT"),
          kept("VARCHAR(40)", "'1e2'", "INT", "100"),
          dirty("VARCHAR(40)", "'1.234'", "DECIMAL(10,2)"),
          dirty("VARCHAR(40)", "'0.123456789012'", "FLOAT"),
          dirty("VARCHAR(40)", "'0.12345678901234567890'", "DOUBLE"),
          dirty("VARCHAR(40)", "'1e-400'", "DOUBLE"),
          dirty("VARCHAR(40)", "'1e400'", "DOUBLE"),
          kept("VARCHAR(40)", "'0.1'", "DOUBLE", "0.1"),
          kept("VARCHAR(40)", "'0.25'", "FLOAT", "0.25"),
          // Texts.
          dirty("VARCHAR(40)", "'12345678901'", "VARCHAR(10)"),
          dirty("VARCHAR(40)", "'1234567890  '", "VARCHAR(10)"),
          kept("VARCHAR(40)", "'12345678  '", "VARCHAR(10)", "12345678  "),
          kept("VARCHAR(40)", "REPEAT(_utf8mb4 0xF09F9880, 10)", "VARCHAR(10)", "😀".repeat(10)),
          dirty("VARCHAR(40)", "REPEAT(_utf8mb4 0xF09F9880, 11)", "VARCHAR(10)"),
          dirty("VARCHAR(40)", "'ab '", "CHAR(10)"),
          kept("VARCHAR(40)", "' ab'", "CHAR(10)", " ab"),
          dirty("CHAR(20)", "'12345678901'", "CHAR(10)"),
          dirty("TEXT", "REPEAT('x', 256)", "TINYTEXT"),
          dirty("TEXT", "CONCAT(REPEAT('x', 250), '          ')", "TINYTEXT"),
          dirty(
              "TEXT", "CONCAT(REPEAT('x', 10), REPEAT(' ', 200))", "TINYTEXT CHARACTER SET utf16"),
          dirty(
              "TINYTEXT CHARACTER SET latin1",
              "CONCAT(REPEAT(" + ACCENTS + ", 100), REPEAT(' ', 100))",
              "TINYTEXT CHARACTER SET utf8mb4"),
          kept(
              "VARCHAR(255) CHARACTER SET latin1",
              "REPEAT(" + ACCENTS + ", 200)",
              "TINYTEXT CHARACTER SET latin1",
              "é".repeat(200)),
          dirty(
              "TEXT CHARACTER SET latin1",
              "CONCAT(REPEAT(" + ACCENTS + ", 200), REPEAT(' ', 60))",
              "TINYTEXT CHARACTER SET latin1"),
          dirty("VARCHAR(40)", "_utf8mb4 0xF09F9880", "VARCHAR(40) CHARACTER SET utf8"),
          dirty("VARCHAR(40)", "_utf8mb4 0xE4B8AD", "VARCHAR(40) CHARACTER SET latin1"),
          kept("VARCHAR(40)", ACCENTS, "VARCHAR(40) CHARACTER SET latin1", "é"),
          dirty("VARCHAR(40)", ACCENTS, "VARCHAR(40) CHARACTER SET ascii"),
          kept("VARCHAR(40)", "_utf8mb4 0xE4B8AD5C", "VARCHAR(40) CHARACTER SET gbk", "中\\"),
          dirty("VARCHAR(40)", "_utf8mb4 0xF09F9880", "VARCHAR(40) CHARACTER SET gbk"),
          dirty("VARCHAR(40)", "'{\"a\":'", "JSON"),
          // Members.
          dirty("VARCHAR(40)", "'1'", "ENUM('a','b')"),
          kept("VARCHAR(40)", "'A'", "ENUM('a','b')", "a"),
          dirty("VARCHAR(40)", "''", "ENUM('a','b')"),
          dirty("VARCHAR(40)", "'a '", "ENUM('a','b')"),
          kept("VARCHAR(40)", "'5'", "ENUM('7','5')", "5"),
          dirty("VARCHAR(40)", "'3'", "SET('a','b')"),
          dirty("VARCHAR(40)", "'a,c'", "SET('a','b')"),
          dirty("VARCHAR(40)", "'a,'", "SET('a','b')"),
          kept("VARCHAR(40)", "'a,b'", "SET('a','b')", "a,b"),
          dirty("ENUM('a','b','c')", "'c'", "ENUM('a','b')"),
          kept("ENUM('a','b','c')", "'c'", "ENUM('c','b')", "c"),
          // Bytes.
          dirty("VARBINARY(20)", "0x010203", "BINARY(5)"),
          dirty("VARBINARY(20)", "0x010203040506", "VARBINARY(5)"),
          dirty("BLOB", "REPEAT('x', 256)", "TINYBLOB"),
          dirty("VARBINARY(20)", "0xC3", "VARCHAR(10)"),
          dirty("VARBINARY(20)", "0xC3C3", "TEXT"));

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
  void aValueThatTheTargetDoesNotHoldIsDirtyAndNeverChanged(Flavour flavour, String load)
      throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      scene.sql(
          table("src", CASES.stream().map(Case::source).toList()),
          table("dst", CASES.stream().map(Case::target).toList()));
      List<String> inserts = new ArrayList<>(List.of("SET time_zone = '+00:00'"));
      for (int i = 0; i < CASES.size(); i++) {
        inserts.add(
            "INSERT INTO src (id, c" + i + ") VALUES (" + i + "," + CASES.get(i).literal() + ")");
      }
      scene.sql(inserts.toArray(String[]::new));

      Outcome outcome =
          scene
              .withJava("-Duser.timezone=Asia/Kolkata")
              .run(
                  scene
                      .task()
                      .writer("load", load)
                      .setting("zone", "America/New_York")
                      .setting("narrowing", "dirty")
                      .setting("channels", 1))
              .succeeded();

      Map<Integer, Outcome.Dirty> dirty = new TreeMap<>();
      outcome.dirty().forEach(d -> dirty.put(Integer.parseInt(d.values().get(0)), d));
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < CASES.size(); i++) {
        Case one = CASES.get(i);
        Outcome.Dirty reported = dirty.get(i);
        List<String> found = scene.rows("SELECT CAST(c" + i + " AS CHAR) FROM dst WHERE id = " + i);
        if (one.arrives() == null) {
          if (reported == null) {
            wrong.add(one + " is not dirty; the target has " + found);
          } else if (!found.isEmpty() || !reported.column().equals("c" + i)) {
            wrong.add(one + ": " + reported + " " + found);
          }
        } else if (!found.equals(List.of(one.arrives()))) {
          wrong.add(one + " became " + found + " " + reported);
        }
      }
      assertThat(wrong).isEmpty();
      long expected = CASES.stream().filter(one -> one.arrives() == null).count();
      outcome.counted(CASES.size() - expected, expected);
    }
  }

  private static String table(String name, List<String> types) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + name + " (id INT PRIMARY KEY");
    for (int i = 0; i < types.size(); i++) {
      sql.append(", c").append(i).append(' ').append(types.get(i));
    }
    return sql + ") CHARACTER SET utf8mb4";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INT to ENUM('a','b')",
        "INT to SET('a','b')",
        "BIGINT to DATETIME",
        "VARCHAR(5) to BIT(8)",
        "TIME to DATETIME",
        "DECIMAL(10,2) to DOUBLE(10,2)"
      })
  void whatCannotBeComparedIsRefusedBeforeAnythingIsWritten(String pair) throws Exception {
    String[] types = pair.split(" to ");
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      scene.sql(
          "CREATE TABLE src (c " + types[0] + ")",
          "CREATE TABLE dst (c " + types[1] + ")",
          "CREATE TABLE audit (what INT)");
      Outcome outcome =
          scene.run(scene.task().writer("preSql", List.of("INSERT INTO audit VALUES (1)")));
      assertThat(outcome.exit()).isNotZero();
      assertThat(outcome.error()).contains("'c'").contains("cannot take");
      assertThat(scene.one("SELECT COUNT(*) FROM audit")).isEqualTo("0");
      assertThat(scene.rows("SHOW TABLES LIKE 'millrace%'")).isEmpty();
    }
  }
}
