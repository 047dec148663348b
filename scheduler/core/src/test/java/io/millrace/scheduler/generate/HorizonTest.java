package io.millrace.scheduler.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HorizonTest {

  private static final LocalTime NIGHTLY = LocalTime.of(23, 30);
  private final Horizon horizon = new Horizon(NIGHTLY, ZoneOffset.UTC);

  private static Clock at(String instant) {
    return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
  }

  @ParameterizedTest(name = "at {0} all are there up to the end of {2} in {1}")
  @CsvSource({
    // The next night's making comes at 23:30 UTC of the 10th: that is the 10th, 11th or 10th here.
    "2026-03-10T08:00:00Z, UTC, 2026-03-10",
    "2026-03-10T08:00:00Z, Asia/Shanghai, 2026-03-11",
    "2026-03-10T08:00:00Z, Pacific/Kiritimati, 2026-03-11",
    "2026-03-10T08:00:00Z, America/New_York, 2026-03-10",
    "2026-03-10T08:00:00Z, Pacific/Pago_Pago, 2026-03-10",
    // In the very moment of the making, the next one counts.
    "2026-03-10T23:29:59Z, UTC, 2026-03-10",
    "2026-03-10T23:30:00Z, UTC, 2026-03-11",
    "2026-03-10T23:30:00Z, Asia/Shanghai, 2026-03-12",
    "2026-03-10T23:30:00Z, America/New_York, 2026-03-11"
  })
  void instancesAreThereUpToTheEndOfTheTasksDayInWhichTheNextMakingComes(
      String now, ZoneId zone, LocalDate last) {
    assertThat(horizon.of(zone, at(now)))
        .isEqualTo(last.plusDays(1).atStartOfDay(zone).toInstant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Asia/Shanghai",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "America/New_York",
        "Europe/Berlin"
      })
  void atEveryHourOfAYearTheHorizonIsBehindTheNextMakingAndNeverGoesBack(String zone) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Instant before = Instant.EPOCH;
    for (int hour = 0; hour < 365 * 24; hour++) {
      Clock clock = Clock.fixed(now, ZoneOffset.UTC);
      Instant until = horizon.of(ZoneId.of(zone), clock);
      assertThat(horizon.next(clock)).isAfter(now);
      assertThat(until).isAfter(horizon.next(clock)).isAfterOrEqualTo(before);
      assertThat(Duration.between(now, until)).isLessThan(Duration.ofHours(50));
      before = until;
      now = now.plus(Duration.ofHours(1));
    }
  }

  @Test
  void aNightlyTimeThatTheClockChangeLeavesOutComesAfterTheGap() {
    Horizon gap = new Horizon(LocalTime.of(2, 30), ZoneId.of("America/New_York"));
    assertThat(gap.next(at("2026-03-08T06:00:00Z")))
        .isEqualTo(Instant.parse("2026-03-08T07:30:00Z"));
    assertThat(gap.next(at("2026-03-08T07:30:00Z")))
        .isEqualTo(Instant.parse("2026-03-09T06:30:00Z"));
  }
}
