package io.millrace.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.NodeTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose lease is short, in real time. */
@Timeout(60)
class LeaseTest {

  private static final Duration LEASE = Duration.ofMillis(1500);

  private final Database database = Stores.memory();
  private final Scene scene = new Scene(database, "one");
  private final Queue<Boolean> told = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.empty());
  private final NodeTime time =
      new NodeTime() {
        @Override
        public Duration ahead() {
          return Duration.ZERO;
        }

        @Override
        public Optional<String> problem() {
          return problem.get();
        }
      };
  private final Lease lease =
      new Lease(
          database,
          new Nodes(database.dialect(), LEASE),
          scene.settlement,
          scene.dispatcher,
          "one",
          time,
          told::add);
  private long id;

  @BeforeEach
  void begin() {
    lease.start();
    scene.dispatcher.start(lease);
    id = scene.make(scene.of(scene.task("task")));
    scene.dispatcher.wake();
    await().until(() -> scene.running.containsKey(id));
  }

  @AfterEach
  void end() {
    scene.dispatcher.close();
    lease.close();
    database.close();
  }

  /** Keeps the row of the node from everybody else: renewals get no answer. */
  private Connection silence() throws SQLException {
    Connection connection = database.dataSource().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT * FROM node WHERE name = 'one' FOR UPDATE");
    }
    return connection;
  }

  private static void answerAgain(Connection connection) throws SQLException {
    connection.rollback();
    connection.close();
  }

  private long epoch() {
    return Objects.requireNonNull(lease.node()).epoch();
  }

  private List<Attempts.State> attempts() {
    return database.with(handle -> scene.attempts.of(handle, id)).stream()
        .map(Attempts.Row::state)
        .toList();
  }

  @Test
  void aNodeWhoseClockHasDriftedTakesNoWorkUntilItIsRightAgain() {
    problem.set(Optional.of("its clock is wrong"));
    await().until(() -> lease.node() == null);
    assertThat(told).containsExactly(false);
    assertThat(scene.running).as("what runs goes on").containsKey(id);
    long other = scene.make(scene.of(scene.task("other")));
    long ticks = scene.dispatcher.ticks();
    scene.dispatcher.wake();
    problem.set(Optional.empty());
    await().until(() -> scene.running.containsKey(other));
    assertThat(scene.dispatcher.ticks()).isGreaterThan(ticks);
    assertThat(told).containsExactly(false, true);
  }

  @Test
  void aLeaseThatIsRenewedStays() {
    long epoch = epoch();
    Instant until = Instant.now().plus(LEASE.multipliedBy(2));
    await().atMost(LEASE.multipliedBy(4)).until(() -> Instant.now().isAfter(until));
    assertThat(epoch()).isEqualTo(epoch);
    assertThat(scene.running.get(id).cancelled()).isEmpty();
  }

  @Test
  void attemptsAreEndedBeforeTheLeaseIsWhenTheStoreDoesNotAnswer() throws Exception {
    Connection silent = silence();
    long from = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !scene.running.get(id).cancelled().isEmpty());
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LEASE);
    assertThat(lease.node()).isNull();
    assertThat(scene.running.get(id).cancelled().get(0)).contains("the store does not answer");
    answerAgain(silent);
  }

  @Test
  void theNodeRegistersAnewAndGoesOnOnceItsAttemptsHaveEnded() throws Exception {
    long before = epoch();
    Connection silent = silence();
    await().until(() -> !scene.running.get(id).cancelled().isEmpty());
    answerAgain(silent);
    // The lease has ended; while the attempt has not, it must not be started a second time.
    Instant until = Instant.now().plus(LEASE);
    await().atMost(LEASE.multipliedBy(4)).until(() -> Instant.now().isAfter(until));
    assertThat(lease.node()).isNull();
    assertThat(scene.begun).containsExactly(id);

    scene.fail(id, "cancelled: the store does not answer");
    await().until(() -> scene.running.containsKey(id));
    assertThat(epoch()).isGreaterThan(before);
    assertThat(scene.running.get(id).picked().attempt()).isEqualTo(2);
    assertThat(attempts()).containsExactly(Attempts.State.LOST, Attempts.State.RUNNING);
    scene.succeed(id);
    await().until(() -> scene.get(id).state() == InstanceState.SUCCEEDED);
    assertThat(attempts()).containsExactly(Attempts.State.LOST, Attempts.State.SUCCEEDED);
  }

  @Test
  void anAttemptThatSucceedsAllTheSameHasSucceededWhenNobodyTookOver() throws Exception {
    Connection silent = silence();
    await().until(() -> !scene.running.get(id).cancelled().isEmpty());
    answerAgain(silent);
    scene.succeed(id);
    await().until(() -> scene.get(id).state() == InstanceState.SUCCEEDED);
    assertThat(attempts()).containsExactly(Attempts.State.SUCCEEDED);
  }
}
