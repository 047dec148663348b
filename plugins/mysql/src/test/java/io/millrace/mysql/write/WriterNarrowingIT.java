package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.TestServer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of values that a narrower column would change, on every server. */
abstract class WriterNarrowingIT {

  private static final Field ID = Field.of("id", ColumnType.INT64);
  private static final Field TEXT = Field.of("v", ColumnType.STRING);

  WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("narrow")).with("table", "t");
  }

  /**
   * A pair of types and a value that the target changes.
   *
   * @param literal the value in a statement, so that the server itself says what it becomes
   */
  private record Pair(String target, Field source, Object value, String literal) {}

  private static Field declared(ColumnType type, String nativeType, int scale) {
    return Field.of("v", type).withScale(scale).withNativeType(nativeType);
  }

  private static Field real(String nativeType) {
    return Field.of("v", ColumnType.FLOAT64).withNativeType(nativeType);
  }

  private static final long EVENING = Calendars.dateTime(2024, 12, 31, 23, 59, 59, 999_999);

  private static final List<Pair> DECLARED =
      List.of(
          new Pair(
              "DATE",
              declared(ColumnType.DATETIME, "datetime(6)", 6),
              EVENING,
              "'2024-12-31 23:59:59.999999'"),
          new Pair(
              "DATE",
              declared(ColumnType.DATETIME, "datetime", 0),
              Calendars.dateTime(2024, 5, 6, 12, 0, 0, 0),
              "'2024-05-06 12:00:00'"),
          new Pair(
              "DATETIME(3)",
              declared(ColumnType.DATETIME, "datetime(6)", 6),
              EVENING,
              "'2024-12-31 23:59:59.999999'"),
          new Pair(
              "TIMESTAMP(0) NULL",
              declared(ColumnType.TIMESTAMP, "timestamp(6)", 6),
              1_700_000_000_500_000L,
              "FROM_UNIXTIME(1700000000.5)"),
          new Pair("TIME", declared(ColumnType.TIME, "time(3)", 3), -1_500_000L, "'-00:00:01.5'"),
          new Pair(
              "DECIMAL(10,2)",
              Field.decimal("v", 12, 4).withNativeType("decimal(12,4)"),
              new BigDecimal("-1.2350"),
              "'-1.2350'"),
          new Pair(
              "INT",
              Field.decimal("v", 12, 4).withNativeType("decimal(12,4)"),
              new BigDecimal("2.5000"),
              "'2.5000'"),
          new Pair("INT", real("double"), 2.5, "'2.5'"),
          new Pair("DECIMAL(10,2)", real("double"), 0.125, "'0.125'"),
          new Pair("FLOAT", real("double"), 0.1, "'0.1'"),
          new Pair("DOUBLE(10,2)", real("double(10,4)"), 0.125, "'0.125'"));

  /** The source declares no digits, so that each value is judged. */
  private static final List<Pair> UNDECLARED =
      List.of(
          new Pair("INT", TEXT, "2.5", "'2.5'"),
          new Pair("DECIMAL(10,2)", TEXT, "1.005", "'1.005'"),
          new Pair("DATE", TEXT, "2024-12-31 23:59:59.6", "'2024-12-31 23:59:59.6'"),
          new Pair("DATETIME", TEXT, "2024-12-31 23:59:59.6", "'2024-12-31 23:59:59.6'"),
          new Pair("TIME", TEXT, "10:00:00.5", "'10:00:00.5'"),
          new Pair(
              "DATETIME",
              Field.of("v", ColumnType.DATETIME),
              EVENING,
              "'2024-12-31 23:59:59.999999'"),
          new Pair("FLOAT", Field.of("v", ColumnType.FLOAT64), 0.1, "'0.1'"),
          new Pair("DOUBLE", ID.withName("v"), 9007199254740993L, "9007199254740993"),
          // Blanks at the end.
          new Pair("CHAR(3)", TEXT, "ab ", "'ab '"),
          new Pair("VARCHAR(3)", TEXT, "abc  ", "'abc  '"),
          new Pair("VARCHAR(3) CHARACTER SET latin1", TEXT, "abc  ", "'abc  '"),
          new Pair("TINYTEXT", TEXT, "x".repeat(255) + " ", "'" + "x".repeat(255) + " '"),
          new Pair(
              "TINYTEXT CHARACTER SET latin1",
              TEXT,
              "x".repeat(255) + " ",
              "'" + "x".repeat(255) + " '"),
          new Pair("ENUM('y','n')", TEXT, "y  ", "'y  '"),
          new Pair("ENUM('y','n')", TEXT, "Y ", "'Y '"),
          new Pair("SET('a','b c')", TEXT, "a,b c ", "'a,b c '"));

  private WriterHarness.Run run(Pair pair, Narrowing narrowing) throws Exception {
    harness.rules = TaskContext.Rules.OWN.withNarrowing(narrowing);
    harness.execute(
        "DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT PRIMARY KEY, v " + pair.target() + ")");
    RecordBatch batch = new RecordBatch(Schema.of(ID, pair.source()), 1 << 20, 100);
    for (int row = 0; row < 3; row++) {
      batch.longs(0).append(row);
      WriterTypes.append(batch, 1, row == 1 ? pair.value() : null);
      batch.endRecord(row);
    }
    return harness.run(batch);
  }

  private String asTheServer(Pair pair) throws Exception {
    harness.execute(
        "DROP TABLE IF EXISTS e",
        "CREATE TABLE e (id INT PRIMARY KEY, v " + pair.target() + ")",
        "SET SESSION sql_mode='STRICT_ALL_TABLES'",
        "INSERT INTO e VALUES (1, " + pair.literal() + ")");
    return harness.one("SELECT id, v FROM e");
  }

  @Test
  void typesThatNarrowAreRefusedAndEachPairIsNamed() throws Exception {
    List<String> columns = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < DECLARED.size(); i++) {
      columns.add("c" + i + " " + DECLARED.get(i).target());
      fields.add(DECLARED.get(i).source().withName("s" + i));
    }
    harness.execute("CREATE TABLE t (" + String.join(", ", columns) + ")");
    assertThatThrownBy(() -> harness.writer().check(new Schema(fields), harness.context()))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONVERSION))
        .hasMessageContainingAll(
            java.util.stream.IntStream.range(0, DECLARED.size())
                .mapToObj(
                    i ->
                        "'s"
                            + i
                            + "' "
                            + DECLARED.get(i).source().nativeType()
                            + " into 'c"
                            + i
                            + "'")
                .toArray(String[]::new))
        .hasMessageContaining("'narrowing'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void roundLetsTheServerDecideAndCounts(String load) throws Exception {
    harness.with("load", load);
    List<Pair> all = new ArrayList<>(DECLARED);
    all.addAll(UNDECLARED);
    List<String> problems = new ArrayList<>();
    for (Pair pair : all) {
      WriterHarness.Run run = run(pair, Narrowing.ROUND);
      String stored = harness.one("SELECT id, v FROM t WHERE id = 1");
      String expected = asTheServer(pair);
      boolean told = run.context().lines.stream().anyMatch(line -> line.contains("into 'v'"));
      boolean counted =
          run.context().lines.stream()
              .anyMatch(line -> line.startsWith("WARN narrowing: 1 value of column 'v' was"));
      if (!stored.equals(expected)
          || run.written() != 3
          || !counted
          || told != DECLARED.contains(pair)) {
        problems.add(
            pair
                + " gave "
                + stored
                + ", not "
                + expected
                + " "
                + run.dirty()
                + run.context().lines);
      }
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void whatWouldChangeIsDirtyWhereTheTaskSaysSoOrTheSourceDeclaresNothing() throws Exception {
    for (Pair pair : DECLARED) {
      WriterHarness.Run run = run(pair, Narrowing.DIRTY);
      assertThat(run.dirty()).as("%s", pair).hasSize(1);
      assertThat(run.context().lines)
          .anyMatch(line -> line.startsWith("WARN narrowing: values that would change are dirty"));
    }
    for (Pair pair : UNDECLARED) {
      for (Narrowing narrowing : List.of(Narrowing.REFUSE, Narrowing.DIRTY)) {
        WriterHarness.Run run = run(pair, narrowing);
        assertThat(run.dirty()).as("%s", pair).hasSize(1);
        assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("2");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void whatIsTooLongOrOutOfRangeIsDirtyInEveryWay(String load) throws Exception {
    harness.with("load", load);
    List<Pair> cases =
        List.of(
            new Pair("VARCHAR(3)", TEXT, "abcd  ", ""),
            new Pair("CHAR(3)", TEXT, "abcd", ""),
            new Pair("TINYTEXT", TEXT, "x".repeat(256), ""),
            new Pair("TINYTEXT CHARACTER SET gbk", TEXT, "x".repeat(255) + "  ", ""),
            new Pair("VARCHAR(9) CHARACTER SET latin1", TEXT, "\u0416", ""),
            new Pair("TINYINT", real("double"), 127.5, ""),
            new Pair("DECIMAL(5,2)", TEXT, "999.995", ""),
            new Pair("FLOAT", real("double"), 1e300, ""),
            new Pair("INT", TEXT, "2147483647.5", ""),
            new Pair("INT", TEXT, "12abc", ""),
            new Pair("ENUM('y','n')", TEXT, "x ", ""),
            new Pair("SET('a','b')", TEXT, "a ,b", ""),
            new Pair("VARBINARY(2)", Field.of("v", ColumnType.BYTES), new byte[] {1, 2, 32}, ""));
    for (Pair pair : cases) {
      WriterHarness.Run run = run(pair, Narrowing.ROUND);
      assertThat(run.dirty()).as("%s", pair).hasSize(1);
      assertThat(harness.one("SELECT COUNT(*) FROM t")).as("%s", pair).isEqualTo("2");
      assertThat(run.context().lines).noneMatch(line -> line.contains("were rounded"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void whatIsNotRoundedIsStillFoundWhereTheServerRounds(String load) throws Exception {
    harness.rules = TaskContext.Rules.of(TaskForm.DATAX);
    harness.execute(
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "INSERT INTO p VALUES (1), (2), (3), (4)",
        "CREATE TABLE t (id INT PRIMARY KEY, v DECIMAL(3,1), f INT, FOREIGN KEY (f) REFERENCES p"
            + " (id))");
    Schema schema = Schema.of(ID, TEXT, Field.of("f", ColumnType.INT64));
    WriterHarness.Run run =
        harness
            .with("load", load)
            .run(
                WriterHarness.batch(
                    schema,
                    new Object[] {1L, "1.25", 1L},
                    new Object[] {1L, "2.25", 2L},
                    new Object[] {3L, "3.25", 9L},
                    new Object[] {4L, "99.95", 3L},
                    new Object[] {5L, "5.25", 4L}));
    assertThat(run.dirty())
        .extracting(d -> d.position() + " " + d.reason().code())
        .containsExactlyInAnyOrder("1 1062", "2 1452", "3 1264");
    assertThat(harness.rows("SELECT * FROM t ORDER BY id")).containsExactly("1|1.3|1", "5|5.3|4");
    assertThat(run.context().lines)
        .anyMatch(line -> line.startsWith("split s0: narrowing: 2 values of column 'v'"))
        .anyMatch(line -> line.startsWith("WARN narrowing: 2 values of column 'v'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void anInstantIsTextAsItsZoneShowsItInADataxDocument(String load) throws Exception {
    harness.zone = ZoneId.of("Asia/Shanghai");
    Pair pair =
        new Pair(
            "VARCHAR(40)",
            declared(ColumnType.TIMESTAMP, "timestamp(3)", 3),
            Instant.parse("2024-09-15T09:50:33.500Z").toEpochMilli() * 1000,
            "");
    harness.with("load", load);
    for (TaskForm form : TaskForm.values()) {
      harness.rules = TaskContext.Rules.of(form);
      harness.execute("DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT, v VARCHAR(40))");
      RecordBatch batch = new RecordBatch(Schema.of(ID, pair.source()), 1 << 20, 100);
      batch.longs(0).append(1);
      WriterTypes.append(batch, 1, pair.value());
      batch.endRecord(0);
      assertThat(harness.run(batch).dirty()).isEmpty();
      assertThat(harness.one("SELECT v FROM t"))
          .isEqualTo(form == TaskForm.OWN ? "2024-09-15 09:50:33.500Z" : "2024-09-15 17:50:33.5");
    }
  }

  @Test
  void theUsersRuleForFractionsOfASecondCounts() throws Exception {
    boolean mariaDb = harness.one("SELECT VERSION()").contains("MariaDB");
    harness.with(
        "session",
        List.of(
            mariaDb
                ? "SET sql_mode = 'TIME_ROUND_FRACTIONAL'"
                : "SET sql_mode = 'TIME_TRUNCATE_FRACTIONAL'"));
    run(new Pair("TIME", declared(ColumnType.TIME, "time(3)", 3), 1_500_000L, ""), Narrowing.ROUND);
    assertThat(harness.one("SELECT v FROM t WHERE id = 1"))
        .isEqualTo(mariaDb ? "00:00:02" : "00:00:01");
  }

  @Test
  void typesThatDoNotNarrowStartWithoutAWord() throws Exception {
    harness.execute("CREATE TABLE t (a DATETIME(6), b DECIMAL(14,4), c DOUBLE, d VARCHAR(3))");
    Schema source =
        Schema.of(
            declared(ColumnType.DATETIME, "datetime(3)", 3),
            Field.decimal("b", 12, 2).withNativeType("decimal(12,2)"),
            real("float").withBits(32, false),
            TEXT.withMaxLength(10).withNativeType("varchar(10)"));
    for (TaskForm form : TaskForm.values()) {
      harness.rules = TaskContext.Rules.of(form);
      RecordingContext context = harness.context();
      harness.writer().check(source, context);
      assertThat(context.lines).isEmpty();
    }
  }
}
