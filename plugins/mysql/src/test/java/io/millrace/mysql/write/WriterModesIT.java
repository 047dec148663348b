package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways of writing and the trouble records can give, on every server. */
abstract class WriterModesIT {

  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));
  private static final Schema ID_A_B =
      Schema.of(
          Field.of("id", ColumnType.INT64),
          Field.of("a", ColumnType.STRING),
          Field.of("b", ColumnType.STRING));

  WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("modes"));
    harness.with("table", "t");
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void findsEveryDirtyRecordOfALargeBatchAndWritesTheOthers(String load) throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(10))");
    harness.execute("INSERT INTO t VALUES (17, 'there'), (4711, 'there')");
    RecordBatch batch = new RecordBatch(ID_NAME, 1 << 20, 1 << 20);
    for (int i = 0; i < 5000; i++) {
      batch.longs(0).append(i);
      batch.bytes(1).append(i == 300 ? "much too long" : "n" + i);
      batch.endRecord(i);
    }
    WriterHarness.Run run = harness.with("load", load).run(batch);
    assertThat(run.written()).isEqualTo(4997);
    assertThat(run.dirty())
        .extracting(d -> d.position())
        .containsExactlyInAnyOrder(17L, 300L, 4711L);
    assertThat(run.dirty())
        .extracting(d -> d.reason().code())
        .containsExactlyInAnyOrder("1062", "TOO_LONG", "1062");
    assertThat(harness.one("SELECT COUNT(*), SUM(name = CONCAT('n', id)) FROM t"))
        .isEqualTo("4999|4997");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void skipsAKeyThatIsThereAndNothingElseThatIgnoreWouldLetPass(String load) throws Exception {
    harness.execute(
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "INSERT INTO p VALUES (1)",
        "CREATE TABLE t (id INT PRIMARY KEY, code VARCHAR(5), n TINYINT NOT NULL, kind"
            + " ENUM('a','b'), parent INT, UNIQUE (code), FOREIGN KEY (parent) REFERENCES p (id))",
        "INSERT INTO t VALUES (17, 'there', 1, 'a', 1), (4711, 'x', 2, 'a', 1)");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("code", ColumnType.STRING),
            Field.of("n", ColumnType.INT64),
            Field.of("kind", ColumnType.STRING),
            Field.of("parent", ColumnType.INT64));
    RecordBatch batch = new RecordBatch(schema, 1 << 22, 1 << 20);
    for (int i = 0; i < 3000; i++) {
      // 40 keys that are there twice in the task, of which the first one counts.
      batch.longs(0).append(i >= 2000 && i < 2040 ? i - 2000 : i == 2999 ? 4711 : i);
      batch.bytes(1).append(i == 300 ? "too long" : i == 301 ? "there" : "n" + i);
      if (i == 302) {
        batch.longs(2).appendNull();
      } else {
        batch.longs(2).append(i == 303 ? 1000 : i % 100);
      }
      batch.bytes(3).append(i == 304 ? "c" : "a");
      batch.longs(4).append(i == 305 ? 2 : 1);
      batch.endRecord(i);
    }
    WriterHarness.Run run =
        harness.with("load", load).with("writeMode", "insert ignore").run(batch);
    assertThat(run.dirty())
        .extracting(d -> d.position())
        .containsExactlyInAnyOrder(300L, 302L, 303L, 304L, 305L);
    // 17, 301, the 40, and the last; 17 of the 40 is there as well.
    assertThat(run.skipped()).isEqualTo(43);
    assertThat(run.written()).isEqualTo(3000 - 5 - 43);
    assertThat(harness.one("SELECT COUNT(*), SUM(code = CONCAT('n', id)) FROM t"))
        .isEqualTo((2 + run.written()) + "|" + run.written());
    assertThat(harness.one("SELECT code FROM t WHERE id = 17")).isEqualTo("there");
  }

  /** A key that is there where a trigger writes is none of the table's: the record is dirty. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void skipsNoRecordForAKeyThatATriggerMeets(String load) throws Exception {
    harness.execute(
        "CREATE TABLE other (name VARCHAR(20) PRIMARY KEY)",
        "INSERT INTO other VALUES ('a1'), ('a7')",
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))",
        "INSERT INTO t VALUES (3, 'old')",
        "DELETE FROM other WHERE name = 'old'",
        "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW INSERT INTO other VALUES (NEW.name)");
    Object[][] rows = new Object[10][];
    for (int i = 0; i < 10; i++) {
      rows[i] = row((long) i, "a" + i);
    }
    WriterHarness.Run run =
        harness
            .with("load", load)
            .with("writeMode", "insert ignore")
            .run(WriterHarness.batch(ID_NAME, rows));
    assertThat(run.dirty()).extracting(d -> d.position()).containsExactlyInAnyOrder(1L, 7L);
    assertThat(run.skipped()).isEqualTo(1);
    assertThat(run.written()).isEqualTo(7);
    assertThat(harness.rows("SELECT id FROM t ORDER BY id"))
        .containsExactly("0", "2", "3", "4", "5", "6", "8", "9");
    assertThat(harness.one("SELECT COUNT(*) FROM other")).isEqualTo("9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void skipsMoreKeysThanTheServerKeepsWarningsOf(String load) throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(10))");
    int records = 70_000;
    RecordBatch batch = new RecordBatch(ID_NAME, 1 << 22, 1 << 20);
    for (int i = 0; i < records; i++) {
      batch.longs(0).append(i);
      batch.bytes(1).append("a");
      batch.endRecord(i);
    }
    harness.with("load", load).with("writeMode", "insertIgnore");
    assertThat(harness.run(batch).written()).isEqualTo(records);
    harness.instance = UUID.randomUUID().toString();
    WriterHarness.Run again = harness.run(batch);
    assertThat(again.written()).isZero();
    assertThat(again.skipped()).isEqualTo(records);
    assertThat(again.dirty()).isEmpty();
  }

  @Test
  void skipsKeysInATableWithoutTransactionsAndInAShadow() throws Exception {
    RecordBatch batch =
        WriterHarness.batch(ID_NAME, row(1L, "a"), row(2L, "b"), row(1L, "c"), row(3L, "too long"));
    for (String way : List.of("MyISAM direct", "InnoDB swap")) {
      harness.execute("DROP TABLE IF EXISTS t");
      harness.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(5)) ENGINE=" + way.split(" ")[0],
          "INSERT INTO t VALUES (2, 'old')");
      WriterHarness.Run run =
          harness.with("writeMode", "insert ignore").with("publish", way.split(" ")[1]).run(batch);
      boolean swap = way.endsWith("swap");
      assertThat(run.skipped()).isEqualTo(swap ? 1 : 2);
      assertThat(run.dirty()).hasSize(1);
      assertThat(harness.rows("SELECT id, name FROM t ORDER BY id"))
          .containsExactly("1|a", swap ? "2|b" : "2|old");
      harness.instance = UUID.randomUUID().toString();
    }
    assertThatThrownBy(() -> harness.with("publish", "append").run(batch))
        .hasMessageContaining("publish: append");
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert auto", "insert never", "update auto", "replace never"})
  void geometriesTravelAsTheServersOwnBytes(String way) throws Exception {
    boolean mysql8 = server().flavour() == Flavour.MYSQL;
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, p POINT, g GEOMETRY"
            + (mysql8 ? " SRID 0" : "")
            + ", b BLOB)");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("p", ColumnType.BYTES).withNativeType("point"),
            Field.of("g", ColumnType.BYTES).withNativeType("geometry"),
            Field.of("b", ColumnType.BYTES).withNativeType("point"));
    byte[] point = bytes("00000000 01 01000000 000000000000f03f 0000000000000040");
    byte[] placed = bytes("e6100000 01 01000000 000000000000f03f 0000000000000040");
    byte[] line =
        bytes(
            "00000000 01 02000000 02000000 0000000000000000 0000000000000000 000000000000f03f"
                + " 000000000000f03f");
    WriterHarness.Run run =
        harness
            .with("writeMode", way.split(" ")[0])
            .with("load", way.split(" ")[1])
            .run(
                WriterHarness.batch(
                    schema,
                    row(1L, placed, line, placed),
                    row(2L, line, line, null),
                    row(3L, bytes("00"), null, null),
                    row(4L, null, mysql8 ? placed : bytes("0102"), null),
                    row(5L, point, point, null)));
    assertThat(run.dirty()).extracting(d -> d.position()).containsExactlyInAnyOrder(1L, 2L, 3L);
    HexFormat hex = HexFormat.of().withUpperCase();
    assertThat(harness.rows("SELECT id, HEX(p), HEX(g), HEX(b) FROM t ORDER BY id"))
        .containsExactly(
            "1|" + hex.formatHex(placed) + "|" + hex.formatHex(line) + "|" + hex.formatHex(placed),
            "5|" + hex.formatHex(point) + "|" + hex.formatHex(point) + "|null");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void whatIsNoGeometryIsRefusedForOneWithAdviceThatHolds() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name POINT)");
    assertThatThrownBy(() -> harness.run(WriterHarness.batch(ID_NAME, row(1L, "POINT(1 1)"))))
        .hasMessageContaining("read by its name");
    harness.execute("DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY, name TEXT)");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("name", ColumnType.BYTES).withNativeType("point"));
    assertThatThrownBy(() -> harness.run(WriterHarness.batch(schema, row(1L, new byte[25]))))
        .hasMessageContaining("ST_AsText(column)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "swap"})
  void severalStatementsInOneEntryRunOneByOne(String publish) throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(10))", "CREATE TABLE done (n INT)");
    String url = (String) harness.options.get("jdbcUrl");
    harness
        .with("jdbcUrl", url + "&allowMultiQueries=true")
        .with("publish", publish)
        .with("preSql", List.of("INSERT INTO t VALUES (7, 'a;b'); DELETE FROM t WHERE id = 8;"))
        .with("postSql", List.of("INSERT INTO done VALUES (1);INSERT INTO done VALUES (2); -- end"))
        .run(WriterHarness.batch(ID_NAME, row(1L, "a")));
    assertThat(harness.rows("SELECT id, name FROM t ORDER BY id")).containsExactly("1|a", "7|a;b");
    assertThat(harness.one("SELECT COUNT(*), SUM(n) FROM done")).isEqualTo("2|3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void refusesNullWhereTheColumnDoes(String load) throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL,"
            + " at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("n", ColumnType.INT64),
            Field.of("at", ColumnType.TIMESTAMP));
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
    Object[][] rows = {
      {0L, 1L, 1_000_000L}, {5L, null, 1_000_000L}, {6L, 2L, null}, {null, 3L, 2_000_000L}
    };
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < 3; c++) {
        WriterTypes.append(batch, c, rows[i][c]);
      }
      batch.endRecord(i);
    }
    WriterHarness.Run run = harness.with("load", load).run(batch);
    assertThat(run.dirty())
        .extracting(d -> d.position() + d.reason().code() + d.reason().column())
        .containsExactly("11048n", "21048at", "31048id");
    // 0 stays 0.
    assertThat(harness.rows("SELECT id, n FROM t ORDER BY id")).containsExactly("0|1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert auto", "insert never", "update auto", "replace auto"})
  void nullInAnAutoIncrementColumnIsDirtyAndNoRecordIsLost(String way) throws Exception {
    harness.execute("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))");
    for (String nullMode : List.of("writeNull", "skipNull")) {
      harness.execute("TRUNCATE TABLE t");
      WriterHarness.Run run =
          harness
              .with("writeMode", way.split(" ")[0])
              .with("load", way.split(" ")[1])
              .with("nullMode", nullMode)
              .run(
                  WriterHarness.batch(
                      ID_NAME,
                      row(null, "a"),
                      row(null, "b"),
                      row(null, "c"),
                      row(1L, "d"),
                      row(2L, "e"),
                      row(3L, "f")));
      assertThat(run.written()).isEqualTo(3);
      assertThat(run.dirty())
          .extracting(d -> d.position() + d.reason().code() + d.reason().column())
          .containsExactly("01048id", "11048id", "21048id");
      assertThat(harness.rows("SELECT id, name FROM t ORDER BY id"))
          .containsExactly("1|d", "2|e", "3|f");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void numbersAreMadeUpOnlyWhereTheTaskAllowsIt(String load) throws Exception {
    harness.execute("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))");
    harness.with("load", load).with("generateNumbers", true);
    WriterHarness.Run run =
        harness.run(WriterHarness.batch(ID_NAME, row(null, "a"), row(7L, "b"), row(0L, "c")));
    assertThat(run.dirty()).isEmpty();
    assertThat(harness.rows("SELECT id, name FROM t ORDER BY id"))
        .containsExactly("0|c", "1|a", "7|b");
    for (String mode : List.of("update", "replace")) {
      harness.with("writeMode", mode);
      assertThatThrownBy(() -> harness.writer()).hasMessageContaining("for writeMode insert");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "replace"})
  void nullInATimestampNeverBecomesThePresentTime(String mode) throws Exception {
    // With these settings of old the server takes NULL for the present time.
    harness.with("session", List.of("SET explicit_defaults_for_timestamp = 0"));
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON"
            + " UPDATE CURRENT_TIMESTAMP)");
    Schema schema =
        Schema.of(Field.of("id", ColumnType.INT64), Field.of("at", ColumnType.TIMESTAMP));
    for (String load : List.of("auto", "never")) {
      WriterHarness.Run run =
          harness
              .with("writeMode", mode)
              .with("load", load)
              .run(WriterHarness.batch(schema, row(1L, null)));
      assertThat(run.written()).isZero();
      assertThat(run.dirty()).extracting(d -> d.reason().code()).containsExactly("1048");
    }
    assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void letsConstraintsAndTriggersSpeakForEachRecord(String load) throws Exception {
    harness.execute(
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "INSERT INTO p VALUES (1), (2)",
        "CREATE TABLE t (id INT, name VARCHAR(9), FOREIGN KEY (id) REFERENCES p (id))",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN"
            + " IF NEW.name = 'bad' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no bad ones';"
            + " END IF; SET NEW.name = UPPER(NEW.name); END");
    WriterHarness.Run run =
        harness
            .with("load", load)
            .run(
                WriterHarness.batch(
                    ID_NAME, row(1L, "a"), row(3L, "b"), row(2L, "bad"), row(2L, "c")));
    assertThat(run.dirty())
        .extracting(d -> d.position() + " " + d.reason().code())
        .containsExactlyInAnyOrder("1 1452", "2 1644");
    assertThat(harness.rows("SELECT id, name FROM t ORDER BY id")).containsExactly("1|A", "2|C");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void updatesWhatIsThereAndTheLastOfABatchWins(String load) throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9), b VARCHAR(9), n INT NOT NULL DEFAULT 7)",
        "INSERT INTO t VALUES (1, 'old', 'old', 1)");
    harness.with("column", List.of("id", "a", "b")).with("writeMode", "update").with("load", load);
    WriterHarness.Run run =
        harness
            .with("updateColumn", List.of("a"))
            .run(
                WriterHarness.batch(
                    ID_A_B,
                    row(1L, "x", "x"),
                    row(2L, "first", "first"),
                    row(2L, "last", "last"),
                    row(1L, "y", "much too long"),
                    row(1L, "y", null)));
    assertThat(run.written()).isEqualTo(4);
    assertThat(run.dirty()).hasSize(1);
    assertThat(harness.rows("SELECT * FROM t ORDER BY id"))
        .containsExactly("1|y|old|1", "2|last|first|7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void replacesTheWholeRow(String load) throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9), b VARCHAR(9), n INT NOT NULL DEFAULT 7)",
        "INSERT INTO t VALUES (1, 'old', 'old', 1)");
    WriterHarness.Run run =
        harness
            .with("column", List.of("id", "a", "b"))
            .with("writeMode", "replace")
            .with("load", load)
            .run(WriterHarness.batch(ID_A_B, row(1L, "x", null), row(1L, "y", "z")));
    assertThat(run.written()).isEqualTo(2);
    assertThat(harness.one("SELECT * FROM t")).isEqualTo("1|y|z|7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "replace"})
  void leavesNullsOut(String mode) throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9) DEFAULT 'def', b VARCHAR(9) DEFAULT"
            + " 'def')");
    if (mode.equals("update")) {
      harness.execute("INSERT INTO t VALUES (1, 'old', 'old'), (2, 'old', 'old')");
    }
    WriterHarness.Run run =
        harness
            .with("writeMode", mode)
            .with("nullMode", "skipNull")
            .with("skipNullColumn", List.of("a"))
            .run(
                WriterHarness.batch(
                    ID_A_B, row(1L, null, null), row(2L, "x", "y"), row(3L, null, "z")));
    assertThat(run.written()).isEqualTo(3);
    assertThat(harness.rows("SELECT * FROM t ORDER BY id"))
        .containsExactly(mode.equals("update") ? "1|old|null" : "1|def|null", "2|x|y", "3|def|z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void comparesMembersAsTheServerDoes(String load) throws Exception {
    String bin = " COLLATE utf8mb4_bin";
    String general = " COLLATE utf8mb4_general_ci";
    // Type, value, and what it becomes; null where it is dirty.
    String[][] cases = {
      {"ENUM('y','n')" + general, "Y", "y"},
      {"ENUM('y','n')" + general, "y ", "y"},
      {"ENUM('y','n')" + bin, "Y", null},
      {"ENUM('y','n')" + bin, "y  ", "y"},
      {"ENUM('\u00e9','n')" + general, "E", "\u00e9"},
      {"ENUM('Y','N') CHARACTER SET latin1", "n", "N"},
      {"ENUM('?','n') CHARACTER SET latin1", "\u0416", null},
      {"ENUM('y','n')" + general, "1", null},
      {"ENUM('y','n')" + general, " 1", null},
      {"ENUM('y','n')" + general, "+1", null},
      {"ENUM('1','0')" + general, "0 ", "0"},
      {"ENUM('y','n')" + general, "", null},
      {"ENUM('y','n')" + general, "maybe", null},
      {"SET('a','b','c')" + general, "C,A", "a,c"},
      {"SET('a','b','c')" + general, "A ", "a"},
      {"SET('a','b','c')" + bin, "A", null},
      {"SET('a','b','c')" + general, "3", null},
      {"SET('a','b','c')" + general, "a,x", null},
      {"SET('a','b','c')" + general, "", ""}
    };
    harness.with("load", load);
    for (Narrowing narrowing : List.of(Narrowing.REFUSE, Narrowing.ROUND)) {
      harness.rules = TaskContext.Rules.OWN.withNarrowing(narrowing);
      for (String[] one : cases) {
        // The server would leave blanks at the end out.
        boolean kept = one[2] != null && (narrowing == Narrowing.ROUND || !one[1].endsWith(" "));
        compareMember(one[0], one[1], kept ? one[2] : null);
      }
    }
  }

  private void compareMember(String type, String value, @Nullable String stored) throws Exception {
    harness.execute("DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT, name " + type + ")");
    WriterHarness.Run run =
        harness.run(
            WriterHarness.batch(
                ID_NAME, row(1L, value), row(2L, null), row(3L, value), row(4L, value)));
    assertThat(harness.rows("SELECT DISTINCT name FROM t WHERE id <> 2"))
        .as("%s %s", type, value)
        .isEqualTo(stored == null ? List.of() : List.of(stored));
    assertThat(run.dirty()).hasSize(stored == null ? 3 : 0);
    assertThat(run.dirty())
        .allSatisfy(dirty -> assertThat(dirty.reason().code()).isEqualTo("NOT_A_MEMBER"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep", "null", "dirty"})
  void treatsZeroDatesAsAsked(String policy) throws Exception {
    harness.execute("CREATE TABLE t (id INT, d DATE, at TIMESTAMP NULL)");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("d", ColumnType.DATE),
            Field.of("at", ColumnType.TIMESTAMP));
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
    batch.longs(0).append(1);
    batch.longs(1).append(0);
    batch.longs(2).append(1_000_000);
    batch.endRecord(0);
    batch.longs(0).append(2);
    batch.longs(1).append(Calendars.date(2024, 1, 1));
    batch.longs(2).append(Calendars.ZERO_TIMESTAMP);
    batch.endRecord(1);
    WriterHarness.Run run = harness.with("zeroDate", policy).run(batch);
    List<String> rows =
        harness.rows("SELECT id, d IS NULL, at IS NULL, d = 0, at = 0 FROM t ORDER BY id");
    switch (policy) {
      case "keep" -> assertThat(rows).containsExactly("1|0|0|1|0", "2|0|0|0|1");
      case "null" -> assertThat(rows).containsExactly("1|1|0|null|0", "2|0|1|0|null");
      default -> {
        assertThat(rows).isEmpty();
        assertThat(run.dirty()).extracting(d -> d.reason().code()).containsOnly("ZERO_DATE");
      }
    }
  }

  @Test
  void refusesWhatCannotFitBeforeAnythingIsWritten() throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9), g INT AS (id + 1), must INT NOT"
            + " NULL)");
    refused(
        Map.of("column", List.of("id", "nmae", "must")), "no column 'nmae'; did you mean 'name'?");
    refused(Map.of("column", List.of("id", "g", "must")), "computed by the server");
    refused(Map.of("column", List.of("id", "name")), "wants a value for must");
    refused(Map.of("column", List.of("id", "ID")), "stands twice");
    refused(Map.of(), "the source has 2 columns and table");
    refused(Map.of("table", "missing"), "there is no table");
    refused(
        Map.of("column", List.of("id", "must")),
        "cannot take source column 'name'",
        ColumnType.DATE);
  }

  private void refused(Map<String, Object> options, String message) {
    refused(options, message, ColumnType.STRING);
  }

  private void refused(Map<String, Object> options, String message, ColumnType second) {
    WriterHarness fresh = new WriterHarness(harness.server, harness.database).with("table", "t");
    options.forEach(fresh::with);
    Schema source = Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", second));
    assertThatThrownBy(() -> fresh.writer().check(source, fresh.context()))
        .isInstanceOfSatisfying(MillraceException.class, e -> assertThat(e.isRetryable()).isFalse())
        .hasMessageContaining(message);
  }

  @Test
  void saysOnceThatLocalInfileWouldBeFaster() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9))");
    server().execute("", "SET GLOBAL local_infile = 0");
    try {
      WriterHarness.Run run =
          harness.run(
              WriterHarness.batch(ID_NAME, row(1L, "a")),
              WriterHarness.batch(ID_NAME, row(2L, "b")));
      assertThat(run.written()).isEqualTo(2);
      assertThat(run.context().lines)
          .filteredOn(line -> line.contains("local_infile"))
          .singleElement()
          .asString()
          .startsWith("WARN the server does not allow LOAD DATA LOCAL INFILE");
      assertThat(run.state().guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
    } finally {
      server().execute("", "SET GLOBAL local_infile = 1");
    }
  }

  @Test
  void writesToATableWithoutTransactionsRecordByRecord() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9)) ENGINE=MyISAM");
    WriterHarness.Run run =
        harness.run(WriterHarness.batch(ID_NAME, row(1L, "a"), row(1L, "b"), row(2L, "c")));
    assertThat(run.written()).isEqualTo(2);
    assertThat(run.dirty()).hasSize(1);
    assertThat(run.state().guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
    assertThat(run.state().reason()).contains("MyISAM");
    assertThat(harness.rows("SELECT * FROM t ORDER BY id")).containsExactly("1|a", "2|c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update"})
  void promisesLessWhereTheLedgerCannotBeMade(String mode) throws Exception {
    String account = "u" + harness.database.substring(harness.database.length() - 8);
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9))",
        "CREATE USER " + account + " IDENTIFIED BY 'secret'",
        "GRANT SELECT, INSERT, UPDATE ON t TO " + account);
    harness.with("username", account).with("password", "secret").with("writeMode", mode);
    RecordingContext check = harness.context();
    try (var writer = harness.writer()) {
      writer.check(ID_NAME, check);
    }
    assertThat(check.lines)
        .singleElement()
        .asString()
        .startsWith("WARN records are written at least once")
        .contains("grant CREATE");
    WriterHarness.Run run = harness.run(WriterHarness.batch(ID_NAME, row(1L, "a"), row(2L, "b")));
    assertThat(run.written()).isEqualTo(2);
    assertThat(run.state().guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
    assertThat(run.state().reason()).contains("millrace_ledger").contains("grant CREATE");
    assertThat(run.context().lines).containsOnlyOnce(check.lines.get(0));
    assertThat(harness.rows("SELECT * FROM t ORDER BY id")).containsExactly("1|a", "2|b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE", "SELECT", "INSERT", "UPDATE", "DELETE"})
  void checkTellsThatARightForTheLedgerIsMissingAndMakesNoTable(String missing) throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9))");
    String account = "c" + harness.database.substring(harness.database.length() - 8);
    List<String> rights =
        Stream.of("CREATE", "SELECT", "INSERT", "UPDATE", "DELETE")
            .filter(right -> !right.equals(missing))
            .toList();
    harness.execute(
        "CREATE USER " + account + " IDENTIFIED BY 'secret'",
        "GRANT SELECT, INSERT, UPDATE ON t TO " + account,
        "GRANT " + String.join(", ", rights) + " ON `" + harness.database + "`.* TO " + account);
    assertThat(linesOfCheck(account)).singleElement().asString().contains("grant CREATE, SELECT");
    assertThat(harness.rows("SHOW TABLES")).containsExactly("t");
    harness.run(WriterHarness.batch(ID_NAME, row(1L, "a")));
    assertThat(linesOfCheck(account)).hasSize(missing.equals("CREATE") ? 0 : 1);
    harness.execute("GRANT " + missing + " ON `" + harness.database + "`.* TO " + account);
    assertThat(linesOfCheck(account)).isEmpty();
    harness.execute("DROP TABLE millrace_ledger");
    assertThat(linesOfCheck(account)).isEmpty();
    assertThat(harness.rows("SHOW TABLES")).containsExactly("t");
  }

  private List<String> linesOfCheck(String account) {
    WriterHarness own = new WriterHarness(harness.server, harness.database).with("table", "t");
    own.with("username", account).with("password", "secret");
    RecordingContext check = own.context();
    try (var writer = own.writer()) {
      writer.check(ID_NAME, check);
    }
    return check.lines;
  }

  @Test
  void usesOddNamesAsTheyAre() throws Exception {
    harness.execute("CREATE TABLE `select``; -- x` (`order by` INT PRIMARY KEY, `a``b` TEXT)");
    WriterHarness.Run run =
        harness
            .with("table", "`select``; -- x`")
            .with("column", List.of("order by", "`a``b`"))
            .run(WriterHarness.batch(ID_NAME, row(1L, "a")));
    assertThat(run.written()).isEqualTo(1);
    assertThat(harness.one("SELECT * FROM `select``; -- x`")).isEqualTo("1|a");
  }

  @Test
  void stopsAtTheDirtyLimitAndLeavesNothingBehind() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9))");
    RecordingContext context = harness.context();
    context.dirtyLimit = 0;
    try (var writer = harness.writer()) {
      var state = writer.prepare(harness.plan(1, ID_NAME), context);
      try (var split = writer.open(state, "s", context)) {
        assertThatThrownBy(
                () ->
                    split.write(
                        WriterHarness.batch(ID_NAME, row(1L, "a"), row(1L, "b"), row(2L, "c"))))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.DIRTY_LIMIT));
      }
      assertThat(writer.commits(state, context)).isEmpty();
    }
    assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("0");
  }
}
