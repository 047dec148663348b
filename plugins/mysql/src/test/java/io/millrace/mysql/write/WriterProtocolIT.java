package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.mysql.Waiting;
import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.server.TestServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ledger, fencing and publishing, on every server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WriterProtocolIT {

  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  private static final Duration SOON = Duration.ofSeconds(30);

  WriterHarness harness;
  private Waiting waiting;

  abstract TestServer server();

  @BeforeEach
  void createTable() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("protocol"));
    waiting = new Waiting(server(), harness.database);
    harness.with("table", "t");
    harness.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))", "INSERT INTO t VALUES (1, 'old')");
  }

  private static RecordBatch rows(int from, int to) {
    RecordBatch batch = new RecordBatch(ID_NAME, 1 << 20, 1 << 20);
    for (int i = from; i <= to; i++) {
      batch.longs(0).append(i);
      batch.bytes(1).append("new");
      batch.endRecord(i);
    }
    return batch;
  }

  private SplitCommit write(Writer writer, WriteState state, String split, int from, int to) {
    return write(writer, state, split, from, to, harness.context());
  }

  private static SplitCommit write(
      Writer writer, WriteState state, String split, int from, int to, RecordingContext context) {
    try (SplitWriter open = writer.open(state, split, context)) {
      long taken = open.write(rows(from, to));
      return open.commit(new SplitTally(to - from + 1, taken, 0, 64, "seal-" + split));
    }
  }

  private static void fails(StandardError code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
  }

  private static void isRetryable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode().kind()).isEqualTo(ErrorKind.EXTERNAL));
  }

  /** Does something in another thread. */
  private static CompletableFuture<Void> meanwhile(ThrowingCallable action) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            action.call();
          } catch (Throwable e) {
            throw new CompletionException(e);
          }
        });
  }

  private List<String> ids() throws Exception {
    return harness.rows("SELECT CONCAT(id, name) FROM t ORDER BY id");
  }

  @Test
  void aSplitAndItsCommitAreThereTogetherOrNotAtAll() throws Exception {
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      try (SplitWriter dropped = writer.open(state, "a", context)) {
        dropped.write(rows(2, 3));
      }
      assertThat(writer.commits(state, context)).isEmpty();
      assertThat(ids()).containsExactly("1old");
      SplitCommit commit = write(writer, state, "a", 2, 3);
      assertThat(writer.commits(state, context)).isEqualTo(Map.of("a", commit));
      assertThat(commit.tally().dirtySeal()).isEqualTo("seal-a");
      fails(StandardError.INTERNAL, () -> writer.open(state, "a", context));
      writer.publish(state, List.of(commit), context);
      writer.forget(state, context);
      assertThat(harness.one("SELECT COUNT(*) FROM millrace_ledger")).isEqualTo("0");
      assertThat(ids()).containsExactly("1old", "2new", "3new");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "append", "swap"})
  void aTableThatChangedSinceItWasPlannedTakesNothing(String publish) throws Exception {
    harness.with("publish", publish);
    harness.execute("ALTER TABLE t ADD COLUMN at DATETIME(6)");
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64),
            Field.of("name", ColumnType.STRING),
            Field.of("at", ColumnType.DATETIME).withScale(6));
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 1 << 20);
    batch.longs(0).append(2);
    batch.bytes(1).append("new");
    batch.longs(2).append(Calendars.dateTime(2025, 1, 2, 3, 4, 5, 999_999));
    batch.endRecord(1);
    SplitTally tally = new SplitTally(1, 1, 0, 64, "");
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      writer.check(schema, context);
      WriteState state = writer.prepare(harness.plan(1, schema), context);
      try (SplitWriter before = writer.open(state, "a", context)) {
        before.write(batch);
        before.commit(tally);
      }
      String written = Prepared.of(state).written().quoted();
      try (SplitWriter held = writer.open(state, "b", context)) {
        harness.execute("DELETE FROM " + written + " WHERE id = 2");
        harness.execute("ALTER TABLE " + written + " MODIFY COLUMN at DATETIME");
        held.write(batch);
        assertThatThrownBy(() -> held.commit(tally))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
            .hasMessageContaining("changed while the task ran: at; run or resume the task again");
      }
      assertThat(writer.commits(state, context)).containsOnlyKeys("a");
      assertThat(harness.one("SELECT COUNT(*) FROM " + written + " WHERE id = 2")).isEqualTo("0");
      if (publish.equals("direct")) {
        // Another attempt plans anew, and the check of the value does its part.
        try (Writer next = harness.writer()) {
          WriteState resumed = next.takeOver(state, 2, context);
          next.check(schema, context);
          try (SplitWriter split = next.open(resumed, "b", context)) {
            assertThat(split.write(batch)).isZero();
            split.commit(new SplitTally(1, 0, 1, 64, ""));
          }
          assertThat(context.dirty).singleElement().asString().contains("WOULD_ROUND at");
        }
      }
    }
  }

  @Test
  void whoTakesOverEndsTheWriterOfBefore() throws Exception {
    try (Writer old = harness.writer();
        Writer next = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = old.prepare(harness.plan(1, ID_NAME), context);
      SplitWriter paused = old.open(state, "a", context);
      paused.write(rows(2, 3));
      WriteState taken = next.takeOver(state, 2, context);
      isRetryable(() -> paused.commit(new SplitTally(2, 2, 0, 0, "")));
      paused.close();
      fails(StandardError.FENCED, () -> old.open(state, "a", context));
      fails(StandardError.FENCED, () -> old.publish(state, List.of(), context));
      write(next, taken, "a", 2, 3);
      assertThat(ids()).containsExactly("1old", "2new", "3new");
    }
  }

  @Test
  void anInstanceThatStartsAnewShutsOutItsFormerGeneration() throws Exception {
    try (Writer old = harness.writer();
        Writer next = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = old.prepare(harness.plan(1, ID_NAME), context);
      write(old, state, "a", 2, 3);
      next.prepare(new io.millrace.api.write.WritePlan(harness.instance, 2, 2, ID_NAME), context);
      fails(StandardError.FENCED, () -> old.open(state, "b", context));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultProxy.Action.class,
      names = {"CUT_BEFORE", "CUT_AFTER", "HOLD_BEFORE", "HOLD_AFTER", "DELAY_BEFORE"})
  void theLedgerTellsWhatBecameOfACommitThatWasNotAnswered(FaultProxy.Action action)
      throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server().host(), server().port())) {
      harness.with(
          "jdbcUrl",
          server().jdbcUrl(harness.database, proxy.port())
              + "?sslMode=DISABLED&allowPublicKeyRetrieval=true");
      harness.with("socketTimeout", 1500);
      try (Writer writer = harness.writer()) {
        RecordingContext context = harness.context();
        WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
        SplitWriter split = writer.open(state, "a", context);
        split.write(rows(2, 3));
        var fault = proxy.when(BytePattern.commit(), 1, action);
        isRetryable(() -> split.commit(new SplitTally(2, 2, 0, 0, "")));
        split.close();
        if (!action.name().equals("HOLD_AFTER")) {
          fault.get(10, TimeUnit.SECONDS);
        }
        boolean committed = writer.commits(state, context).containsKey("a");
        assertThat(committed).isEqualTo(action.name().endsWith("AFTER"));
        // What was held goes on now, and must not change what was told.
        proxy.pass();
        Waiting.until("the proxy has passed everything on", () -> proxy.connections() == 0);
        waiting.untilNobodyIsConnected();
        assertThat(ids()).hasSize(committed ? 3 : 1);
        if (!committed) {
          write(writer, state, "a", 2, 3);
        }
        assertThat(ids()).containsExactly("1old", "2new", "3new");
      }
    }
  }

  @Test
  void aKilledConnectionAndALockThatIsNotGrantedAreRetryable() throws Exception {
    harness.with("session", List.of("SET innodb_lock_wait_timeout = 1"));
    harness.with("writeMode", "replace");
    try (Writer writer = harness.writer();
        Connection other = server().connect(harness.database)) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      other.setAutoCommit(false);
      other.createStatement().execute("UPDATE t SET name = 'locked' WHERE id = 1");
      isRetryable(() -> write(writer, state, "a", 1, 2));
      other.rollback();
      SplitWriter split = writer.open(state, "a", context);
      split.write(rows(2, 3));
      for (String id :
          harness.rows(
              "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '"
                  + harness.database
                  + "' AND COMMAND = 'Sleep' AND ID NOT IN (CONNECTION_ID(), "
                  + other.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).getId()
                  + ")")) {
        other.createStatement().execute("KILL " + id);
      }
      isRetryable(() -> split.write(rows(4, 5)));
      split.close();
      write(writer, state, "a", 2, 3);
      assertThat(ids()).containsExactly("1old", "2new", "3new");
    }
  }

  @Test
  void aDeadlockIsRetryable() throws Exception {
    harness.execute("INSERT INTO t VALUES (50, 'old')");
    harness.with("writeMode", "update").with("load", "never");
    try (Writer writer = harness.writer();
        Connection other = server().connect(harness.database)) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      other.setAutoCommit(false);
      // The heavier transaction survives, so the writer's is the one that is ended.
      other
          .createStatement()
          .execute(
              "INSERT INTO t (id) WITH RECURSIVE n AS (SELECT 1000 i UNION ALL SELECT i + 1 FROM n"
                  + " WHERE i < 1900) SELECT i FROM n");
      other.createStatement().execute("UPDATE t SET name = 'x' WHERE id = 50");
      SplitWriter split = writer.open(state, "a", context);
      split.write(rows(1, 1));
      CompletableFuture<Void> blocker =
          meanwhile(
              () -> {
                waiting.untilALockIsWaitedFor();
                other.createStatement().execute("UPDATE t SET name = 'x' WHERE id = 1");
              });
      isRetryable(() -> split.write(rows(50, 50)));
      split.close();
      assertThat(blocker).succeedsWithin(SOON);
      other.rollback();
      write(writer, state, "a", 50, 50);
    }
  }

  @Test
  void cancelEndsAStatementThatWaits() throws Exception {
    harness.with("writeMode", "replace");
    try (Writer writer = harness.writer();
        Connection other = server().connect(harness.database)) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      other.setAutoCommit(false);
      other.createStatement().execute("UPDATE t SET name = 'locked' WHERE id = 1");
      RecordingContext cancelled = harness.context();
      SplitWriter split = writer.open(state, "a", cancelled);
      AtomicLong start = new AtomicLong();
      CompletableFuture<Void> canceller =
          meanwhile(
              () -> {
                try {
                  waiting.untilALockIsWaitedFor();
                } finally {
                  start.set(System.nanoTime());
                  cancelled.cancel();
                }
              });
      fails(StandardError.CANCELLED, () -> split.write(rows(1, 2)));
      split.close();
      assertThat(canceller).succeedsWithin(SOON);
      assertThat(System.nanoTime() - start.get()).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }
  }

  @Test
  void theUsersSqlRunsOnceInTheTasksZoneAndTheServersMode() throws Exception {
    harness.execute("CREATE TABLE log (what TEXT, zone TEXT, mode TEXT)");
    String note = "INSERT INTO log SELECT '%s', @@time_zone, @@sql_mode FROM DUAL";
    harness
        .with("preSql", List.of("DELETE FROM @table;", note.formatted("pre")))
        .with("postSql", List.of(note.formatted("post"), "UPDATE @table SET name = 'post'"));
    harness.zone = java.time.ZoneId.of("+05:45");
    try (Writer writer = harness.writer();
        Writer next = harness.writer()) {
      RecordingContext context = harness.context();
      writer.prepare(harness.plan(1, ID_NAME), context);
      assertThat(ids()).isEmpty();
      // The result of the first was lost: the next attempt prepares again.
      WriteState state = next.prepare(harness.plan(2, ID_NAME), context);
      SplitCommit commit = write(next, state, "a", 2, 3);
      next.publish(state, List.of(commit), context);
      next.publish(state, List.of(commit), context);
      assertThat(context.lines).anyMatch(line -> line.startsWith("preSql 1 took"));
    }
    assertThat(harness.rows("SELECT what, zone FROM log"))
        .containsExactly("pre|+05:45", "post|+05:45");
    assertThat(harness.one("SELECT DISTINCT mode = @@GLOBAL.sql_mode FROM log")).isEqualTo("1");
    assertThat(ids()).containsExactly("2post", "3post");
  }

  @Test
  void aFailingPreSqlIsNamedAndNotEntered() {
    harness.with("preSql", List.of("DELETE FROM nowhere"));
    try (Writer writer = harness.writer()) {
      assertThatThrownBy(() -> writer.prepare(harness.plan(1, ID_NAME), harness.context()))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.isRetryable()).isFalse())
          .hasMessageContaining("preSql 1 failed: DELETE FROM nowhere");
    }
  }

  // Publishing.

  @ParameterizedTest
  @ValueSource(strings = {"swap", "append"})
  void aShadowIsInvisibleUntilItIsPublished(String mode) throws Exception {
    harness.with("publish", mode).with("preSql", List.of("DELETE FROM t WHERE t.id < 100"));
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      writer.check(ID_NAME, context);
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      SplitCommit b = write(writer, state, "b", 4, 5);
      assertThat(ids()).containsExactly("1old");
      writer.publish(state, List.of(a, b), context);
      List<String> published =
          mode.equals("swap")
              ? List.of("2new", "3new", "4new", "5new")
              : List.of("1old", "2new", "3new", "4new", "5new");
      assertThat(ids()).isEqualTo(published);
      // Its answer was lost, so it is asked for again.
      writer.publish(state, List.of(a, b), context);
      assertThat(ids()).isEqualTo(published);
      writer.forget(state, context);
    }
    assertThat(harness.rows("SHOW TABLES")).containsExactly("millrace_ledger", "t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"swap", "append"})
  void whatIsGivenUpLeavesTheTargetAsItWas(String mode) throws Exception {
    harness.with("publish", mode);
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      write(writer, state, "a", 2, 3);
      writer.discard(state, context);
      writer.discard(state, context);
    }
    assertThat(ids()).containsExactly("1old");
    assertThat(harness.rows("SHOW TABLES")).containsExactly("millrace_ledger", "t");
    assertThat(harness.one("SELECT COUNT(*) FROM millrace_ledger")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"before the rename", "after the rename", "after the entry", "after the drop"})
  void anInterruptedSwapIsFinished(String moment) throws Exception {
    harness.with("publish", "swap").with("postSql", "INSERT INTO t VALUES (100, 'post')");
    try (Writer writer = harness.writer();
        Writer next = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      Prepared prepared = Prepared.of(state);
      if (!moment.startsWith("before")) {
        harness.execute(
            "RENAME TABLE t TO "
                + prepared.aside().quoted()
                + ", "
                + prepared.shadow().quoted()
                + " TO t");
      }
      if (moment.endsWith("entry") || moment.endsWith("drop")) {
        harness.execute(
            "INSERT INTO millrace_ledger (instance, generation, entry, epoch) VALUES ('"
                + harness.instance
                + "', 1, '#publish', 1)");
      }
      if (moment.endsWith("drop")) {
        harness.execute("DROP TABLE " + prepared.aside().quoted());
      }
      WriteState taken = next.takeOver(state, 2, context);
      assertThat(next.commits(taken, context)).isEqualTo(Map.of("a", a));
      next.publish(taken, List.of(a), context);
      next.publish(taken, List.of(a), context);
    }
    assertThat(ids()).containsExactly("2new", "3new", "100post");
    assertThat(harness.rows("SHOW TABLES")).containsExactly("millrace_ledger", "t");
  }

  @Test
  void anAppendThatWasCommittedIsNotRepeated() throws Exception {
    harness.with("publish", "append");
    harness.execute("DROP TABLE t", "CREATE TABLE t (id INT, name VARCHAR(20))");
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      String shadow = Prepared.of(state).shadow().quoted();
      harness.execute("CREATE TABLE kept AS SELECT * FROM " + shadow);
      writer.publish(state, List.of(a), context);
      // As if it had been interrupted between the commit and the drop.
      harness.execute("RENAME TABLE kept TO " + shadow);
      writer.publish(state, List.of(a), context);
      assertThat(ids()).containsExactly("2new", "3new");
      assertThat(harness.rows("SHOW TABLES")).containsExactly("millrace_ledger", "t");
    }
  }

  @Test
  void aConflictOnAppendLeavesTheTargetAsItWas() throws Exception {
    harness.with("publish", "append");
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 1, 3);
      assertThatThrownBy(() -> writer.publish(state, List.of(a), context))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.isRetryable()).isFalse())
          .hasMessageContaining("which is unchanged")
          .hasMessageContaining("Duplicate entry '1'");
      assertThat(ids()).containsExactly("1old");
      writer.discard(state, context);
    }
    assertThat(harness.rows("SHOW TABLES")).containsExactly("millrace_ledger", "t");
  }

  @Test
  void anAppendToATableThatChangedLeavesItAsItWas() throws Exception {
    harness.with("publish", "append");
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      SplitCommit a = write(writer, state, "a", 2, 3);
      harness.execute("ALTER TABLE t MODIFY COLUMN name VARCHAR(21)");
      assertThatThrownBy(() -> writer.publish(state, List.of(a), context))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("t changed while the task ran: name");
      assertThat(ids()).containsExactly("1old");
      harness.execute("ALTER TABLE t MODIFY COLUMN name VARCHAR(20)");
      writer.publish(state, List.of(a), context);
      assertThat(ids()).containsExactly("1old", "2new", "3new");
    }
  }

  @Test
  void appendAlsoUpdatesWhatIsThere() throws Exception {
    harness.with("publish", "append").with("writeMode", "update");
    try (Writer writer = harness.writer()) {
      RecordingContext context = harness.context();
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      writer.publish(state, List.of(write(writer, state, "a", 1, 2)), context);
    }
    assertThat(ids()).containsExactly("1new", "2new");
  }

  @Test
  void aSwapThatWouldLoseSomethingIsRefusedBeforeAnythingIsWritten() throws Exception {
    harness.with("publish", "swap");
    String account = "v" + harness.database.substring(harness.database.length() - 8);
    harness.execute(
        "CREATE TABLE child (id INT, FOREIGN KEY (id) REFERENCES t (id))",
        "CREATE TABLE parent (id INT PRIMARY KEY)",
        "INSERT INTO parent VALUES (1)",
        "ALTER TABLE t ADD CONSTRAINT up FOREIGN KEY (id) REFERENCES parent (id)",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.name = 'x'",
        "CREATE VIEW v AS SELECT * FROM child",
        "CREATE TABLE plain (id INT, name VARCHAR(9))",
        "CREATE USER " + account + " IDENTIFIED BY 'secret'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON " + harness.database + ".* TO " + account);
    refusal("t", "foreign key up", "foreign key of child refers to it", "trigger tr");
    harness.with("column", List.of("id"));
    harness.with("table", "v");
    assertThatThrownBy(
            () ->
                harness
                    .writer()
                    .check(Schema.of(Field.of("id", ColumnType.INT64)), harness.context()))
        .hasMessageContaining("it is a view");
    harness.with("column", List.of("*")).with("username", account).with("password", "secret");
    refusal("plain", "lacks ALTER, CREATE, DROP");
    assertThat(harness.rows("SHOW TABLES")).doesNotContain("millrace_ledger");
  }

  private void refusal(String table, String... parts) {
    harness.with("table", table);
    assertThatThrownBy(() -> harness.writer().check(ID_NAME, harness.context()))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContainingAll(parts);
  }

  @Test
  void aServersLimitOnSelectsHidesNothingOfTheLedger() throws Exception {
    for (int limit : new int[] {1, 0}) {
      server().execute("", "SET GLOBAL sql_select_limit = " + limit);
      try {
        for (String publish : List.of("direct", "append", "swap")) {
          harness.instance = UUID.randomUUID().toString();
          harness.execute("DELETE FROM t");
          harness.with("publish", publish).with("preSql", List.of("DELETE FROM t"));
          try (Writer writer = harness.writer()) {
            writer.check(ID_NAME, harness.context());
            WriteState state = writer.prepare(harness.plan(1, ID_NAME), harness.context());
            for (int i = 1; i <= 3; i++) {
              write(writer, state, "s" + i, i, i);
            }
            Map<String, SplitCommit> commits = writer.commits(state, harness.context());
            assertThat(commits).hasSize(3);
            writer.publish(state, List.copyOf(commits.values()), harness.context());
          }
        }
      } finally {
        server().execute("", "SET GLOBAL sql_select_limit = DEFAULT");
      }
      assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("3");
    }
  }

  @Test
  void whatATaskForgetsDoesNotWaitForTheTransactionsOfAnother() throws Exception {
    harness.execute("DELETE FROM t");
    harness.instance = "b" + UUID.randomUUID();
    WriterHarness other = new WriterHarness(server(), harness.database).with("table", "t");
    other.instance = "a" + UUID.randomUUID();
    other.with("session", List.of("SET SESSION innodb_lock_wait_timeout = 1"));
    try (Writer slow = harness.writer();
        Writer done = other.writer()) {
      WriteState running = slow.prepare(harness.plan(1, ID_NAME), harness.context());
      WriteState state = done.prepare(other.plan(1, ID_NAME), other.context());
      try (SplitWriter split = slow.open(running, "s", harness.context())) {
        assertThat(split.write(rows(100, 200))).isEqualTo(101);
        // Its transaction holds the row of its epoch, which is the next one in the ledger.
        SplitCommit commit = write(done, state, "s", 1, 3, other.context());
        done.publish(state, List.of(commit), other.context());
        done.forget(state, other.context());
        assertThat(
                harness.one(
                    "SELECT COUNT(*) FROM millrace_ledger WHERE instance = '"
                        + other.instance
                        + "'"))
            .isEqualTo("0");
        split.commit(new SplitTally(101, 101, 0, 64, ""));
      }
    }
    assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("104");
  }
}
