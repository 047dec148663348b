package io.millrace.scheduler.schedule;

import static io.millrace.scheduler.schedule.Times.BERLIN;
import static io.millrace.scheduler.schedule.Times.date;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.instance.RunMode;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleFormTest {

  private static final String DAILY = "\"cycle\":{\"every\":\"day\",\"time\":\"02:30\"}";

  private final ObjectMapper json = new ObjectMapper();

  /** What a version of a task holds. */
  private record Holder(Schedule schedule) {}

  private Schedule read(String text) throws Exception {
    return json.readValue("{\"schedule\":" + text + "}", Holder.class).schedule();
  }

  @Test
  void aScheduleSurvivesJson() throws Exception {
    Schedule schedule =
        new Schedule(
            Cycle.monthly(List.of("1", "last"), LocalTime.of(2, 30)),
            BERLIN,
            date("2026-01-31"),
            date("2026-12-31"),
            Generation.IMMEDIATE,
            RunMode.DRY_RUN,
            CatchUp.LAST,
            Duration.ofHours(6));
    String text = json.writeValueAsString(schedule);

    assertThat(text)
        .isEqualTo(
            "{\"cycle\":{\"every\":\"month\",\"days\":[1,\"last\"],\"time\":\"02:30\"},"
                + "\"zone\":\"Europe/Berlin\",\"effectiveFrom\":\"2026-01-31\","
                + "\"effectiveTo\":\"2026-12-31\",\"generation\":\"IMMEDIATE\","
                + "\"mode\":\"DRY_RUN\",\"catchUp\":\"LAST\",\"maximumLateness\":\"PT6H\"}");
    assertThat(read(text)).isEqualTo(schedule);
    assertThat(json.readValue(json.writeValueAsString(new Holder(schedule)), Holder.class))
        .isEqualTo(new Holder(schedule));
  }

  @Test
  void whatIsNotStatedHasItsDefault() throws Exception {
    Schedule schedule = read("{" + DAILY + ",\"zone\":\"Europe/Berlin\",\"effectiveTo\":null}");

    assertThat(schedule).isEqualTo(Schedule.of(Cycle.daily(LocalTime.of(2, 30)), BERLIN));
    assertThat(read(json.writeValueAsString(schedule))).isEqualTo(schedule);
  }

  @Test
  void aMaximumLatenessCanBeShort() {
    assertThat(lateness("90m")).isEqualTo(Duration.ofMinutes(90));
    assertThat(lateness("6h")).isEqualTo(Duration.ofHours(6));
    assertThat(lateness("3d")).isEqualTo(Duration.ofDays(3));
    assertThat(lateness("PT6H")).isEqualTo(Duration.ofHours(6));
  }

  private static Duration lateness(String text) {
    return Schedule.of(Map.of("cycle", "30 2 * * *", "zone", "+08:00", "maximumLateness", text))
        .maximumLateness();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "zone | Europe/Berln | schedule.zone must be a time zone such as Europe/Berlin or +08:00, found 'Europe/Berln'; did you mean 'Europe/Berlin'?",
        "generation | IMEDIATE | schedule.generation must be one of T_PLUS_1, IMMEDIATE, found 'IMEDIATE'; did you mean 'IMMEDIATE'?",
        "mode | DRYRUN | schedule.mode must be one of NORMAL, SKIP, DRY_RUN, found 'DRYRUN'; did you mean 'DRY_RUN'?",
        "catchUp | newest | schedule.catchUp must be one of ALL, LAST, NONE, found 'newest'",
        "effectiveFrom | 2026-02-30 | schedule.effectiveFrom must be such as 2026-01-31, found '2026-02-30'",
        "effectiveTo | 2025-12-31 | schedule.effectiveTo 2025-12-31 is before effectiveFrom 2026-01-01",
        "maximumLateness | soon | schedule.maximumLateness must be such as 6h, 3d or PT6H, found 'soon'",
        "maximumLateness | 0h | schedule.maximumLateness must be above 0, found PT0S; leave it out for no limit",
        "catchup | ALL | schedule has no 'catchup', only cycle, zone, effectiveFrom, effectiveTo, generation, mode, catchUp, maximumLateness; did you mean 'catchUp'?"
      })
  void badEntriesAreRefusedInOneLine(String key, String value, String message) {
    Map<String, Object> form =
        new HashMap<>(Map.of("cycle", "30 2 * * *", "zone", "UTC", "effectiveFrom", "2026-01-01"));
    form.put(key, value);

    assertThatThrownBy(() -> Schedule.of(form))
        .isInstanceOf(MillraceException.class)
        .hasMessage(message);
  }

  @Test
  void whatMustBeStatedIsNamed() {
    assertThatThrownBy(() -> Schedule.of(Map.of("cycle", "30 2 * * *")))
        .hasMessage("schedule.zone is missing: state it, such as Europe/Berlin");
    assertThatThrownBy(() -> Schedule.of(Map.of("zone", "UTC")))
        .hasMessage(
            "schedule.cycle is missing: state it, such as {\"every\": \"day\", \"time\": \"02:30\"}");
  }

  @Test
  void jacksonHandsOnTheReason() {
    assertThatThrownBy(() -> read("{" + DAILY + ",\"zone\":\"Mars\"}"))
        .hasRootCauseMessage(
            "schedule.zone must be a time zone such as Europe/Berlin or +08:00, found 'Mars'");
  }
}
