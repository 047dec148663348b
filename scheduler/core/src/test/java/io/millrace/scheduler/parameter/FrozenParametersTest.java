package io.millrace.scheduler.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenParametersTest {

  private static final LocalDate DATE = LocalDate.parse("2025-10-31");
  private static final LocalDateTime TIME = LocalDateTime.parse("2025-11-01T02:30:45");
  private static final String SCRIPT =
      """
      reader: {stream: {a: '${dt}', b: '$bizmonth $gmtdate', c: '$[hh24miss-1/24]', d: '$taskid $nodeid'}}
      writer: {stream: {}}
      """;

  @Test
  void overridesComeBeforeAssignments() {
    FrozenParameters frozen =
        FrozenParameters.freeze(
            Map.of("dt", "$[yyyymmdd-1]", "x", "1"),
            Map.of("x", "$bizdate", "y", "new"),
            Occasion.recurring(DATE, TIME),
            7,
            8);

    assertThat(frozen.values("9"))
        .isEqualTo(
            Map.of(
                "dt",
                "20251031",
                "x",
                "20251031",
                "y",
                "new",
                "jobid",
                "7",
                "nodeid",
                "8",
                "taskid",
                "9"));
  }

  @Test
  void overridesAreHeldToTheSameRules() {
    assertThatThrownBy(
            () ->
                FrozenParameters.freeze(
                    Map.of(), Map.of("x", "$[mm-1]"), Occasion.recurring(DATE, TIME), 7, 8))
        .hasMessageContaining("parameter 'x': $[mm-1] is not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"})
  void aRerunDaysLaterInAnotherZoneHasTheSameValues(String zone) {
    FrozenParameters frozen =
        FrozenParameters.fromJson(
            FrozenParameters.freeze(
                    Map.of("dt", "p$taskid-$[yyyymmdd]"),
                    Map.of(),
                    Occasion.recurring(
                        LocalDate.parse("2025-10-15"), TIME.withDayOfMonth(16).minusMonths(1)),
                    7,
                    8)
                .toJson());
    ReadSettings later =
        ReadSettings.defaults()
            .withClock(
                Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC),
                ZoneId.of(zone));

    assertThat(TaskFiles.read("t", SCRIPT, frozen.apply(later, "9")).reader().options())
        .isEqualTo(Map.of("a", "p9-20251016", "b", "202509 20251016", "c", "013045", "d", "9 8"));
    assertThat(TaskFiles.read("t", SCRIPT, frozen.apply(later, "9")).notes()).isEmpty();
  }

  @Test
  void aBackfillCountsFromTheDayAfterTheBusinessDate() {
    Occasion occasion =
        Occasion.backfill(
            DATE, LocalDateTime.parse("2025-12-24T02:30:45"), LocalDate.parse("2025-12-24"));
    FrozenParameters frozen =
        FrozenParameters.freeze(
            Map.of(
                "a", "$cyctime",
                "b", "$[add_months(yyyymmdd,-1)]",
                "c", "$gmtdate",
                "d", "$bizmonth",
                "e", "$bizdate"),
            Map.of(),
            occasion,
            7,
            8);

    assertThat(frozen.values())
        .containsEntry("a", "20251101023045")
        .containsEntry("b", "20251001")
        .containsEntry("c", "20251101")
        .containsEntry("d", "202510")
        .containsEntry("e", "20251031");
  }

  @Test
  void aBackfillOfTheCurrentMonthHasTheMonthBefore() {
    Occasion occasion = Occasion.backfill(DATE, TIME, LocalDate.parse("2025-10-31"));

    assertThat(FrozenParameters.freeze(Map.of("m", "$bizmonth"), Map.of(), occasion, 7, 8).values())
        .containsEntry("m", "202509");
  }
}
