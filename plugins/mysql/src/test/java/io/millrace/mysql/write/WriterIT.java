package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
  void writes_rows_by_load_data() throws Exception {
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
  void names_exactly_the_duplicate_and_writes_its_neighbours() throws Exception {
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
}
