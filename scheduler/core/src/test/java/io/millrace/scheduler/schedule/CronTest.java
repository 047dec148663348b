package io.millrace.scheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

class CronTest {

  private static final LocalDate FIRST = LocalDate.of(2027, 1, 1);
  private static final LocalDate END = LocalDate.of(2029, 1, 1);

  private static List<String> dates(String cron) {
    Cron compiled = new Cron(cron);
    return FIRST.datesUntil(END).filter(compiled::runsOn).map(LocalDate::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 30 2 * * ?",
        "0 0/5 * * * ?",
        "0 */20 8-17 ? * MON-FRI",
        "10/20 15 3,15 * * ?",
        "0 0 22-2/2 * * ?",
        "0 0 12 1/5 * ?",
        "0 15 10 L * ?",
        "0 15 10 L-3 * ?",
        "0 15 10 LW * ?",
        "0 15 10 15W * ?",
        "0 15 10 1W * ?",
        "0 15 10 ? * 6L",
        "0 15 10 ? * FRIL",
        "0 15 10 ? * 6#3",
        "0 15 10 ? * MON#5",
        "0 15 10 ? * L",
        "0 15 10 ? * 1,7",
        "0 15 10 ? * FRI-MON",
        "0 15 10 ? * 2/2",
        "0 11 11 11 11 ?",
        "0 0 0 29 FEB ?",
        "0 0 0 31 * ? 2027-2028",
        "0 0 0 1 nov-feb ? 2028",
        "0 0 0 ? JAN,JUN-AUG SUN 2027/1"
      })
  void quartzFindsTheSameTimes(String cron) throws ParseException {
    CronExpression quartz = new CronExpression(cron);
    quartz.setTimeZone(TimeZone.getTimeZone("UTC"));
    Cron ours = new Cron(cron);
    Instant end = FIRST.plusMonths(14).atStartOfDay().toInstant(ZoneOffset.UTC);
    Date found = Date.from(FIRST.atStartOfDay().toInstant(ZoneOffset.UTC).minusSeconds(1));

    Stream<Instant> expected =
        FIRST
            .datesUntil(FIRST.plusMonths(14))
            .filter(ours::runsOn)
            .flatMap(
                date ->
                    Arrays.stream(ours.times(date))
                        .mapToObj(date.atStartOfDay()::plusSeconds)
                        .map(time -> time.toInstant(ZoneOffset.UTC)));
    for (Instant instant : expected.toList()) {
      found = quartz.getNextValidTimeAfter(found);
      assertThat(found.toInstant()).isEqualTo(instant);
    }
    found = quartz.getNextValidTimeAfter(found);
    assertThat(found == null || !found.toInstant().isBefore(end)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "30 2 * * *; 0 30 2 * * ?",
        "*/15 9-17 * * 1-5; 0 0/15 9-17 ? * MON-FRI",
        "0 0 * * 0; 0 0 0 ? * SUN",
        "0 0 * * 7; 0 0 0 ? * SUN",
        "0 0 * * 5-7; 0 0 0 ? * FRI-SUN",
        "0 0 * * SAT-MON; 0 0 0 ? * SAT-MON",
        "0 0 * * fri#2; 0 0 0 ? * FRI#2",
        "0 0 * * 5L; 0 0 0 ? * FRIL",
        "0 0 L * *; 0 0 0 L * ?",
        "0 0 1,15,L * *; 0 0 0 1,15,L * ?"
      })
  void fiveFieldsAreReadAsUnixDoes(String unix, String quartz) {
    assertThat(dates(unix)).isEqualTo(dates(quartz)).isNotEmpty();
    assertThat(new Cron(unix).times(FIRST)).isEqualTo(new Cron(quartz).times(FIRST));
  }

  @Test
  void ofFiveFieldsEitherDayIsEnoughUnlessOneBeginsWithAStar() {
    List<String> either = dates("0 0 13 * 5");

    assertThat(either)
        .contains("2027-01-13", "2027-01-01", "2027-08-13")
        .doesNotContain("2027-01-02");
    assertThat(dates("0 0 */2 * 5"))
        .contains("2027-01-01")
        .doesNotContain("2027-01-08", "2027-01-03");
  }

  @Test
  void alternativesAddUp() {
    Cron cron = new Cron("0 0 3 1 * ?|0 30 2 ? * MON | 0 0 3 15 * ?");

    assertThat(cron.text()).isEqualTo("0 0 3 1 * ? | 0 30 2 ? * MON | 0 0 3 15 * ?");
    assertThat(cron.times(LocalDate.of(2027, 1, 1))).containsExactly(10_800);
    assertThat(cron.times(LocalDate.of(2027, 1, 4))).containsExactly(9_000);
    assertThat(cron.times(LocalDate.of(2027, 2, 1))).containsExactly(9_000, 10_800);
    assertThat(cron.runsOn(LocalDate.of(2027, 1, 2))).isFalse();
    assertThat(cron.times(LocalDate.of(2027, 1, 2))).containsExactly(9_000);
  }

  @Test
  void aDayThatTheMonthDoesNotHaveHasNoNearestWeekday() {
    assertThat(dates("0 0 0 31W 1-4 ? 2027")).containsExactly("2027-01-29", "2027-03-31");
    assertThat(dates("0 0 0 L-30 2-3 ? 2027")).containsExactly("2027-03-01");
    assertThat(dates("0 0 0 L-2W 1 ? 2027")).containsExactly("2027-01-29");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "`` ~ it must have 5 fields (minute hour day month weekday), or 6 to 7 (second first, year last), found 0",
        "0 0 * * ~ it must have 5 fields (minute hour day month weekday), or 6 to 7 (second first, year last), found 4",
        "0 0 25 * * ? ~ the hour must be 0 to 23, found '25'",
        "0 60 2 * * ? ~ the minute must be 0 to 59, found '60'",
        "0 0/90 * * * ? ~ the step of the minute must be 1 to 59, found 90",
        "0 0/0 * * * ? ~ the step of the minute must be 1 to 59, found 0",
        "0 0 2 32 * ? ~ the day of month must be 1 to 31, found '32'",
        "0 0 2 0W * ? ~ the day of month must be 1 to 31, found '0'",
        "0 0 2 1 13 ? ~ the month must be 1 to 12 or JAN to DEC, found '13'",
        "0 0 2 1 JNU ? ~ the month must be 1 to 12 or JAN to DEC, found 'JNU'; did you mean 'JAN'?",
        "0 0 2 ? * MOON ~ the day of week must be 1 to 7 or SUN to SAT, found 'MOON'; did you mean 'MON'?",
        "0 0 2 ? * 0 ~ the day of week must be 1 to 7 or SUN to SAT, found '0'",
        "0 2 * * 8 ~ the day of week must be 0 to 7 or SUN to SAT, found '8'",
        "0 0 2 ? * MON#6 ~ the day of week must be 1 to 7 or SUN to SAT, found 'MON#6'; did you mean 'MON'?",
        "0 2 * * L ~ L as day of week does not say which; write FRIL for the last Friday",
        "0 0 2 1 * MON ~ it restricts both the day of month and the day of week; write ? for one of them",
        "0 0 2 1,,2 * ? ~ the day of month must be 1 to 31, found ''",
        "0 ? 2 * * ? ~ the minute must be 0 to 59, found '?'",
        "0 0 2 * * ? 1969 ~ the year must be 1970 to 2099, found '1969'",
        "0 0 2 * * ? 2030-2020 ~ the years 2030-2020 run backwards",
        "0 0 2 30 2 ? ~ no date matches, so that it never runs",
        "0 0 2 29 2 ? 2027 ~ no date matches, so that it never runs",
        "`0 0 2 1 * ? | ` ~ it must have 5 fields (minute hour day month weekday), or 6 to 7 (second first, year last), found 0"
      })
  void badTextsAreRefusedInOneLine(String cron, String message) {
    assertThatThrownBy(() -> new Cron(cron))
        .isInstanceOf(MillraceException.class)
        .hasMessage("schedule.cycle.cron '" + cron + "': " + message);
  }

  @Test
  void anEndlessTextIsRefused() {
    assertThatThrownBy(() -> new Cron("1,".repeat(5_000)))
        .hasMessage("schedule.cycle.cron is longer than 4000 characters");
  }
}
