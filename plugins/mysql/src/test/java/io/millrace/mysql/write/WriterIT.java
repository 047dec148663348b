package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.TestServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold on every server. */
abstract class WriterIT {

  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("writer"));
  }

  @Test
  void writesRecordsByLoadData() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))");
    WriterHarness.Run run =
        harness
            .with("table", "t")
            .run(
                WriterHarness.batch(
                    ID_NAME, new Object[] {1L, "a\tb\\c\nd"}, new Object[] {2L, null}));
    assertThat(run.written()).isEqualTo(2);
    assertThat(run.dirty()).isEmpty();
    assertThat(harness.rows("SELECT id, HEX(name) FROM t ORDER BY id"))
        .containsExactly("1|6109625C630A64", "2|null");
  }

  @Test
  void namesExactlyTheDuplicateAndWritesItsNeighbours() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))");
    WriterHarness.Run run =
        harness
            .with("table", "t")
            .run(
                WriterHarness.batch(
                    ID_NAME,
                    new Object[] {1L, "a"},
                    new Object[] {2L, "b"},
                    new Object[] {1L, "c"},
                    new Object[] {3L, "d"}));
    assertThat(run.written()).isEqualTo(3);
    assertThat(run.dirty()).hasSize(1);
    assertThat(run.dirty().get(0).position()).isEqualTo(2);
    assertThat(run.dirty().get(0).reason().code()).isEqualTo("1062");
    assertThat(harness.rows("SELECT id, name FROM t ORDER BY id"))
        .containsExactly("1|a", "2|b", "3|d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void keepsEveryTypeBitByBit(String load) throws Exception {
    harness.execute(WriterTypes.createSql("expected"), WriterTypes.createSql("t"));
    harness.execute(WriterTypes.insertSql("expected").toArray(String[]::new));
    RecordBatch batch;
    try (Connection connection = harness.server.connect(harness.database)) {
      batch = WriterTypes.batch(WriterTypes.schema(connection, harness.database, "t"));
    }
    WriterHarness.Run run = harness.with("table", "t").with("load", load).run(batch);
    assertThat(run.dirty()).isEmpty();
    assertThat(run.written()).isEqualTo(WriterTypes.records());
    for (int i = 0; i < WriterTypes.LINES.size(); i++) {
      String sql = "SELECT id, c" + i + ", HEX(c" + i + ") FROM ";
      assertThat(harness.rows(sql + "t ORDER BY id"))
          .as(WriterTypes.LINES.get(i).definition())
          .isEqualTo(harness.rows(sql + "expected ORDER BY id"));
    }
    assertThat(harness.one("CHECKSUM TABLE t").replace(harness.database + ".t|", ""))
        .isEqualTo(
            harness.one("CHECKSUM TABLE expected").replace(harness.database + ".expected|", ""));
    assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("" + WriterTypes.records());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void keepsEveryTypeThroughUpdateAndReplace(String load) throws Exception {
    harness.execute(WriterTypes.createSql("expected"));
    harness.execute(WriterTypes.insertSql("expected").toArray(String[]::new));
    String wanted =
        harness.one("CHECKSUM TABLE expected").replace(harness.database + ".expected|", "");
    for (String mode : List.of("update", "replace")) {
      harness.execute("DROP TABLE IF EXISTS t", WriterTypes.createSql("t"));
      // What is there differs in every column, so that update has to change every one.
      harness.execute("INSERT INTO t (id) VALUES (0),(1),(2)");
      RecordBatch batch;
      try (Connection connection = harness.server.connect(harness.database)) {
        batch = WriterTypes.batch(WriterTypes.schema(connection, harness.database, "t"));
      }
      WriterHarness.Run run =
          harness.with("table", "t").with("load", load).with("writeMode", mode).run(batch);
      assertThat(run.dirty()).isEmpty();
      assertThat(run.written()).isEqualTo(WriterTypes.records());
      assertThat(harness.one("CHECKSUM TABLE t").replace(harness.database + ".t|", ""))
          .as(mode)
          .isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void storesAValueUnchangedOrCallsItDirty(String load) throws Exception {
    List<String> problems = new ArrayList<>();
    for (Conversions.Case c : Conversions.ALL) {
      harness.execute("DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT, v " + c.target() + ")");
      Schema schema = Schema.of(Field.of("id", ColumnType.INT64), c.source());
      RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
      // Neighbours on both sides, which are always written.
      for (int row = 0; row < 3; row++) {
        batch.longs(0).append(row);
        WriterTypes.append(batch, 1, row == 1 ? c.value() : null);
        batch.endRecord(row);
      }
      WriterHarness.Run run = harness.with("table", "t").with("load", load).run(batch);
      String found =
          harness.one(
              "SELECT GROUP_CONCAT(CONCAT(id, '=', "
                  + (c.target().startsWith("BIT") ? "v+0" : shown(c.target()))
                  + ") ORDER BY id) FROM t WHERE id = 1");
      String expected = c.stored() == null ? "null" : "1=" + c.stored();
      List<String> codes = run.dirty().stream().map(d -> d.reason().code()).toList();
      List<String> expectedCodes = c.code() == null ? List.of() : List.of(c.code());
      boolean right =
          found.equals(expected)
              && (codes.equals(expectedCodes)
                  || (codes.size() == 1 && List.of("JSON").equals(expectedCodes)))
              && run.written() == (c.stored() == null ? 2 : 3)
              && harness.one("SELECT COUNT(*) FROM t").equals("" + run.written());
      if (!right) {
        problems.add(
            c + " gave " + found + ", written " + run.written() + ", dirty " + run.dirty());
      } else if (!run.dirty().isEmpty()) {
        assertThat(run.dirty().get(0).reason().column()).as("%s", c).isIn("v", null);
        assertThat(run.dirty().get(0).position()).isEqualTo(1);
      }
    }
    assertThat(problems).isEmpty();
  }

  /** A TIMESTAMP as it is in UTC. */
  private static String shown(String type) {
    return type.startsWith("TIMESTAMP") ? "CONVERT_TZ(v, '+09:00', '+00:00')" : "v";
  }
}
