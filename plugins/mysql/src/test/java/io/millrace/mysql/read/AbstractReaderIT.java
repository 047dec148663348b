package io.millrace.mysql.read;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.mysql.Waiting;
import io.millrace.testkit.server.TestServer;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the reader promises, against a real server. */
abstract class AbstractReaderIT {

  String db = "";

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws SQLException {
    db = server().createDatabase("reader");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    server().execute("", "DROP DATABASE `" + db + "`");
  }

  void sql(String... statements) throws SQLException {
    server().execute(db, statements);
  }

  Reading read(Object... keysAndValues) {
    return Reading.of(server(), db, keysAndValues);
  }

  boolean isMariaDb() {
    return server().flavour().name().equals("MARIADB");
  }

  static ErrorCode code(Throwable error) {
    return ((MillraceException) error).errorCode();
  }

  @Test
  void everyIntegerArrivesToItsLimits() throws SQLException {
    sql(
        "CREATE TABLE t (a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d SMALLINT UNSIGNED,"
            + " e MEDIUMINT, f MEDIUMINT UNSIGNED, g INT, h INT UNSIGNED ZEROFILL, i BIGINT,"
            + " j BIGINT UNSIGNED, k BOOLEAN, l YEAR, m BIT(1), n BIT(64), o BIT(12))",
        "INSERT INTO t VALUES (-128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 42,"
            + " -9223372036854775808, 18446744073709551615, 1, 2155, b'1',"
            + " 0xFFFFFFFFFFFFFFFE, b'101010101010')");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row())
          .containsExactly(
              "-128",
              "255",
              "-32768",
              "65535",
              "-8388608",
              "16777215",
              "-2147483648",
              "42",
              "-9223372036854775808",
              "18446744073709551615",
              "1",
              "2155",
              "1",
              "18446744073709551614",
              "2730");
      assertThat(reading.schema().fields())
          .extracting(Field::bits)
          .containsExactly(8, 8, 16, 16, 24, 24, 32, 32, 64, 64, 8, 16, 1, 64, 12);
      assertThat(reading.schema().field(10).type()).isEqualTo(ColumnType.INT64);
    }
  }

  @Test
  void floatingPointNumbersArriveBitByBit() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, f FLOAT, d DOUBLE, fd FLOAT(10,2), dd DOUBLE(20,5))",
        "INSERT INTO t VALUES (1, 16777217, 0.1, 1.25, 3.14159),"
            + " (2, 3.4028234e38, 1.7976931348623157e308, -1.5, -0.00001),"
            + " (3, 1.17549435e-38, 2.2250738585072014e-308, 0, 0),"
            + " (4, 0.1, 4.9406564584124654e-324, 99999.99, 123456789012345.67891),"
            + " (5, -0e0, -0e0, NULL, NULL), (6, 123456.789, 9007199254740993, 1, 1)");
    try (Reading reading = read("table", "t")) {
      List<Split> splits = reading.plan(1).splits();
      RecordBatch batch = reading.batch();
      for (Split split : splits) {
        try (SplitReader rows = reading.reader.open(split, reading)) {
          rows.read(batch);
        }
      }
      float[] floats = {16777217f, 3.4028234e38f, 1.17549435e-38f, 0.1f, -0f, 123456.789f};
      double[] doubles = {
        0.1, Double.MAX_VALUE, 2.2250738585072014e-308, Double.MIN_VALUE, -0d, 9007199254740993d
      };
      for (int i = 0; i < floats.length; i++) {
        assertThat(Double.doubleToRawLongBits(batch.doubles(1).get(i)))
            .as("float %d: %s", i, batch.doubles(1).get(i))
            .isEqualTo(Double.doubleToRawLongBits(floats[i]));
        assertThat(Double.doubleToRawLongBits(batch.doubles(2).get(i)))
            .as("double %d: %s", i, batch.doubles(2).get(i))
            .isEqualTo(Double.doubleToRawLongBits(doubles[i]));
      }
      assertThat(batch.doubles(3).get(3)).isEqualTo(99999.99f);
      assertThat(batch.doubles(4).get(3)).isEqualTo(123456789012345.67891);
      assertThat(batch.column(3).isNull(4)).isTrue();
      assertThat(reading.schema().field(1).bits()).isEqualTo(32);
    }
  }

  @Test
  void decimalsArriveWithEveryDigit() throws SQLException {
    String wide = "12345678901234567890123456789012345.123456789012345678901234567890";
    sql(
        "CREATE TABLE t (a DECIMAL(65,30), b DECIMAL(18,2), c DECIMAL(5,0) UNSIGNED,"
            + " d DECIMAL(10,2) ZEROFILL)",
        "INSERT INTO t VALUES (" + wide + ", -1234567890123456.78, 99999, 1.5)");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row()).containsExactly(wide, "-1234567890123456.78", "99999", "1.50");
      assertThat(reading.schema().field(0).precision()).isEqualTo(65);
      assertThat(reading.schema().field(0).scale()).isEqualTo(30);
    }
  }

  @Test
  void textAndBytesArriveUnchanged() throws SQLException {
    sql(
        "CREATE TABLE t (a CHAR(5), b VARCHAR(20) CHARACTER SET latin1, c TEXT CHARACTER SET gbk,"
            + " d LONGTEXT, e VARCHAR(10) CHARACTER SET utf16, f BINARY(4), g VARBINARY(10),"
            + " h BLOB, i ENUM('x','y,z'), j SET('p','q'), k VARCHAR(5) COLLATE utf8mb4_bin)",
        "INSERT INTO t VALUES ('ab', 'Käse', '中文', 'a\\tb\\nc\\\\d\\0e\\'f', '😀', 'a',"
            + " 0x00FF5C, '', 'y,z', 'p,q', '')");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row())
          .containsExactly(
              "ab",
              "Käse",
              "中文",
              "a\tb\nc\\d\0e'f",
              "😀",
              "0x61000000",
              "0x00ff5c",
              "0x",
              "y,z",
              "p,q",
              "");
      assertThat(reading.schema().fields())
          .extracting(Field::type)
          .containsExactly(
              ColumnType.STRING,
              ColumnType.STRING,
              ColumnType.STRING,
              ColumnType.STRING,
              ColumnType.STRING,
              ColumnType.BYTES,
              ColumnType.BYTES,
              ColumnType.BYTES,
              ColumnType.STRING,
              ColumnType.STRING,
              ColumnType.STRING);
      assertThat(reading.schema().field(1).nativeType()).isEqualTo("varchar(20) charset latin1");
      assertThat(reading.schema().field(1).maxLength()).isEqualTo(20);
    }
  }

  @Test
  void aTextThatHasNoFormInUtf8IsDirtyAndItsBytesAreKept() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, g VARCHAR(300) CHARACTER SET gbk,"
            + " j TEXT CHARACTER SET cp932, e ENUM('あ', 'b') CHARACTER SET sjis,"
            + " w CHAR(3) CHARACTER SET cp1250, u VARCHAR(300))",
        "INSERT INTO t VALUES (1, x'D6D0CEC43F', x'93FA967B', 'あ', x'8A', '?'),"
            + " (2, x'D6D0A2A0CEC4', 'a', 'b', 'c', 'd'),"
            + " (3, NULL, NULL, NULL, NULL, NULL),"
            + " (4, 'a', x'FCFC', 'b', 'c', 'd'),"
            + " (5, CONCAT(x'A2A0', REPEAT('a', 298)), 'a', 'b', 'c', 'd'),"
            + " (6, '', '', 'b', '', '')");
    for (int maxValueBytes : new int[] {1 << 20, 250}) {
      try (Reading reading =
          Reading.of(
              server(),
              db,
              new TaskContext.Limits(1 << 20, 1 << 14, maxValueBytes, 1),
              "table",
              "t",
              "splitPk",
              "id")) {
        assertThat(reading.rows(1))
            .containsExactlyInAnyOrder(
                List.of("1", "中文?", "日本", "あ", "Š", "?"),
                Arrays.asList("3", null, null, null, null, null),
                List.of("6", "", "", "b", "", ""));
        assertThat(reading.dirty).hasSize(3);
        for (int i = 0; i < 2; i++) {
          assertThat(reading.dirty.get(i))
              .contains("code=UNMAPPABLE")
              .contains("column=" + (i == 0 ? "g" : "j"));
        }
        assertThat(reading.dirtyValues.get(0))
            .contains(
                new DirtyRecords.RawValue(
                    "varchar(300) charset gbk", 6, "0xd6d0a2a0cec4", DirtyRecords.Kept.CUT),
                new DirtyRecords.RawValue("text charset cp932", 1, "a"));
        assertThat(reading.dirtyValues.get(1).get(2).text()).isEqualTo("0xfcfc");
        assertThat(reading.dirtyValues.get(2).get(1))
            .isEqualTo(
                new DirtyRecords.RawValue(
                    "varchar(300) charset gbk",
                    300,
                    "0xa2a0" + "61".repeat(198) + "…",
                    DirtyRecords.Kept.CUT));
      }
    }
  }

  @Test
  void aTextOfWhichAnotherHasTheSameFormInUtf8IsDirty() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, j VARCHAR(9) CHARACTER SET cp932)",
        "INSERT INTO t VALUES (1, x'FAB1'), (2, x'ED95')",
        "CREATE VIEW v AS SELECT * FROM t");
    for (String table : List.of("t", "v")) {
      try (Reading reading = read("table", table)) {
        assertThat(reading.rows(1)).containsExactly(List.of("1", "﨑"));
        assertThat(reading.dirty).singleElement().asString().contains("UNMAPPABLE");
        assertThat(reading.dirtyValues.get(0).get(1).text()).isEqualTo("0xed95");
      }
    }
    try (Reading reading =
        read("table", "t", "column", List.of("id", "CONVERT(j USING utf8mb4)"))) {
      assertThat(reading.rows(1)).containsExactly(List.of("1", "﨑"), List.of("2", "﨑"));
    }
  }

  @Test
  void aBackslashInSjisIsDirtyBecauseTheServerMakesAnotherOfIt() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, j VARCHAR(9) CHARACTER SET sjis)",
        "INSERT INTO t VALUES (1, x'5C'), (2, x'93FA967B')");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.rows(1)).containsExactly(List.of("2", "日本"));
      // Back from UTF-8 it would be 815F.
      assertThat(reading.dirtyValues.get(0).get(1).text()).isEqualTo("0x5c");
    }
  }

  @Test
  void usualCharacterSetsCostNoCheck() throws SQLException {
    sql(
        "CREATE TABLE t (a TEXT, b CHAR(3) CHARACTER SET utf8mb3, c CHAR(3) CHARACTER SET ascii,"
            + " d CHAR(3) CHARACTER SET latin1, e CHAR(3) CHARACTER SET utf16)");
    try (Reading reading = read("table", "t")) {
      assertThat(Sensitive.plain(reading.plan(1).splits().get(0).description()))
          .isEqualTo("SELECT `a`, `b`, `c`, `d`, `e` FROM `" + db + "`.`t`");
    }
  }

  @Test
  void aCharIsNotFilledUpWhateverTheServersMode() throws SQLException {
    sql("CREATE TABLE t (a CHAR(5))", "INSERT INTO t VALUES ('ab')");
    String mode = "SET GLOBAL sql_mode = ";
    server().execute("", mode + "'PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row()).containsExactly("ab");
    } finally {
      server().execute("", mode + "DEFAULT");
    }
  }

  @Test
  void aServersLimitOnSelectsDoesNotCutTheResult() throws SQLException {
    numbers("t", 100);
    server().execute("", "SET GLOBAL sql_select_limit = 3");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.rows(1)).hasSize(100);
    } finally {
      server().execute("", "SET GLOBAL sql_select_limit = DEFAULT");
    }
  }

  @Test
  void ofSeveralServersTheOneThatIsUsedIsTold() throws SQLException {
    numbers("t", 3);
    List<String> urls =
        List.of(
            "jdbc:mysql://127.0.0.1:1/" + db,
            "jdbc:mysql://127.0.0.1:bad_port/" + db,
            server().jdbcUrl(db));
    try (Reading reading = read("table", "t", "jdbcUrl", urls)) {
      assertThat(reading.rows(1)).hasSize(3);
      assertThat(reading.warnings)
          .anyMatch(
              line ->
                  line.contains("is used, because those before it do not answer")
                      && line.contains("127.0.0.1:1/"));
      assertThat(reading.infos).anyMatch(line -> line.contains("1 of the list cannot answer"));
    }
  }

  @Test
  void nullIsNotAnEmptyText() throws SQLException {
    sql(
        "CREATE TABLE t (a VARCHAR(5), b BLOB, c INT, d DATETIME, e TIMESTAMP NULL, f FLOAT,"
            + " g DECIMAL(5,2), h TIME, i DATE, j JSON, k BIT(3))",
        "INSERT INTO t VALUES (NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row()).hasSize(11).containsOnlyNulls();
    }
  }

  @Test
  void calendarValuesDoNotDependOnAnyZone() throws SQLException {
    sql(
        "CREATE TABLE t (a DATE, b DATETIME, c DATETIME(6), d TIME, e TIME(6), f TIME(3))",
        "INSERT INTO t VALUES ('2024-02-29', '2025-10-26 02:30:00', '2025-03-30 02:30:00.000001',"
            + " '-838:59:59', '838:59:58.999999', '00:00:00.120')");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row())
          .containsExactly(
              "2024-02-29",
              "2025-10-26 02:30:00",
              "2025-03-30 02:30:00.000001",
              "-838:59:59",
              "838:59:58.999999",
              "00:00:00.120");
      assertThat(reading.schema().fields())
          .extracting(Field::scale)
          .containsExactly(0, 0, 6, 0, 6, 3);
    }
  }

  @Test
  void datesThatNoCalendarKnowsAreCarried() throws SQLException {
    sql(
        "CREATE TABLE t (a DATE, b DATETIME(3), c DATE, d YEAR, e TIMESTAMP(6) NULL)",
        "SET sql_mode = 'ALLOW_INVALID_DATES'",
        "CREATE TABLE x (i INT)");
    try (var connection = server().connect(db);
        var statement = connection.createStatement()) {
      statement.execute("SET sql_mode = 'ALLOW_INVALID_DATES'");
      statement.execute(
          "INSERT INTO t VALUES ('0000-00-00', '2024-02-31 00:00:00.5', '2024-00-00', 0,"
              + " '0000-00-00 00:00:00')");
    }
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row())
          .containsExactly(
              "0000-00-00", "2024-02-31 00:00:00.500", "2024-00-00", "0", "0000-00-00 00:00:00Z");
    }
  }

  @Test
  void instantsAreExactInTheHourThatAutumnRepeats() throws SQLException {
    Instant first = Instant.parse("2025-10-26T00:30:00.123456Z");
    Instant second = Instant.parse("2025-10-26T01:30:00Z");
    sql(
        "SET time_zone = '+00:00'",
        "CREATE TABLE t (id INT PRIMARY KEY, a TIMESTAMP(6) NULL, b TIMESTAMP NULL)");
    try (var connection = server().connect(db);
        var statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      statement.execute(
          "INSERT INTO t VALUES (1, '2025-10-26 00:30:00.123456', '2025-10-26 01:30:00'),"
              + " (2, '1970-01-01 00:00:01', '2038-01-19 03:14:07'), (3, NULL, NULL)");
    }
    for (String zone : List.of("Europe/Berlin", "+05:45", "UTC")) {
      try (Reading reading =
          Reading.of(server(), db, TaskContext.Limits.DEFAULT, ZoneId.of(zone), "table", "t")) {
        assertThat(reading.rows(1))
            .containsExactly(
                Arrays.asList("1", "2025-10-26 00:30:00.123456Z", "2025-10-26 01:30:00Z"),
                Arrays.asList("2", "1970-01-01 00:00:01.000000Z", "2038-01-19 03:14:07Z"),
                Arrays.asList("3", null, null));
      }
    }
    assertThat(Calendars.timestamp(second) - Calendars.timestamp(first))
        .isEqualTo(Duration.ofHours(1).toNanos() / 1000 - 123456);
  }

  @Test
  void anInstantIsDirtyWhereTheServerDoesNotTellWhichOfTwoItIs() throws SQLException {
    // Its clocks showed 02:30 at 00:30 and at 01:30 in UTC.
    ZoneId paris = ZoneId.of("Europe/Paris");
    sql(
        "INSERT IGNORE INTO mysql.time_zone VALUES (901, 'N')",
        "INSERT IGNORE INTO mysql.time_zone_name VALUES ('Europe/Paris', 901)",
        "INSERT IGNORE INTO mysql.time_zone_transition_type VALUES (901, 0, 3600, 0, 'CET'),"
            + " (901, 1, 7200, 1, 'CEST')",
        "INSERT IGNORE INTO mysql.time_zone_transition VALUES (901, 1729990800, 0),"
            + " (901, 1743296400, 1), (901, 1761440400, 0), (901, 1774746000, 1)");
    List<String> stored =
        List.of(
            "2025-10-25 23:59:59Z",
            "2025-10-26 00:30:00Z",
            "2025-10-26 01:30:00Z",
            "2025-10-26 02:00:00Z");
    sql("CREATE TABLE t (id INT PRIMARY KEY, ts TIMESTAMP NULL, n TIMESTAMP NULL)");
    sql("CREATE VIEW w AS SELECT id, ts FROM t");
    try (var connection = server().connect(db);
        var statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      for (int i = 0; i < stored.size(); i++) {
        statement.execute(
            "INSERT INTO t (id, ts) VALUES (" + i + ", '" + stored.get(i).substring(0, 19) + "')");
      }
    }
    List<List<Object>> tasks =
        List.of(
            List.of("table", "t", "column", List.of("id", "ts")),
            List.of("table", "w", "column", List.of("id", "ts")),
            List.of("table", "t", "column", List.of("id", "coalesce(ts, n)")),
            List.of("querySql", "SELECT id, ts FROM t"),
            List.of("querySql", "SELECT id, MAX(ts) AS m FROM t GROUP BY id"),
            List.of("querySql", "SELECT id, m FROM (SELECT id, MAX(ts) m FROM t GROUP BY id) q"),
            List.of("querySql", "SELECT id, ts FROM t UNION SELECT id, n FROM t WHERE id > 9"));
    for (List<Object> task : tasks) {
      try (Reading reading =
          Reading.of(server(), db, TaskContext.Limits.DEFAULT, paris, task.toArray())) {
        List<List<String>> rows = reading.rows(1);
        boolean exact = task.equals(tasks.get(0));
        assertThat(rows.size() + reading.dirty.size()).as("%s", task).isEqualTo(4);
        assertThat(rows)
            .as("%s", task)
            .allSatisfy(
                row -> assertThat(row.get(1)).isEqualTo(stored.get(Integer.parseInt(row.get(0)))));
        assertThat(reading.dirty)
            .as("%s", task)
            .allMatch(line -> line.contains("AMBIGUOUS_TIME"))
            .hasSizeBetween(0, exact ? 0 : 2);
        // The server's guess is not written by a replay either.
        assertThat(reading.dirtyValues)
            .allMatch(values -> values.get(1).kept() == DirtyRecords.Kept.CUT);
      }
      List<Object> inUtc = new ArrayList<>(task);
      inUtc.addAll(List.of("session", List.of("SET time_zone = '+00:00'")));
      try (Reading reading =
          Reading.of(server(), db, TaskContext.Limits.DEFAULT, paris, inUtc.toArray())) {
        assertThat(reading.rows(1)).as("%s", inUtc).hasSize(4);
        assertThat(reading.dirty).isEmpty();
      }
    }
  }

  @Test
  void theUsersSqlRunsInTheTasksZone() throws SQLException {
    try (var connection = server().connect(db);
        var statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      statement.execute("CREATE TABLE t (id INT PRIMARY KEY, a TIMESTAMP NULL)");
      statement.execute("INSERT INTO t VALUES (1, '2025-06-01 12:00:00')");
    }
    ZoneId nepal = ZoneId.of("+05:45");
    try (Reading reading =
        Reading.of(
            server(),
            db,
            TaskContext.Limits.DEFAULT,
            nepal,
            "table",
            "t",
            "column",
            List.of("id", "CAST(a AS CHAR)"),
            "where",
            "a = '2025-06-01 17:45:00' -- in the task's zone")) {
      assertThat(reading.row()).containsExactly("1", "2025-06-01 17:45:00");
    }
  }

  @Test
  void anUnknownZoneFallsBackToItsPresentOffset() throws SQLException {
    sql("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
    try (Reading berlin = read("table", "t", "where", "id = 1 OR NOW() = id")) {
      berlin.schema();
      berlin.schema();
      assertThat(berlin.warnings).filteredOn(line -> line.contains("Europe/Berlin")).hasSize(1);
    }
    try (Reading bare = read("table", "t", "column", List.of("current_timestamp"))) {
      bare.schema();
      assertThat(bare.warnings).anyMatch(line -> line.contains("Europe/Berlin"));
    }
    try (Reading withoutSql = read("table", "t")) {
      withoutSql.schema();
      assertThat(withoutSql.warnings).isEmpty();
    }
    try (Reading reading =
        Reading.of(
            server(),
            db,
            TaskContext.Limits.DEFAULT,
            ZoneId.of("Asia/Kathmandu"),
            "table",
            "t",
            "column",
            List.of("TIMEDIFF(NOW(), UTC_TIMESTAMP())"))) {
      assertThat(reading.row()).containsExactly("05:45:00");
      // Nepal has had this offset since 1986.
      assertThat(reading.warnings).noneMatch(line -> line.contains("Asia/Kathmandu"));
    }
  }

  @Test
  void jsonArrivesAsText() throws SQLException {
    sql("CREATE TABLE t (j JSON)", "INSERT INTO t VALUES ('{\"a\": [1, 1.5, \"ü😀\"]}')");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.row()).containsExactly("{\"a\": [1, 1.5, \"ü😀\"]}");
      assertThat(reading.schema().field(0).type())
          .isEqualTo(isMariaDb() ? ColumnType.STRING : ColumnType.JSON);
    }
  }

  @Test
  void columnsMayBeNamesConstantsAndExpressions() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, `order` INT, `a``b c` INT, f FLOAT, ts TIMESTAMP NULL)",
        "INSERT INTO t VALUES (7, 8, 9, 0.1, NULL)");
    try (Reading reading =
        read(
            "table",
            "t",
            "column",
            List.of(
                "ID",
                "`order`",
                "order",
                "a`b c",
                "'it''s'",
                "1",
                "null",
                "id + 1",
                "f * 1",
                "CONCAT(id, '/*', \"--\") -- done"))) {
      assertThat(reading.row())
          .containsExactly(
              "7", "8", "8", "9", "it's", "1", null, "8", "0.10000000149011612", "7/*--");
    }
  }

  @Test
  void aColumnThatDoesNotExistIsNamed() throws SQLException {
    sql("CREATE TABLE t (id INT)");
    try (Reading reading = read("table", "t", "column", List.of("id", "nme"))) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("'nme'")
          .hasMessageContaining("its columns are id")
          .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
    }
    for (String hostile :
        List.of("id, (id, id)", "id) FROM t -- ", "1 UNION SELECT 2", "id; DROP TABLE t")) {
      try (Reading reading = read("table", "t", "column", List.of(hostile))) {
        assertThatThrownBy(reading::schema).as(hostile).isInstanceOf(MillraceException.class);
      }
    }
  }

  @Test
  void aTableWithAnOddNameIsReadAndNothingElse() throws SQLException {
    List<String> names =
        List.of(
            "sel`ect", "a.b", "x'; DROP TABLE y; --", "名前", "per%cent_", "with space", "q\"q", "0");
    for (String name : names) {
      String quoted = "`" + name.replace("`", "``") + "`";
      sql(
          "CREATE TABLE " + quoted + " (`key` INT, `ü\"'` INT, PRIMARY KEY (`key`))",
          "INSERT INTO " + quoted + " VALUES (1, 2)");
      try (Reading reading = read("table", name, "splitPk", "key")) {
        assertThat(reading.rows(2)).as(name).containsExactly(List.of("1", "2"));
      }
      try (Reading reading = read("table", quoted)) {
        assertThat(reading.rows(2)).as(quoted).containsExactly(List.of("1", "2"));
      }
    }
    try (Reading reading = read("table", "`" + db + "`.`a.b`")) {
      assertThat(reading.rows(1)).hasSize(1);
    }
    try (Reading reading = read("table", db + ".名前")) {
      assertThat(reading.rows(1)).hasSize(1);
    }
  }

  @Test
  void aMissingTableIsSaidInOneLine() {
    try (Reading reading = read("table", "nowhere")) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("there is no table 'nowhere'")
          .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
    }
  }

  @Test
  void aWrongPasswordIsNotRetried() {
    try (Reading reading = read("table", "t", "password", "wrong-secret")) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("1045")
          .hasMessageNotContaining("wrong-secret")
          .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.ACCESS_DENIED));
    }
  }

  @Test
  void aServerThatIsNotThereMayBeTriedAgain() {
    try (Reading reading = read("table", "t", "jdbcUrl", "jdbc:mysql://127.0.0.1:1/x")) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("127.0.0.1:1/x")
          .satisfies(e -> assertThat(((MillraceException) e).isRetryable()).isTrue());
    }
  }

  @Test
  void theFirstUrlThatAnswersIsUsed() throws SQLException {
    sql("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
    try (Reading reading =
        read(
            "table",
            "t",
            "jdbcUrl",
            List.of(
                "jdbc:mysql://127.0.0.1:1/" + db,
                server().jdbcUrl(db).replace("jdbc:mysql", "jdbc:mariadb")))) {
      assertThat(reading.row()).containsExactly("1");
    }
  }

  @Test
  void severalTablesAndDatabasesAreReadTogether() throws SQLException {
    String other = server().createDatabase("reader");
    for (String each : List.of(db, other)) {
      for (int i = 0; i < 3; i++) {
        server()
            .execute(
                each,
                "CREATE TABLE t_" + i + " (id INT PRIMARY KEY)",
                "INSERT INTO t_" + i + " VALUES (" + i + ")");
      }
    }
    try (Reading reading = read("table", "t_[0-2]", "splitPk", "id")) {
      assertThat(reading.rows(2)).containsExactly(List.of("0"), List.of("1"), List.of("2"));
    }
    try (Reading reading =
        read(
            "connection",
            List.of(
                Map.of("jdbcUrl", List.of(server().jdbcUrl(db)), "table", List.of("t_0", "t_1")),
                Map.of("jdbcUrl", server().jdbcUrl(other), "table", List.of("t_[1-2]"))))) {
      assertThat(reading.rows(2))
          .containsExactly(List.of("0"), List.of("1"), List.of("1"), List.of("2"));
      assertThat(reading.plan(8).maxConcurrency()).isEqualTo(4);
    }
    server().execute("", "DROP DATABASE `" + other + "`");
  }

  @Test
  void tablesOfDifferentLayoutAreRefused() throws SQLException {
    sql(
        "CREATE TABLE a (id INT, name VARCHAR(10))",
        "CREATE TABLE b (id INT NOT NULL, name VARCHAR(20))",
        "CREATE TABLE c (id INT)");
    try (Reading reading = read("table", List.of("a", "b"))) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("column 2")
          .hasMessageContaining("varchar(10)")
          .hasMessageContaining(db + ".b");
    }
    try (Reading reading = read("table", List.of("a", "c"))) {
      assertThatThrownBy(reading::schema).hasMessageContaining("only " + db + ".a has name");
    }
    try (Reading reading = read("table", List.of("a", "b"), "column", List.of("id"))) {
      assertThat(reading.schema().field(0).nullable()).isTrue();
    }
  }

  @Test
  void aStatementIsReadExactlyAndKeepsItsLimit() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, f FLOAT, ts TIMESTAMP(3) NULL, d DECIMAL(10,2))",
        "INSERT INTO t VALUES (1, 16777217, '2025-01-01 00:00:00', 1), (2, 0.1, NULL, 2),"
            + " (3, 1, NULL, 3)");
    try (Reading reading = read("querySql", "SELECT * FROM t; SELECT 1")) {
      assertThatThrownBy(reading::schema).hasMessageContaining("querySql");
    }
    try (Reading reading =
        read("querySql", "SELECT * FROM t ORDER BY id DESC LIMIT 2 -- two\n; -- the last")) {
      assertThat(reading.rows(4))
          .containsExactlyInAnyOrder(
              Arrays.asList("3", "1.0", null, "3.00"),
              Arrays.asList("2", "0.10000000149011612", null, "2.00"));
      assertThat(reading.plan(4).splits()).hasSize(1);
      assertThat(reading.plan(4).rule()).contains("querySql");
      assertThat(reading.schema().field(2).type()).isEqualTo(ColumnType.TIMESTAMP);
      assertThat(reading.schema().field(2).scale()).isEqualTo(3);
      assertThat(reading.schema().field(3).precision()).isEqualTo(10);
    }
    try (Reading reading =
        read("querySql", List.of("SELECT id, id FROM t WHERE id < 2", "SELECT 'a', 'b'"))) {
      assertThatThrownBy(reading::schema).hasMessageContaining("same columns");
    }
    try (Reading reading =
        read(
            "querySql",
            List.of("SELECT id, id FROM t WHERE id < 2;\n", "SELECT id, 6+id FROM t"))) {
      assertThatThrownBy(reading::schema).isInstanceOf(MillraceException.class);
    }
    try (Reading reading = read("querySql", "SELECT ts, ts FROM t")) {
      assertThatThrownBy(reading::schema).hasMessageContaining("alias");
    }
  }

  @Test
  void wrongSqlIsRefusedBeforeAnythingIsRead() throws SQLException {
    sql("CREATE TABLE t (id INT)");
    try (Reading reading = read("querySql", "SELEC * FROM t")) {
      assertThatThrownBy(reading::schema)
          .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
    }
    for (String where : List.of("nme = 1", "1=1 LIMIT 1", "id = ?")) {
      try (Reading reading = read("table", "t", "where", where)) {
        assertThatThrownBy(() -> reading.reader.prepare(reading))
            .as(where)
            .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
      }
    }
    for (String where : List.of("1=1) OR (1=1", "id = 1; DELETE FROM t", "id = 'x", "1 /* ")) {
      try (Reading reading = read("table", "t", "where", where)) {
        assertThatThrownBy(reading::schema)
            .as(where)
            .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.CONFIGURATION));
      }
    }
    try (Reading reading = read("table", "t", "where", "id > 0; -- all\n")) {
      reading.reader.prepare(reading);
      assertThat(reading.infos).anyMatch(line -> line.contains("ms: SELECT"));
    }
  }

  @Test
  void zeroDatesAreNullWhereTheUrlSaysSo() throws SQLException {
    sql(
        "SET sql_mode = 'ALLOW_INVALID_DATES'",
        "CREATE TABLE t (id INT PRIMARY KEY, d DATE NOT NULL, dt DATETIME(3) NOT NULL, ts TIMESTAMP"
            + " NOT NULL)",
        "INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00'),"
            + " (2, '2020-00-00', '2020-01-01', '2020-01-01')");
    String url = server().jdbcUrl(db) + "?zeroDateTimeBehavior=";
    try (Reading reading =
        read(
            "table",
            "t",
            "jdbcUrl",
            url + "convertToNull&sessionVariables=@x=7",
            "column",
            List.of("*", "@x"))) {
      assertThat(reading.schema().field(1).nullable()).isTrue();
      List<List<String>> rows = reading.rows(1);
      assertThat(rows.get(0)).containsExactly("1", null, null, null, "7");
      assertThat(rows.get(1)).doesNotContainNull();
      assertThat(reading.infos).anyMatch(line -> line.contains("3 dates such as 0000-00-00"));
    }
    try (Reading reading = read("table", "t", "jdbcUrl", url + "exception", "where", "id = 1")) {
      assertThat(reading.row()).doesNotContainNull();
    }
  }

  @Test
  void columnsAreReadAsTheyStandInOneSelect() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9), ts TIMESTAMP NULL)",
        "INSERT INTO t VALUES (1, 'a', '2025-01-01 00:00:00'), (2, 'b', NULL), (3, 'a', NULL)");
    try (Reading reading =
        read(
            "table",
            "t",
            "splitPk",
            "id",
            "column",
            List.of("v as vv", "id, ts AS `when`", "t.v", "concat(v, ',') c", "id * 2 AS 'd e'"))) {
      assertThat(reading.schema().fields().stream().map(field -> field.name()))
          .containsExactly("vv", "id", "when", "v", "c", "d e");
      assertThat(reading.schema().field(0).nativeType()).startsWith("varchar(9)");
      assertThat(reading.schema().field(2).type()).isEqualTo(ColumnType.TIMESTAMP);
      assertThat(reading.plan(3).splits()).hasSizeGreaterThan(1);
      assertThat(reading.rows(3).get(0).subList(3, 6)).containsExactly("a", "a,", "2");
    }
    try (Reading reading = read("table", "t", "splitPk", "id", "column", "distinct v")) {
      assertThat(reading.plan(3).splits()).hasSize(1);
      assertThat(reading.rows(3)).hasSize(2);
    }
    try (Reading reading = read("table", "t", "column", List.of("distinct v as x, v", "'c'"))) {
      assertThat(reading.rows(3)).hasSize(2);
      assertThat(reading.schema().field(0).name()).isEqualTo("x");
    }
    try (Reading reading = read("table", "t", "column", List.of("id, *"))) {
      assertThat(reading.schema().size()).isEqualTo(4);
    }
    for (String column : List.of("v w x", "v as", "v, ", "nothing as n")) {
      try (Reading reading = read("table", "t", "column", List.of(column))) {
        assertThatThrownBy(reading::schema)
            .as(column)
            .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
      }
    }
  }

  @Test
  void aTableIsReadAsItStandsInAFromClause() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, v INT, KEY by_v (v)) PARTITION BY RANGE (id)"
            + " (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200),"
            + " PARTITION p2 VALUES LESS THAN MAXVALUE)",
        "INSERT INTO t VALUES (1, 1), (50, 2), (101, 3), (102, 4), (300, 5)",
        "CREATE TABLE `t a` (id INT PRIMARY KEY, v INT)",
        "INSERT INTO `t a` VALUES (7, 7)");
    for (Map.Entry<String, Integer> each :
        Map.of(
                "t partition(p0)",
                2,
                "t PARTITION (p0, `p1`) x",
                4,
                "t force index(by_v)",
                5,
                "t as b use index for order by (by_v) ignore key (primary)",
                5,
                "t x, t partition(p2)",
                6,
                db + ".t y",
                5,
                "t a",
                1)
            .entrySet()) {
      try (Reading reading = read("table", each.getKey(), "splitPk", "id")) {
        assertThat(reading.rows(3)).as(each.getKey()).hasSize(each.getValue());
      }
    }
    try (Reading reading =
        read(
            "table",
            "t x",
            "splitPk",
            "id",
            "column",
            List.of("x.id", "x.*"),
            "where",
            "x.id > 1")) {
      reading.reader.prepare(reading);
      assertThat(reading.plan(3).splits()).hasSizeGreaterThan(1);
      assertThat(reading.rows(3)).hasSize(4);
    }
    for (String table : List.of("t join t b", "t limit 1", "t partition()", "t where id = 1")) {
      try (Reading reading = read("table", table)) {
        assertThatThrownBy(reading::schema)
            .as(table)
            .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
      }
    }
  }

  @Test
  void geometriesAreReadAsBytesAndAsTextOnRequest() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, p POINT NOT NULL, g GEOMETRY)",
        "INSERT INTO t VALUES (1, ST_GeomFromText('POINT(1 2)'), NULL)");
    String hex = "0x000000000101000000000000000000f03f0000000000000040";
    try (Reading reading = read("table", "t", "column", List.of("p", "g", "ST_AsText(p)"))) {
      assertThat(reading.schema().field(0).type()).isEqualTo(ColumnType.BYTES);
      assertThat(reading.schema().field(0).nativeType()).isEqualTo("point");
      List<String> row = reading.row();
      assertThat(row.get(0).toLowerCase(Locale.ROOT)).endsWith(hex.substring(2));
      assertThat(row.get(1)).isNull();
      assertThat(row.get(2)).isEqualTo("POINT(1 2)");
    }
    try (Reading reading = read("querySql", "SELECT p FROM t")) {
      assertThat(reading.schema().field(0).nativeType()).isEqualTo("geometry");
      assertThat(reading.row().get(0).toLowerCase(Locale.ROOT)).endsWith(hex.substring(2));
    }
  }

  @Test
  void aProcedureIsRefusedByName() throws SQLException {
    sql("CREATE TABLE t (id INT)", "CREATE PROCEDURE p() SELECT * FROM t");
    for (String call : List.of("call p()", "/* x */ CALL p;", "{call p()}")) {
      try (Reading reading = read("querySql", call)) {
        assertThatThrownBy(reading::schema)
            .as(call)
            .hasMessageContaining("calls a procedure, which is not supported")
            .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.READ_REFUSED));
      }
    }
  }

  @Test
  void aSplitPkThatDoesNotExistIsAnError() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY, `a b` INT)");
    try (Reading reading = read("table", "t", "splitPk", "ID_")) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("has no column 'ID_'")
          .hasMessageContaining("id")
          .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.CONFIGURATION));
    }
    for (String key : List.of("ID", "`id`", "`a b`", "")) {
      try (Reading reading = read("table", "t", "splitPk", key)) {
        assertThat(reading.schema().size()).isEqualTo(2);
      }
    }
  }

  @Test
  void whatAStatementSaysItselfIsNotTriedAgain() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2)",
        "CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC NO SQL BEGIN SIGNAL SQLSTATE '45000'"
            + " SET MESSAGE_TEXT = 'so not'; RETURN a; END");
    for (String sql : List.of("SELECT f(id) FROM t", "SELECT (SELECT id FROM t) FROM t")) {
      try (Reading reading = read("querySql", sql)) {
        reading.schema();
        assertThatThrownBy(() -> reading.rows(1))
            .as(sql)
            .satisfies(e -> assertThat(((MillraceException) e).isRetryable()).isFalse());
      }
    }
  }

  @Test
  void theHostThatAnswersFirstServesTheWholeAttempt() throws Exception {
    sql("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3), (4)");
    ServerSocket first = new ServerSocket(0);
    int port = first.getLocalPort();
    first.close();
    String url =
        "jdbc:mysql://127.0.0.1:" + port + "," + server().host() + ":" + server().port() + "/" + db;
    try (Reading reading = read("table", "t", "splitPk", "id", "jdbcUrl", url)) {
      List<Split> splits = reading.plan(2).splits();
      // From now on the first host answers as well.
      try (ServerSocket late = new ServerSocket(port);
          SplitReader one = reading.reader.open(splits.get(0), reading);
          SplitReader other = reading.reader.open(splits.get(1), reading)) {
        late.setSoTimeout(1);
        assertThatThrownBy(late::accept).isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void aViewIsReadAsOneSplit() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, ts TIMESTAMP NULL)",
        "INSERT INTO t VALUES (1, NULL), (2, NULL)",
        "CREATE VIEW v AS SELECT id, ts FROM t");
    try (Reading reading = read("table", "v", "splitPk", "id")) {
      assertThat(reading.rows(3)).hasSize(2);
      assertThat(reading.plan(3).splits()).hasSize(1);
      assertThat(reading.plan(3).maxConcurrency()).isEqualTo(1);
      assertThat(reading.plan(3).rule()).contains("view");
      assertThat(reading.warnings).anyMatch(line -> line.contains("view"));
    }
  }

  @Test
  void aSessionThatWouldCutTheResultOfEachSplitIsRefused() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)");
    for (String own : List.of("SET sql_select_limit = 2", "SET SESSION sql_select_limit = 0")) {
      try (Reading reading = read("table", "t", "session", List.of(own))) {
        assertThatThrownBy(reading::schema)
            .hasMessageContaining("sql_select_limit")
            .hasMessageContaining("every split");
      }
    }
    try (Reading reading =
        read("table", "t", "session", List.of("SET sql_select_limit = DEFAULT"))) {
      assertThat(reading.rows(2)).hasSize(3);
    }
  }

  @Test
  void sessionStatementsRunOnEveryConnectionAndDoNotChangeTheCharset() throws SQLException {
    sql("CREATE TABLE t (a VARCHAR(10))", "INSERT INTO t VALUES ('ü中')");
    try (Reading reading =
        read(
            "table",
            "t",
            "session",
            List.of("SET NAMES latin1", "SET @x = 5"),
            "column",
            List.of("a", "@x", "'ß'"))) {
      assertThat(reading.row()).containsExactly("ü中", "5", "ß");
    }
  }

  @Test
  void aWrongSessionStatementIsNamed() {
    try (Reading reading = read("table", "t", "session", List.of("SET nothing = 1"))) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("'session'")
          .hasMessageContaining("SET nothing = 1")
          .satisfies(e -> assertThat(code(e)).isEqualTo(StandardError.CONFIGURATION));
    }
  }

  @Test
  void aValueAboveTheLimitMakesItsRecordDirty() throws SQLException {
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, a LONGTEXT)",
        "INSERT INTO t VALUES (1, 'small'), (2, REPEAT('x', 3000000)), (3, 'small too')");
    TaskContext.Limits limits = new TaskContext.Limits(1 << 20, 1000, 2_000_000, 1);
    try (Reading reading = Reading.of(server(), db, limits, "table", "t")) {
      assertThat(reading.rows(1)).containsExactly(List.of("1", "small"), List.of("3", "small too"));
      assertThat(reading.dirty).hasSize(1);
      assertThat(reading.dirty.get(0)).contains("3000000").contains("column=a");
      assertThat(reading.dirtyValues.get(0).get(0).text()).isEqualTo("2");
    }
  }

  @Test
  void closingInTheMiddleDoesNotReadTheRest() throws Exception {
    numbers("t", 200_000);
    try (Reading reading =
        read("querySql", "SELECT a.id, REPEAT('x', 1000) FROM t a JOIN t b ON b.id < 100")) {
      Split split = reading.plan(1).splits().get(0);
      SplitReader rows = reading.reader.open(split, reading);
      rows.read(reading.batch());
      long start = System.nanoTime();
      rows.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(reading.cancellation.registrations()).isZero();
    }
  }

  @Test
  void cancellingEndsAWaitingReadWithinASecond() throws Exception {
    try (Reading reading = read("querySql", "SELECT SLEEP(30)")) {
      Split split = reading.plan(1).splits().get(0);
      CompletableFuture<Throwable> failure =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  reading.rows(split);
                  return new AssertionError("not cancelled");
                } catch (MillraceException e) {
                  return e;
                }
              });
      Waiting waiting = new Waiting(server(), db);
      waiting.untilAStatementSleeps();
      long start = System.nanoTime();
      reading.cancellation.cancel();
      Throwable error = failure.get(5, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(code(error)).isEqualTo(StandardError.CANCELLED);
      // The server does not go on for nobody.
      waiting.untilNothingRuns();
    }
  }

  @Test
  void aKilledConnectionMayBeTriedAgain() throws Exception {
    numbers("t", 1000);
    try (Reading reading =
        read("querySql", "SELECT id, SLEEP(0.02), CONNECTION_ID(), REPEAT('x', 20000) FROM t")) {
      Split split = reading.plan(1).splits().get(0);
      TaskContext.Limits limits = new TaskContext.Limits(1, 1, 1 << 20, 1);
      RecordBatch batch =
          new RecordBatch(reading.schema(), limits.batchBytes(), limits.batchRows());
      try (SplitReader rows = reading.reader.open(split, reading)) {
        rows.read(batch);
        sql("KILL " + batch.longs(2).get(0));
        assertThatThrownBy(
                () -> {
                  do {
                    batch.clear();
                  } while (rows.read(batch));
                })
            .satisfies(e -> assertThat(((MillraceException) e).isRetryable()).isTrue());
      }
    }
  }

  @Test
  void aTaskOfOneRowNeedsOneConnection() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    long before = connections();
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      reading.schema();
      reading.reader.prepare(reading);
      assertThat(reading.rows(4)).hasSize(1);
    }
    // One of them is the question itself.
    assertThat(connections() - before).isEqualTo(2);
  }

  private long connections() throws SQLException {
    try (var connection = server().connect("");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Connections'")) {
      row.next();
      return row.getLong(2);
    }
  }

  @Test
  void anEmptyTableGivesNothing() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY)");
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      assertThat(reading.rows(3)).isEqualTo(Collections.emptyList());
    }
  }

  /** A table with the ids 1 to {@code count}. */
  void numbers(String table, int count) throws SQLException {
    sql(
        "CREATE TABLE " + table + " (id INT NOT NULL PRIMARY KEY)",
        "INSERT INTO " + table + " " + sequence(count));
  }

  /** A SELECT of the numbers 1 to {@code count}, at most a million, that every server knows. */
  static String sequence(int count) {
    String digits =
        "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
            + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
            + " UNION ALL SELECT 9)";
    return "SELECT n FROM (SELECT 1 + a.d + b.d * 10 + c.d * 100 + d.d * 1000 + e.d * 10000"
        + " + f.d * 100000 AS n FROM "
        + digits
        + " a, "
        + digits
        + " b, "
        + digits
        + " c, "
        + digits
        + " d, "
        + digits
        + " e, "
        + digits
        + " f) s WHERE n <= "
        + count;
  }
}
