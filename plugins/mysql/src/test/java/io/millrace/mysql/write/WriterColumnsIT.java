package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which column goes where when both ends say {@code *}, on every server. */
abstract class WriterColumnsIT {

  private static final Schema.Star PLAIN = new Schema.Star(List.of(), List.of());

  WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("columns")).with("table", "t");
  }

  /** Columns of whole numbers; the first is the key. */
  private static Schema star(Schema.Star star, String... names) {
    return new Schema(Arrays.stream(names).map(name -> Field.of(name, ColumnType.INT64)).toList())
        .withStar(star);
  }

  private static Object[] row(Object... values) {
    return values;
  }

  private void form(TaskForm form) {
    harness.rules = TaskContext.Rules.of(form);
  }

  private void refused(Schema source, String... parts) {
    assertThatThrownBy(() -> harness.writer().check(source, harness.context()))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void columnsAreMatchedByNameWhateverTheirOrder(String load) throws Exception {
    for (TaskForm form : TaskForm.values()) {
      form(form);
      for (String mode : List.of("insert", "update", "replace")) {
        harness.execute(
            "DROP TABLE IF EXISTS t",
            "CREATE TABLE t (price INT, qty INT, Id INT PRIMARY KEY, stock INT)",
            "INSERT INTO t VALUES (0, 0, 9, 0)");
        WriterHarness.Run run =
            harness
                .with("load", load)
                .with("writeMode", mode)
                .run(
                    WriterHarness.batch(
                        star(PLAIN, "id", "stock", "price", "qty"),
                        row(1L, 2L, 3L, 4L),
                        row(5L, 6L, null, 8L)));
        assertThat(run.written()).isEqualTo(2);
        assertThat(harness.rows("SELECT Id, stock, price, qty FROM t ORDER BY Id"))
            .containsExactly("1|2|3|4", "5|6|null|8", "9|0|0|0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void aComputedColumnIsLeftOutAndTold(String load) throws Exception {
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, price INT, vat INT AS (price * 2) STORED, qty INT)");
    Schema source = star(new Schema.Star(List.of("vat"), List.of()), "id", "price", "vat", "qty");
    assertThat(harness.writer().check(source, harness.context()).fields())
        .extracting(Field::name)
        .containsExactly("id", "price", "vat", "qty");
    WriterHarness.Run run =
        harness.with("load", load).run(WriterHarness.batch(source, row(1L, 10L, 7L, 3L)));
    assertThat(harness.one("SELECT * FROM t")).isEqualTo("1|10|20|3");
    assertThat(run.context().lines)
        .contains("WARN left out: column 'vat', whose value the target's server computes");
  }

  @Test
  void aColumnThatOnlyTheSourceComputesIsLeftOutOrWritten() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, price INT)");
    Schema.Star star = new Schema.Star(List.of("vat"), List.of());
    WriterHarness.Run run =
        harness.run(WriterHarness.batch(star(star, "vat", "id", "price"), row(7L, 1L, 10L)));
    assertThat(harness.one("SELECT * FROM t")).isEqualTo("1|10");
    assertThat(run.context().lines)
        .contains(
            "WARN left out: column 'vat', which the source computes and the target does not have");
    harness.execute("DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY, price INT, vat INT)");
    harness.run(WriterHarness.batch(star(star, "vat", "id", "price"), row(7L, 1L, 10L)));
    assertThat(harness.one("SELECT * FROM t")).isEqualTo("1|10|7");
  }

  @ParameterizedTest
  @EnumSource(TaskForm.class)
  void otherNamesAreNeverMappedByOrderWhereAColumnIsComputed(TaskForm form) throws Exception {
    // One more column at the target: the numbers are equal, and price_vat would go into qty.
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, price INT, price_vat INT AS (price * 2), qty INT,"
            + " stock INT)");
    form(form);
    refused(
        star(new Schema.Star(List.of("price_vat"), List.of()), "id", "price", "price_vat", "qty"),
        "(id, price, price_vat, qty)",
        "(id, price, qty, stock; computed by the server: price_vat)",
        "list the columns at both ends");
    assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("0");
  }

  @Test
  void otherNamesGoByOrderInForeignDocumentsAndAreRefusedInOurs() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, amount INT)");
    Schema source = star(PLAIN, "order_id", "price");
    refused(source, "order_id, price", "id, amount");
    for (TaskForm form : List.of(TaskForm.DATAX, TaskForm.DATAWORKS)) {
      form(form);
      harness.execute("TRUNCATE TABLE t");
      WriterHarness.Run run = harness.run(WriterHarness.batch(source, row(1L, 2L)));
      assertThat(harness.one("SELECT * FROM t")).isEqualTo("1|2");
      assertThat(run.context().lines)
          .anyMatch(
              line -> line.startsWith("WARN") && line.contains("order_id -> id, price -> amount"));
      refused(star(PLAIN, "order_id", "price", "more"), "order_id, price, more", "id, amount");
      refused(
          star(new Schema.Star(List.of(), List.of("more")), "order_id", "price"),
          "not in its *: more");
    }
  }

  @Test
  void aListedColumnStillGoesByOrder() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)");
    harness.run(
        WriterHarness.batch(
            Schema.of(
                Field.of("b", ColumnType.INT64),
                Field.of("a", ColumnType.INT64),
                Field.of("id", ColumnType.INT64)),
            row(1L, 2L, 3L)));
    harness.with("column", List.of("b", "a", "id"));
    harness.run(WriterHarness.batch(star(PLAIN, "id", "a", "b"), row(10L, 20L, 30L)));
    assertThat(harness.rows("SELECT id, a, b FROM t ORDER BY id"))
        .containsExactly("1|2|3", "30|20|10");
  }

  @Test
  void anInvisibleColumnIsLeftOutUnlessItMustHaveAValue() throws Exception {
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, note INT DEFAULT 7)");
    Schema.Star hidden = new Schema.Star(List.of(), List.of("note"));
    WriterHarness.Run run = harness.run(WriterHarness.batch(star(hidden, "id"), row(1L)));
    assertThat(harness.one("SELECT * FROM t")).isEqualTo("1|7");
    assertThat(run.context().lines)
        .anyMatch(line -> line.startsWith("WARN left out: column 'note'"));
    harness.with("publish", "append").with("writeMode", "update");
    refused(star(hidden, "id"), "list the columns at both ends");
    harness.with("publish", "direct");
    harness.execute("DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY, note INT NOT NULL)");
    refused(star(hidden, "id"), "wants a value for note");
    assumeTrue(
        server().flavour() == Flavour.MARIADB,
        "the server has no invisible columns; runs with MySQL 8.0.23 or newer");
    harness.execute(
        "DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY, note INT INVISIBLE DEFAULT 7)");
    WriterHarness.Run visible =
        harness.run(WriterHarness.batch(star(PLAIN, "id", "note"), row(1L, 2L)));
    assertThat(harness.one("SELECT id, note FROM t")).isEqualTo("1|7");
    assertThat(visible.context().lines)
        .contains("WARN left out: column 'note', which is invisible in the target");
  }

  @Test
  void columnsThatTheAccountMayNotSeeAreNotPassedOver() throws Exception {
    String account = "c" + harness.database.substring(harness.database.length() - 8);
    String whole = "w" + harness.database.substring(harness.database.length() - 8);
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, secret INT, name INT, g INT AS (id + 1))",
        "CREATE USER " + account + " IDENTIFIED BY 'secret'",
        "GRANT SELECT (id, name), INSERT (id, name) ON t TO " + account,
        "CREATE USER " + whole + " IDENTIFIED BY 'secret'",
        "GRANT INSERT ON t TO " + whole);
    harness.with("username", account).with("password", "secret");
    refused(
        star(PLAIN, "id", "name"),
        "does not see every column",
        "denied to user",
        "list the columns");
    harness.with("column", List.of("id", "name"));
    harness.writer().check(star(PLAIN, "id", "name"), harness.context());
    // Who may write but not read sees all of them.
    harness.with("username", whole).with("column", List.of("*"));
    harness.writer().check(star(PLAIN, "id", "name", "secret"), harness.context());
  }
}
