package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the keys are like, the target is the source, row by row. */
class ExactCopyIT {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");
  private static final int ROWS = 100_000;
  private static final int FEW_ROWS = 20_000;

  @TempDir Path directory;

  /**
   * A table to copy.
   *
   * @param columns its columns and keys; {@code note} is one of them
   * @param key SQL of the key's values, made of the number {@code n} from 0 on
   * @param splitPk the column to split by; empty for none
   * @param mayUseMore false when one channel is the rule
   */
  record Shape(String name, String columns, String key, String splitPk, boolean mayUseMore) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(
              "NULL keys and duplicate rows, no primary key",
              "k BIGINT NULL, note VARCHAR(40), KEY (k)",
              "IF(n % 10 = 0, NULL, n DIV 4), CONCAT('note ', n % 10 = 0, '-', n DIV 4)",
              "k",
              true),
          new Shape(
              "no key at all",
              "k INT NULL, note VARCHAR(40)",
              "NULLIF(n % 7, 3), CONCAT('same ', n % 11)",
              "",
              false),
          new Shape(
              "no index on splitPk",
              "k INT NULL, note VARCHAR(40)",
              "NULLIF(n % 5000, 3), CONCAT('same ', n % 11)",
              "k",
              true),
          new Shape(
              "UUID keys",
              "k CHAR(36) PRIMARY KEY, note VARCHAR(40)",
              "INSERT(INSERT(INSERT(INSERT(MD5(n), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0,"
                  + " '-'), n",
              "k",
              false),
          new Shape(
              "keys with gaps, 99 % of them in 1 % of the range",
              "k INT PRIMARY KEY, note VARCHAR(40)",
              "IF(n % 100 = 0, -2000000000 + n * 39000, 1000000000 + n * 7), n",
              "k",
              true),
          new Shape(
              "negative keys",
              "k BIGINT PRIMARY KEY, note VARCHAR(40)",
              "IF(n = 0, -9223372036854775808, IF(n = 1, 9223372036854775807, n * 3 - 200000)), n",
              "k",
              true),
          new Shape(
              "unsigned keys beyond 2^63",
              "k BIGINT UNSIGNED PRIMARY KEY, note VARCHAR(40)",
              "IF(n = 0, 0, 18446744073709551615 - CAST(n AS UNSIGNED) * 184467440737095), n",
              "k",
              true),
          new Shape(
              "a composite key of which splitPk is the first column",
              "k SMALLINT, part INT, note VARCHAR(40), PRIMARY KEY (k, part)",
              "n % 100 - 50, n, n",
              "k",
              true),
          new Shape(
              "a composite key of which splitPk is the second column",
              "part INT, k INT, note VARCHAR(40), PRIMARY KEY (part, k)",
              "n % 100 - 50, n, n",
              "k",
              true),
          new Shape(
              "one value for every key",
              "k INT, note VARCHAR(40), KEY (k)",
              "7, n DIV 2",
              "k",
              true));

  /** Keys of other types, by which a table is cut without a splitPk. */
  private static final List<Shape> ODD_KEYS =
      List.of(
          new Shape(
              "odd texts",
              "k VARCHAR(40) PRIMARY KEY, note INT",
              "CONCAT(ELT(n % 7 + 1, _utf8mb4 0xC3A9, 'Z', '\\\\', '\\'', '\"%_', _utf8mb4 0xF09F9880,"
                  + " 'a\\0'), ' ', n, IF(n % 3 = 0, '  ', '')), n",
              "",
              false),
          new Shape(
              "latin1 texts",
              "k VARCHAR(40) CHARACTER SET latin1 PRIMARY KEY, note INT",
              "CONCAT(ELT(n % 3 + 1, _utf8mb4 0xC3A9, 'Z', 'z'), ' ', n), n",
              "",
              false),
          new Shape(
              "binary keys",
              "k VARBINARY(20) PRIMARY KEY, note INT",
              "UNHEX(MD5(n)), n",
              "",
              false),
          new Shape(
              "moments within the repeated hour",
              "k TIMESTAMP(6) PRIMARY KEY, note INT",
              "TIMESTAMP'2024-11-03 14:00:00' + INTERVAL n * 300000 MICROSECOND, n",
              "",
              false),
          new Shape(
              "wall clock times",
              "k DATETIME(3) PRIMARY KEY, note INT",
              "TIMESTAMP'2024-11-03 00:00:00' + INTERVAL n * 1000 MICROSECOND, n",
              "",
              false),
          new Shape(
              "decimals", "k DECIMAL(30,15) PRIMARY KEY, note INT", "(n - 9000) / 7, n", "", false),
          new Shape("floats", "k FLOAT PRIMARY KEY, note INT", "(n - 9000) / 10, n", "", false),
          new Shape("doubles", "k DOUBLE PRIMARY KEY, note INT", "(n - 9000) / 7, n", "", false),
          new Shape("bits", "k BIT(40) PRIMARY KEY, note INT", "n * 1000, n", "", false),
          new Shape(
              "a composite key of an ENUM, a TIME and a text",
              "k ENUM('z','a','m'), t TIME(2), note CHAR(9), PRIMARY KEY (k, t, note)",
              "n % 3 + 1, SEC_TO_TIME(n % 500 - 250), n",
              "",
              false),
          new Shape(
              "a unique key with NULLs",
              "k INT NULL, note VARCHAR(40), UNIQUE KEY (k)",
              "IF(n % 4 = 0, NULL, n), n % 9",
              "",
              false));

  /**
   * What a run of all tests tries anyway: where the server's order of keys is not that of bytes.
   */
  private static final Set<String> OFTEN = Set.of("odd texts", "a unique key with NULLs");

  static Stream<Arguments> copies() {
    List<Arguments> all = new ArrayList<>();
    for (int i = 0; i < SHAPES.size(); i++) {
      for (Flavour flavour : Flavour.values()) {
        if (FULL || i % Flavour.values().length == flavour.ordinal()) {
          all.add(Arguments.of(SHAPES.get(i), flavour));
        }
      }
    }
    return all.stream();
  }

  static Stream<Arguments> oddKeys() {
    List<Arguments> all = new ArrayList<>();
    for (Shape shape : ODD_KEYS) {
      for (Flavour flavour : Flavour.values()) {
        if (FULL || (flavour == Flavour.MYSQL && OFTEN.contains(shape.name()))) {
          all.add(Arguments.of(shape, flavour));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("oddKeys")
  void aTableCutByAKeyOfAnotherTypeLosesAndDoublesNoRow(Shape shape, Flavour flavour)
      throws Exception {
    copy(shape, flavour, FEW_ROWS);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("copies")
  void aHundredThousandRowsArriveEachAsItIsAndAsOftenAsItIs(Shape shape, Flavour flavour)
      throws Exception {
    Outcome outcome = copy(shape, flavour, ROWS);
    if (shape.mayUseMore()) {
      assertThat(outcome.number("splits")).isGreaterThan(1);
    } else {
      assertThat(outcome.number("channels")).isEqualTo(1);
    }
    if (shape.name().startsWith("UUID")) {
      assertThat(outcome.output()).containsIgnoringCase("splitPk").contains("char");
    }
  }

  private Outcome copy(Shape shape, Flavour flavour, int rows) throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      scene.sql(
          "CREATE TABLE src (" + shape.columns() + ")",
          "CREATE TABLE dst LIKE src",
          Numbers.create(rows),
          "INSERT INTO src SELECT " + shape.key() + " FROM numbers");
      Scene.TaskFile task = scene.task().setting("channels", 4).setting("zone", "America/New_York");
      if (!shape.splitPk().isEmpty()) {
        task.reader("splitPk", shape.splitPk());
      }

      Outcome outcome = scene.run(task).succeeded().counted(rows, 0);

      String[] columns =
          scene
              .rows(
                  "SELECT column_name FROM information_schema.columns WHERE table_schema ="
                      + " DATABASE() AND table_name = 'src' ORDER BY ordinal_position")
              .stream()
              .toArray(String[]::new);
      assertThat(scene.checksums("dst", columns)).isEqualTo(scene.checksums("src", columns));
      return outcome;
    }
  }
}
