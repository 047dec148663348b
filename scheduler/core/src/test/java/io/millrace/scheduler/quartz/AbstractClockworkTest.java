package io.millrace.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.scheduler.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
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
  private Database database;
  private Clockwork one;
  private Clockwork two;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    one = Clockwork.create(database, "one", work());
    two = Clockwork.create(database, "two", work());
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
  void theNightlyTriggerIsReplacedAndNotDoubled() {
    one.nightly(LocalTime.of(23, 30), ZoneOffset.UTC);
    two.nightly(LocalTime.of(23, 30), ZoneOffset.UTC);
    two.nightly(LocalTime.of(1, 15), ZoneOffset.UTC);
    assertThat(triggers("nightly")).containsExactly("nightly");
    List<String> crons =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT CRON_EXPRESSION FROM QRTZ_CRON_TRIGGERS")
                    .mapTo(String.class)
                    .list());
    assertThat(crons).containsExactly("0 15 1 ? * *");
    one.start();
    assertThat(nights).isEmpty();
  }
}
