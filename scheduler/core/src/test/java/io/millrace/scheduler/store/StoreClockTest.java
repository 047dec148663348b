package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.ManualClock;
import io.millrace.scheduler.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreClockTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final AtomicLong store = new AtomicLong(NOON.toEpochMilli());
  private final AtomicLong nanos = new AtomicLong();
  private final ManualClock node = new ManualClock(NOON);

  private StoreClock clock() {
    return new StoreClock(store::get, node, nanos::get, Duration.ofSeconds(3));
  }

  @Test
  void aNodeWhoseClockIsSetDoesNotChangeWhatTimeItIs() {
    StoreClock clock = clock();
    node.advance(Duration.ofDays(2));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(5));
    assertThat(clock.withZone(ZoneId.of("Asia/Tokyo")).instant()).isEqualTo(NOON.plusSeconds(5));
    assertThat(clock.ahead()).isEqualTo(Duration.ofDays(2).minusSeconds(5));
  }

  @Test
  void theStoreIsRightAndItsFastestAnswerTellsItBest() {
    StoreClock clock = clock();
    store.addAndGet(Duration.ofMinutes(1).toMillis());
    clock.ask();
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(60));

    long[] took = {900, 100, 500};
    AtomicLong calls = new AtomicLong();
    StoreClock slow =
        new StoreClock(
            () -> {
              nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(took[(int) calls.getAndIncrement()]));
              return store.addAndGet(1000);
            },
            node,
            nanos::get,
            Duration.ofSeconds(3));
    // The second answer, 50 ms after it was given, and 500 ms of the third.
    assertThat(slow.instant()).isEqualTo(NOON.plusSeconds(62).plusMillis(550));
  }

  @Test
  void aNodeWhoseClockIsTooFarAwayMayNotJoinAndIsToldBothTimes() {
    StoreClock clock = clock();
    node.advance(Duration.ofSeconds(3));
    clock.requireTolerable();
    for (Duration off : new Duration[] {Duration.ofSeconds(7), Duration.ofSeconds(-20)}) {
      node.set(NOON.plus(off));
      assertThatThrownBy(clock::requireTolerable)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("says " + NOON.plus(off) + " and the store's " + NOON)
          .hasMessageContaining("3.0 s")
          .hasMessageNotContaining("\n");
    }
    node.set(NOON);
    assertThat(clock.problem()).isEmpty();
  }

  @Test
  void aStoreInMemoryHasTheTimeOfThisMachine() {
    try (Database database = Stores.memory();
        StoreClock clock = new StoreClock(database, StoreClock.MOST_SKEW)) {
      clock.requireTolerable();
      assertThat(Duration.between(clock.instant(), Clock.systemUTC().instant()).abs())
          .isLessThan(Duration.ofSeconds(1));
    }
  }
}
