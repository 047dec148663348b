package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that loses what it had acknowledged. Rows are removed behind the writer's back, as a
 * crash without a flushed log or a fail-over to a copy that lags leaves them out.
 */
abstract class WriterLossIT {

  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createTable() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("loss")).with("table", "t");
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))", "INSERT INTO t VALUES (1, 'old')");
  }

  private SplitCommit write(Writer writer, WriteState state, String split, int from, int to) {
    RecordBatch batch = new RecordBatch(ID_NAME, 1 << 20, 1 << 20);
    for (int i = from; i <= to; i++) {
      batch.longs(0).append(i);
      batch.bytes(1).append("new");
      batch.endRecord(i);
    }
    try (SplitWriter open = writer.open(state, split, harness.context())) {
      long taken = open.write(batch);
      return open.commit(new SplitTally(to - from + 1, taken, 0, 64, ""));
    }
  }

  private static void refuses(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
        .hasMessageContainingAll(parts);
  }

  private void lose(String entry) throws Exception {
    harness.execute("DELETE FROM millrace_ledger WHERE entry = '" + entry + "'");
  }

  private List<String> ids() throws Exception {
    return harness.rows("SELECT CONCAT(id, name) FROM t ORDER BY id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "append", "swap"})
  void aSplitThatTheServerLostIsNotCommittedAndCanBeWrittenAgain(String publish) throws Exception {
    harness.with("publish", publish);
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      SplitCommit b = write(writer, state, "b", 4, 5);
      String written = Prepared.of(state).written().quoted();
      harness.execute("DELETE FROM " + written + " WHERE id IN (4, 5)");
      lose("b");
      assertThat(writer.commits(state, context)).isEqualTo(Map.of("a", a));
      assertThat(write(writer, state, "b", 4, 5)).isEqualTo(b);
      assertThat(writer.commits(state, context)).isEqualTo(Map.of("a", a, "b", b));
      writer.publish(state, List.of(a, b), context);
    }
    List<String> expected = new ArrayList<>(List.of("2new", "3new", "4new", "5new"));
    if (!publish.equals("swap")) {
      expected.add(0, "1old");
    }
    assertThat(ids()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "direct, #epoch",
    "direct, #task",
    "direct, #pre-1",
    "direct, #pre-2",
    "append, #shadow",
    "append, #pre-2",
    "swap, #shadow",
    "swap, #task"
  })
  void whatStageOneEnteredIsNeverPutBack(String publish, String entry) throws Exception {
    harness
        .with("publish", publish)
        .with("preSql", List.of("DELETE FROM @table", "INSERT INTO @table VALUES (9, 'pre')"));
    RecordingContext context = harness.context();
    try (Writer writer = harness.writer();
        Writer next = harness.writer()) {
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      write(writer, state, "a", 2, 3);
      lose(entry);
      refuses(() -> writer.commits(state, context), entry, harness.instance, "from scratch");
      if (entry.equals("#epoch")) {
        assertThatThrownBy(() -> next.takeOver(state, 2, context))
            .hasMessageContaining("not in the ledger");
      } else {
        refuses(() -> next.takeOver(state, 2, context), entry, "from scratch");
        // The look has not put back what it looked for.
        refuses(() -> next.commits(state, context), entry);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"append, lost", "append, more", "swap, lost", "swap, more"})
  void rowsAreNotPublishedWhenTheyAreNotThoseThatWereCommitted(String publish, String what)
      throws Exception {
    harness
        .with("publish", publish)
        .with("preSql", List.of("INSERT INTO t VALUES (100, 'pre'), (101, 'pre')"));
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      SplitCommit b = write(writer, state, "b", 4, 5);
      String shadow = Prepared.of(state).shadow().quoted();
      harness.execute(
          what.equals("lost")
              ? "DELETE FROM " + shadow + " WHERE id = 4"
              : "INSERT INTO " + shadow + " VALUES (50, 'more')");
      refuses(
          () -> writer.publish(state, List.of(a, b), context),
          "holds " + (what.equals("lost") ? 5 : 7) + " rows",
          "committed 6",
          "nothing was published");
      assertThat(ids()).containsExactly("1old");
      harness.execute(
          what.equals("lost")
              ? "INSERT INTO " + shadow + " VALUES (4, 'new')"
              : "DELETE FROM " + shadow + " WHERE id = 50");
      writer.publish(state, List.of(a, b), context);
      writer.publish(state, List.of(a, b), context);
    }
    assertThat(ids()).contains("2new", "3new", "4new", "5new", "100pre", "101pre");
  }

  @ParameterizedTest
  @CsvSource({"append, update", "append, replace", "swap, update", "swap, replace"})
  void recordsWithTheSameKeyAreOneRowInTheEnd(String publish, String mode) throws Exception {
    harness.with("publish", publish).with("writeMode", mode);
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      List<SplitCommit> commits =
          List.of(write(writer, state, "a", 1, 3), write(writer, state, "b", 2, 5));
      writer.publish(state, commits, context);
    }
    assertThat(ids()).containsExactly("1new", "2new", "3new", "4new", "5new");
  }

  @Test
  void aSwapThatPromisesLessMayHoldMore() throws Exception {
    harness.with("publish", "swap");
    harness.execute("ALTER TABLE t ENGINE=MyISAM");
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      String shadow = Prepared.of(state).shadow().quoted();
      harness.execute("INSERT INTO " + shadow + " VALUES (50, 'more')");
      writer.publish(state, List.of(a), context);
    }
    assertThat(ids()).containsExactly("2new", "3new", "50more");
  }
}
