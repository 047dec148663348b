package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MySqlWriterNarrowingIT extends WriterNarrowingIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }

  /** MariaDB keeps JSON as text. */
  @Test
  void jsonThatHoldsADecimalOrABlobIsDirtyOrItsRoundingIsCounted() throws Exception {
    harness.execute(
        "CREATE TABLE s (id INT PRIMARY KEY, c JSON)",
        "INSERT INTO s VALUES (1, JSON_OBJECT('a', CAST('1.50' AS DECIMAL(10,2)))),"
            + " (2, JSON_OBJECT('a', CAST('12345678901234567890.5' AS DECIMAL(30,1)))),"
            + " (3, JSON_OBJECT('b', CAST('xy' AS BINARY))),"
            + " (4, '{\"a\": [1.5, 0.1, 1e100, 18446744073709551615, null, \"1.50\"]}')");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("c", ColumnType.JSON).withNativeType("json as text"));
    List<String> texts = harness.rows("SELECT c FROM s ORDER BY id");
    for (Narrowing narrowing : Narrowing.values()) {
      harness.rules = TaskContext.Rules.OWN.withNarrowing(narrowing);
      harness.execute("DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT PRIMARY KEY, c JSON)");
      Object[][] rows = new Object[4][];
      for (int i = 0; i < 4; i++) {
        rows[i] = new Object[] {i + 1L, texts.get(i)};
      }
      WriterHarness.Run run = harness.run(WriterHarness.batch(schema, rows));
      assertThat(harness.one("SELECT COUNT(*) FROM s JOIN t USING (id, c) WHERE id = 4"))
          .isEqualTo("1");
      if (narrowing == Narrowing.ROUND) {
        assertThat(run.dirty()).extracting(d -> d.position()).containsExactly(2L);
        assertThat(run.context().lines)
            .anyMatch(line -> line.startsWith("WARN narrowing: 2 values of column 'c'"));
      } else {
        assertThat(run.dirty()).extracting(d -> d.position()).containsExactly(0L, 1L, 2L);
      }
    }
  }
}
