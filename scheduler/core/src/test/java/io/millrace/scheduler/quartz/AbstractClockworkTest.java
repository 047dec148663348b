package io.millrace.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.NodeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes' clockworks on one store. */
@Timeout(60)
abstract class AbstractClockworkTest {

  private final Queue<Instant> released = new ConcurrentLinkedQueue<>();
  private final Queue<Instant> nights = new ConcurrentLinkedQueue<>();
  private volatile boolean failing;
  private Database database;
  private Clockwork one;
  private Clockwork two;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    one = Clockwork.create(database, "one", NodeTime.SAME, work());
    two = Clockwork.create(database, "two", NodeTime.SAME, work());
  }

  @AfterEach
  void end() {
    one.close();
    two.close();
    database.close();
  }

  private Clockwork.Work work() {
    return new Clockwork.Work() {
      @Override
      public void release() {
        released.add(Instant.now());
      }

      @Override
      public void nightly() {
        nights.add(Instant.now());
        if (failing) {
          throw new IllegalStateException("as it is to be");
        }
      }
    };
  }

  private List<String> triggers(String job) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS WHERE JOB_NAME = :job"
                        + " ORDER BY TRIGGER_NAME")
                .bind("job", job)
                .mapTo(String.class)
                .list());
  }

  @Test
  void twoNodesAreTwoClockworks() {
    one.start();
    one.close();
    // Closing one has not closed the other.
    two.at(List.of(Instant.now()));
    two.start();
    await().until(() -> !released.isEmpty());
  }

  @Test
  void aTimeThatBothNodesNameIsOneTriggerAndNothingIsReleasedBeforeIt() {
    Instant soon = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);
    one.at(List.of(soon, soon.plusMillis(300), soon.plusMillis(900)));
    two.at(List.of(soon));
    assertThat(triggers("release")).hasSize(2);
    one.start();
    two.start();
    await().until(() -> triggers("release").isEmpty());
    await().until(() -> released.size() >= 2);
    assertThat(released).allMatch(at -> !at.isBefore(soon));
    assertThat(released).anyMatch(at -> !at.isBefore(soon.plusSeconds(1)));
  }

  @Test
  void aNodeWhoseClockIsAheadIsCalledAtTheTimeOfTheStore() {
    Duration ahead = Duration.ofSeconds(3);
    NodeTime time =
        new NodeTime() {
          @Override
          public Duration ahead() {
            return ahead;
          }

          @Override
          public Optional<String> problem() {
            return Optional.empty();
          }
        };
    try (Clockwork fast = Clockwork.create(database, "fast", time, work())) {
      Instant soon = Instant.ofEpochSecond(Instant.now().minus(ahead).getEpochSecond() + 2);
      fast.at(List.of(soon));
      fast.start();
      await().until(() -> !released.isEmpty());
      assertThat(released).allMatch(at -> !at.isBefore(soon.plus(ahead)));
    }
  }

  @Test
  void aNodeThatIsHaltedTicksAgainWhenItIsStarted() {
    one.start();
    one.pause();
    one.at(List.of(Instant.now()));
    one.start();
    await().until(() -> !released.isEmpty());
  }

  @Test
  void aTimeThatHasFiredIsReleasedAgainWhenItIsNamedOnceMore() {
    one.start();
    Instant soon = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 1);
    one.at(List.of(soon));
    await().until(() -> released.size() == 1);
    await().until(() -> triggers("release").isEmpty());
    one.at(List.of(soon));
    await().until(() -> released.size() == 2);
  }

  @Test
  void aTimeThatIsKnownAlreadyCostsNothingAndStays() {
    Instant later = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 3600);
    one.at(List.of(later));
    List<String> before = triggers("release");
    database.useTransaction(handle -> handle.execute("UPDATE QRTZ_TRIGGERS SET PRIORITY = 7"));
    one.at(List.of(later, later.plusSeconds(1)));
    assertThat(triggers("release")).hasSize(2).containsAll(before);
    int untouched =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE PRIORITY = 7")
                    .mapTo(Integer.class)
                    .one());
    assertThat(untouched).isEqualTo(1);
  }

  @Test
  void aTimeThatIsOverIsReleasedAtOnce() {
    one.start();
    two.at(List.of(Instant.now().minus(Duration.ofDays(3))));
    await().atMost(Duration.ofSeconds(20)).until(() -> !released.isEmpty());
    await().until(() -> triggers("release").isEmpty());
  }

  @Test
  void oneNodeAloneIsCalledAgainAndAgainAlsoForWhatTheOtherHasAskedFor() {
    one.every(Duration.ofMillis(300));
    two.every(Duration.ofMillis(300));
    assertThat(triggers("release")).containsExactly("every");
    two.close();
    one.start();
    await().until(() -> released.size() >= 3);
  }

  private Instant nextNight() {
    return Instant.ofEpochMilli(
        database.with(
            handle ->
                handle
                    .createQuery(
                        "SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE JOB_NAME = 'nightly'")
                    .mapTo(Long.class)
                    .one()));
  }

  @Test
  void theNightlyTriggerIsReplacedAndNotDoubled() {
    Instant far = Instant.now().plus(Duration.ofHours(5));
    one.nightly(now -> far);
    two.nightly(now -> far);
    two.nightly(now -> far.plusSeconds(60));
    assertThat(triggers("nightly")).containsExactly("night");
    assertThat(nextNight()).isAfter(far.plusSeconds(59));
    one.start();
    assertThat(nights).isEmpty();
  }

  @Test
  void eachNightNamesTheNextOne() {
    one.nightly(now -> Instant.now().plusMillis(300));
    one.start();
    await().until(() -> nights.size() >= 3);
    assertThat(triggers("nightly")).containsExactly("night");
  }

  @Test
  void aNightThatFailsIsTriedAgainInAMinute() {
    failing = true;
    Iterator<Duration> next = List.of(Duration.ofMillis(300), Duration.ofHours(5)).iterator();
    one.nightly(now -> Instant.now().plus(next.next()));
    one.start();
    await().until(() -> !nights.isEmpty());
    await()
        .until(
            this::nextNight,
            at -> Duration.between(Instant.now(), at).abs().compareTo(Duration.ofMinutes(2)) < 0);
  }
}
