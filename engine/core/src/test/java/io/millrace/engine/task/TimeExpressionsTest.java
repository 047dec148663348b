package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeExpressionsTest {

  private final TimeExpressions times = at("2025-10-31", "2025-11-01T02:30:45", "2025-11-01");

  private static TimeExpressions at(String business, String scheduled, String today) {
    return new TimeExpressions(
        new TimeBase(LocalDate.parse(business), Fixture.time(scheduled), LocalDate.parse(today)));
  }

  @ParameterizedTest
  @CsvSource({
    "yyyymmdd, 20251031",
    "yyyy-mm-dd, 2025-10-31",
    "yyyy/mm/dd, 2025/10/31",
    "yyyyMMdd, 20251031",
    "yyyymmdd-1, 20251030",
    "yyyymmdd+1, 20251101",
    "yyyy-mm-dd-1, 2025-10-30",
    "yyyymmdd-7*1, 20251024",
    "yyyymmdd-7*2, 20251017",
    "yyyymm-1, 202509",
    "yyyymm+12*1, 202610",
    "yyyy-1, 2024",
    "yy, 25",
    "mm, 10",
    "dd, 31",
    "mm-1, 09",
  })
  void onTheBusinessDate(String pattern, String value) {
    assertThat(TimeExpressions.isPattern(pattern)).isTrue();
    assertThat(times.onBusinessDate(pattern)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          yyyymmddhh24miss             | 20251101023045
          yyyymmdd                     | 20251101
          yyyymmdd-1                   | 20251031
          yyyymmdd+7*1                 | 20251108
          hh24miss-1/24                | 013045
          hh24miss-15/24/60            | 021545
          hh24miss-5/24/60/60          | 023040
          yyyymmdd-1-1/24              | 20251031
          yyyymmddhh24miss-1-3/24      | 20251030233045
          yyyy-mm-dd hh24:mi:ss        | 2025-11-01 02:30:45
          yyyy-mm-dd hh24:mi:ss - 1/24 | 2025-11-01 01:30:45
          hh12                         | 02
          hh24                         | 02
          mi-1/24/60                   | 29
          yyyy                         | 2025
          add_months(yyyymmdd,-1)      | 20251001
          add_months(yyyymmdd,12*1)    | 20261101
          add_months(yyyymmdd,-12*2)   | 20231101
          add_months(yyyymm,-1)        | 202510
          add_months(yyyymmdd, 1)      | 20251201
          ADD_MONTHS(yyyymmdd,0)       | 20251101
          add_months(yyyymmdd,-1)-1    | 20250930
          """)
  void onTheScheduledTime(String expression, String value) {
    assertThat(TimeExpressions.isTime(expression)).isTrue();
    assertThat(times.onScheduledTime(expression)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-03-31T00:00, -1, 20250228",
    "2024-03-31T00:00, -1, 20240229",
    "2025-01-31T00:00, 1, 20250228",
    "2025-02-28T00:00, 1, 20250328",
  })
  void monthsAreClampedAtTheirEnd(String scheduled, String months, String value) {
    assertThat(
            at("2025-01-01", scheduled, "2025-01-01")
                .onScheduledTime("add_months(yyyymmdd," + months + ")"))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"00:00, 12", "00:59, 12", "01:00, 01", "12:00, 12", "13:00, 01", "23:00, 11"})
  void twelveHourClock(String time, String hour) {
    assertThat(at("2025-01-01", "2025-01-02T" + time, "2025-01-02").onScheduledTime("hh12"))
        .isEqualTo(hour);
  }

  @ParameterizedTest
  @CsvSource({
    "bizdate, 20251031",
    "bdp.system.bizdate, 20251031",
    "cyctime, 20251101023045",
    "gmtdate, 20251101",
    "bizmonth, 202510",
  })
  void names(String name, String value) {
    assertThat(times.named(name)).contains(value);
  }

  @Test
  void businessMonthIsTheOneBeforeWhileItRuns() {
    assertThat(at("2025-10-15", "2025-10-16T00:00", "2025-10-16").named("bizmonth"))
        .contains("202509");
    assertThat(at("2025-10-15", "2025-10-16T00:00", "2025-12-16").named("bizmonth"))
        .contains("202510");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          yyyy-1                       | use $[add_months(yyyy,-N)]
          mm-1                         | use $[add_months(mm,-N)]
          yyyymm-1                     | use $[add_months(yyyymm,-N)]
          yyyymmdd-1/0                 | divides by zero
          yyyymmdd-1/7                 | not a whole number of seconds
          yyyymmdd-999999999*999999999 | leaves the years
          yyyymmdd-9999999             | leaves the years
          add_months(yyyymmdd,-999999) | leaves the years
          add_months(yyyymmdd)         | is not a time pattern
          add_months(yyyymmdd,x)       | is not a time pattern
          add_months(foo,1)            | is not a time pattern
          yyyymmddTHH                  | is not a time pattern
          yyyyy                        | is not a time pattern
          yyyymmdd*2                   | is not a time pattern
          """)
  void whatIsNotATimeSaysSo(String expression, String message) {
    assertThatThrownBy(() -> times.onScheduledTime(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void businessDateHasNoTimeOfDay() {
    assertThatThrownBy(() -> times.onBusinessDate("yyyymmddhh24"))
        .hasMessageContaining("use $[yyyymmddhh24]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "day", "ddl", "yyyyname", "mmx", "", "1", "yearly"})
  void namesAreNotPatterns(String name) {
    assertThat(TimeExpressions.isPattern(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "*", "last", "last-1", "1 to 3", ""})
  void jsonPathsAreNotTimes(String inside) {
    assertThat(TimeExpressions.isTime(inside)).isFalse();
  }
}
