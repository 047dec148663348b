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
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.server.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What killed runs leave in the target, and who may remove it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WriterLeftoversIT {

  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  private WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createTable() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("leftovers"));
    harness.with("table", "t");
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))", "INSERT INTO t VALUES (1, 'old')");
  }

  /** Stage 1 of an instance whose process ends before anybody keeps what it gave. */
  private WriteState killedInStageOne() {
    harness.instance = UUID.randomUUID().toString();
    try (Writer writer = harness.writer()) {
      return writer.prepare(harness.plan(1, ID_NAME), harness.context());
    }
  }

  private static SplitCommit write(
      Writer writer, WriteState state, String split, int id, RecordingContext context) {
    try (SplitWriter open = writer.open(state, split, context)) {
      open.write(row(id));
      return open.commit(new SplitTally(1, 1, 0, 64, ""));
    }
  }

  private static RecordBatch row(int id) {
    return WriterHarness.batch(ID_NAME, new Object[] {(long) id, "new"});
  }

  private int cleanUp(Instant before) {
    try (Writer writer = harness.writer()) {
      return writer.cleanUp(before, harness.context());
    }
  }

  private List<String> shown(Instant before) {
    try (Writer writer = harness.writer()) {
      return writer.leftBehind(before, harness.context());
    }
  }

  private static Instant later() {
    return Instant.now().plus(Duration.ofHours(1));
  }

  private List<String> tables() throws Exception {
    return harness.rows("SHOW TABLES");
  }

  private List<String> ids() throws Exception {
    return harness.rows("SELECT CONCAT(id, name) FROM t ORDER BY id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"swap", "append"})
  void whatNobodyWasToldOfIsCleanedUpOnceItIsOldEnough(String mode) throws Exception {
    harness.with("publish", mode);
    assertThat(cleanUp(later())).isZero();
    killedInStageOne();
    killedInStageOne();
    assertThat(tables()).hasSize(4);
    assertThat(cleanUp(Instant.now().minus(Duration.ofHours(1)))).isZero();
    assertThat(shown(Instant.now().minus(Duration.ofHours(1)))).isEmpty();
    assertThat(shown(later()))
        .hasSize(2)
        .allMatch(line -> line.contains(": rows of the ledger, table "));
    assertThat(tables()).hasSize(4);
    assertThat(cleanUp(later())).isEqualTo(2);
    assertThat(tables()).containsExactly("millrace_ledger", "t");
    assertThat(harness.one("SELECT COUNT(*) FROM millrace_ledger")).isEqualTo("0");
    assertThat(ids()).containsExactly("1old");
    assertThat(cleanUp(later())).isZero();
  }

  @Test
  void whatIsAtWorkAndWhatIsOfAnotherTaskOrTableStays() throws Exception {
    harness.with("publish", "swap");
    harness.task = "another";
    WriteState ofAnother = killedInStageOne();
    harness.task = "test";
    harness.execute("CREATE TABLE u LIKE t");
    harness.with("table", "u");
    killedInStageOne();
    harness.with("table", "t");
    harness.instance = UUID.randomUUID().toString();
    RecordingContext context = harness.context();
    try (Writer running = harness.writer()) {
      WriteState state = running.prepare(harness.plan(1, ID_NAME), context);
      try (SplitWriter open = running.open(state, "a", context)) {
        open.write(row(2));
        assertThat(cleanUp(later())).isZero();
        assertThat(tables()).hasSize(6);
        SplitCommit commit = open.commit(new SplitTally(1, 1, 0, 64, ""));
        // A channel that waits for its next split holds its lock as well.
        assertThat(cleanUp(later())).isZero();
        running.publish(state, List.of(commit), context);
        running.forget(state, context);
      }
    }
    assertThat(ids()).containsExactly("2new");
    assertThat(cleanUp(later())).isZero();
    harness.with("table", "u");
    assertThat(cleanUp(later())).isEqualTo(1);
    assertThat(tables())
        .containsExactlyInAnyOrder(
            "millrace_ledger", "t", "u", Prepared.of(ofAnother).shadow().name());
  }

  @Test
  void theNextRunOfTheTaskRemovesTheTablesOfWhatIsOlderThanAWeek() throws Exception {
    harness.with("publish", "swap");
    harness.clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-8));
    WriteState old = killedInStageOne();
    harness.clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-6));
    WriteState young = killedInStageOne();
    harness.clock = Clock.systemUTC();
    WriteState now = killedInStageOne();
    assertThat(tables())
        .doesNotContain(Prepared.of(old).shadow().name())
        .contains(Prepared.of(young).shadow().name(), Prepared.of(now).shadow().name());
  }

  @Test
  void anInstanceThatCanBeResumedByItsLedgerAloneKeepsItUntilSomebodyCleansUp() throws Exception {
    harness.clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-8));
    harness.instance = UUID.randomUUID().toString();
    RecordingContext context = harness.context();
    WriteState failed;
    try (Writer writer = harness.writer()) {
      failed = writer.prepare(harness.plan(1, ID_NAME), context);
      write(writer, failed, "a", 2, context);
    }
    harness.clock = Clock.systemUTC();
    killedInStageOne();
    try (Writer writer = harness.writer()) {
      WriteState taken = writer.takeOver(failed, 2, context);
      assertThat(writer.commits(taken, context)).containsOnlyKeys("a");
    }
    // It was claimed just now.
    assertThat(cleanUp(Instant.now().minus(Duration.ofDays(7)))).isZero();
    assertThat(cleanUp(later())).isEqualTo(2);
    // What it had committed is not known any more: it would be written a second time.
    try (Writer writer = harness.writer()) {
      assertThatThrownBy(() -> writer.takeOver(failed, 3, context))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.FENCED))
          .hasMessageContaining("start it anew");
    }
    assertThat(ids()).containsExactly("1old", "2new");
    assertThat(harness.one("SELECT COUNT(*) FROM millrace_ledger")).isEqualTo("0");
  }

  @Test
  void anInstanceThatIsStartedAnewRemovesWhatItsFormerGenerationsLeft() throws Exception {
    harness.with("publish", "swap");
    WriteState first = killedInStageOne();
    RecordingContext context = harness.context();
    try (Writer writer = harness.writer()) {
      WriteState third = writer.prepare(new WritePlan(harness.instance, 3, 3, ID_NAME), context);
      assertThat(tables())
          .doesNotContain(Prepared.of(first).shadow().name())
          .contains(Prepared.of(third).shadow().name());
      SplitCommit commit = write(writer, third, "a", 2, context);
      writer.publish(third, List.of(commit), context);
      writer.forget(third, context);
    }
    assertThat(tables()).containsExactly("millrace_ledger", "t");
    assertThat(ids()).containsExactly("2new");
  }

  @Test
  void aSwapThatWasKilledBehindItsRenameIsFinished() throws Exception {
    harness.with("publish", "swap");
    Prepared prepared = Prepared.of(killedInStageOne());
    harness.execute(
        "INSERT INTO " + prepared.shadow().quoted() + " VALUES (2, 'new')",
        "RENAME TABLE t TO "
            + prepared.aside().quoted()
            + ", "
            + prepared.shadow().quoted()
            + " TO t");
    assertThat(cleanUp(later())).isEqualTo(1);
    assertThat(tables()).containsExactly("millrace_ledger", "t");
    assertThat(ids()).containsExactly("2new");
  }
}
