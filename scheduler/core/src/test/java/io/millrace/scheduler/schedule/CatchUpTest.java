package io.millrace.scheduler.schedule;

import static io.millrace.scheduler.schedule.Times.UTC;
import static io.millrace.scheduler.schedule.Times.cron;
import static io.millrace.scheduler.schedule.Times.daily;
import static io.millrace.scheduler.schedule.Times.shown;
import static io.millrace.scheduler.schedule.Times.utc;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Three days of downtime, from Friday noon to Monday noon. */
class CatchUpTest {

  private static final Instant DOWN = utc("2026-11-20T12:00");
  private static final Instant UP = utc("2026-11-23T12:00");

  private static CatchUp.Decision decide(
      Schedule base, CatchUp catchUp, @Nullable Duration maximumLateness) {
    return new Schedule(
            base.cycle(),
            base.zone(),
            base.effectiveFrom(),
            base.effectiveTo(),
            base.generation(),
            base.mode(),
            catchUp,
            maximumLateness)
        .missed(DOWN, UP);
  }

  private static List<String> skipped(CatchUp.Decision decision) {
    return decision.skipped().stream()
        .map(each -> each.occurrence().time() + " " + each.reason())
        .toList();
  }

  @Test
  void allMakesEveryMissedOccurrence() {
    CatchUp.Decision decision = decide(daily("02:30", UTC), CatchUp.ALL, null);

    assertThat(shown(decision.created()))
        .containsExactly("2026-11-21T02:30", "2026-11-22T02:30", "2026-11-23T02:30");
    assertThat(decision.skipped()).isEmpty();
  }

  @Test
  void lastMakesTheLatest() {
    CatchUp.Decision decision = decide(daily("02:30", UTC), CatchUp.LAST, null);

    assertThat(shown(decision.created())).containsExactly("2026-11-23T02:30");
    assertThat(skipped(decision))
        .containsExactly(
            "2026-11-21T02:30 missed, and catch-up is LAST: a later one runs",
            "2026-11-22T02:30 missed, and catch-up is LAST: a later one runs");
  }

  @Test
  void noneMakesNone() {
    CatchUp.Decision decision = decide(daily("02:30", UTC), CatchUp.NONE, null);

    assertThat(decision.created()).isEmpty();
    assertThat(skipped(decision))
        .containsExactly(
            "2026-11-21T02:30 missed, and catch-up is NONE",
            "2026-11-22T02:30 missed, and catch-up is NONE",
            "2026-11-23T02:30 missed, and catch-up is NONE");
  }

  @Test
  void whatIsTooLateIsSkippedUnderEveryPolicy() {
    Duration day = Duration.ofHours(34);
    CatchUp.Decision all = decide(daily("02:30", UTC), CatchUp.ALL, day);
    CatchUp.Decision last = decide(daily("02:30", UTC), CatchUp.LAST, Duration.ofHours(9));

    assertThat(shown(all.created())).containsExactly("2026-11-22T02:30", "2026-11-23T02:30");
    assertThat(skipped(all))
        .containsExactly("2026-11-21T02:30 missed, and later than the maximum of PT34H");
    assertThat(last.created()).isEmpty();
    assertThat(last.skipped()).hasSize(3);
  }

  @Test
  void anEndlessMaximumLatenessIsNone() {
    assertThat(decide(daily("02:30", UTC), CatchUp.ALL, Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(decide(daily("02:30", UTC), CatchUp.ALL, null));
  }

  @Test
  void exactlyTheMaximumLatenessIsNotTooLate() {
    Duration exact = Duration.ofMinutes(9 * 60 + 30);

    assertThat(shown(decide(daily("02:30", UTC), CatchUp.ALL, exact).created()))
        .containsExactly("2026-11-23T02:30");
  }

  @Test
  void lastKeepsTheLatestThatRunsAndTheDryRunsAfterIt() {
    CatchUp.Decision decision = decide(cron("0 30 14 ? * FRI,SAT", UTC), CatchUp.LAST, null);
    CatchUp.Decision dry = decide(cron("0 30 14 ? * WED", UTC), CatchUp.LAST, null);

    assertThat(shown(decision.created())).containsExactly("2026-11-21T14:30", "~2026-11-22T14:30");
    assertThat(skipped(decision))
        .containsExactly("2026-11-20T14:30 missed, and catch-up is LAST: a later one runs");
    assertThat(shown(dry.created())).containsExactly("~2026-11-22T14:30");
  }

  @Test
  void whatWasSeenAndWhatIsDueNowIsNotMissed() {
    assertThat(shown(decide(cron("0 0 0,12 * * ?", UTC), CatchUp.ALL, null).created()))
        .containsExactly(
            "2026-11-21T00:00",
            "2026-11-21T12:00",
            "2026-11-22T00:00",
            "2026-11-22T12:00",
            "2026-11-23T00:00");
  }
}
