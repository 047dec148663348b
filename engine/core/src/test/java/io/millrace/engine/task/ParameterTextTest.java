package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Sensitive;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterTextTest {

  private static final TimeBase BASE =
      new TimeBase(
          LocalDate.parse("2025-10-31"),
          Fixture.time("2025-11-01T02:30:45"),
          LocalDate.parse("2025-11-01"));
  private static final Map<String, String> IDS = Map.of("jobid", "7", "nodeid", "8", "taskid", "9");

  private static String value(String text) {
    return ParameterText.parse(text).value(BASE, IDS);
  }

  /** Every row of the reference, with its business date and scheduled time. */
  @ParameterizedTest
  @CsvSource({
    "$bizdate, 20251031",
    "${bizdate}, 20251031",
    "${yyyymmdd}, 20251031",
    "${yyyy-mm-dd}, 2025-10-31",
    "${yyyymmdd-1}, 20251030",
    "${yyyymmdd-7*1}, 20251024",
    "${yyyymm-1}, 202509",
    "${yyyy-1}, 2024",
    "$cyctime, 20251101023045",
    "$[yyyymmddhh24miss], 20251101023045",
    "$[yyyymmdd-1], 20251031",
    "$[hh24miss-1/24], 013045",
    "$[hh24miss-15/24/60], 021545",
    "$[yyyymmdd-1-1/24], 20251031",
    "'$[add_months(yyyymmdd,-1)]', 20251001",
    "'$[add_months(yyyymmdd,12*1)]', 20261101",
    "$gmtdate, 20251101",
    "$bizmonth, 202510",
    "$jobid, 7",
    "$nodeid, 8",
    "$taskid, 9",
    "${yyyymm}01, 20251001",
    "${bdp.system.bizdate}, 20251031",
    "${bdp.system.cyctime}, 20251101023045",
    "$[yyyy], 2025",
    "$[yy], 25",
    "$[mm], 11",
    "$[dd], 01",
    "$[hh24], 02",
    "$[hh], 02",
    "$[hh12], 02",
    "$[mi], 30",
    "$[ss], 45",
  })
  void everyExampleOfTheReference(String text, String value) {
    assertThat(value(text)).isEqualTo(value);
  }

  @Test
  void monthsAreClampedAtTheirEnd() {
    TimeBase base =
        new TimeBase(
            LocalDate.parse("2025-03-30"),
            Fixture.time("2025-03-31T00:00"),
            LocalDate.parse("2025-03-31"));

    assertThat(ParameterText.parse("$[add_months(yyyymmdd,-1)]").value(base, IDS))
        .isEqualTo("20250228");
  }

  @ParameterizedTest
  @CsvSource({
    "constant, constant",
    "a-b_c/d.e:f, a-b_c/d.e:f",
    "$$, $",
    "$$bizdate, $bizdate",
    "$$${yyyy}, $2025",
    "part_$bizdate, part_20251031",
    "$bizdate.csv, 20251031.csv",
    "$bizdate/$[hh24], 20251031/02",
    "${yyyy}${mm}, 202510",
    "{}[], {}[]",
  })
  void constantsAndExpressionsAreJoined(String text, String value) {
    assertThat(value(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          $[yyyy-1]                    | $[yyyy-1] is not supported, because offsets there count days: use $[add_months(yyyy,-N)]
          $[mm-1]                      | use $[add_months(mm,-N)]
          $[yyyymm-1]                  | use $[add_months(yyyymm,-N)]
          $[yyyymmdd-1/0]              | divides by zero
          $[yyyymmdd-1/7]              | is not a whole number of seconds
          $[yyyymmdd-9999999]          | leaves the years 0 to 9999
          $[yyyymmdd*2]                | 'yyyymmdd*2' is not a time pattern: '*2' is neither one of yyyy
          $[yyyymmdd-1.5]              | '-1.5' is neither one of
          $[yyyymmddTHH]               | 'THH' is neither one of
          $[yyyymmdd-x]                | '-x' is neither one of
          $[add_months(yyyymmdd)]      | write add_months(PATTERN,N), with N a whole number of months
          $[add_months(yyyymmdd,1/2)]  | write add_months(PATTERN,N), with N a whole number of months
          $[add_months(foo,1)]         | 'foo' is neither one of
          $[addmonth(yyyymmdd,1)]      | write add_months(PATTERN,N)
          $[0]                         | '$[0]' is not a time: write a pattern such as $[yyyymmdd-1]
          $[]                          | '$[]' is not a time
          $[yyyymmdd                   | '$[yyyymmdd' has no ']'
          ${yyyymmdd                   | '${yyyymmdd' has no '}'
          ${}                          | '${}' is empty
          ${yyyymmddhh24}              | has no time of day: use $[yyyymmddhh24] for the scheduled time
          ${hh24miss}                  | has no time of day: use $[hh24miss]
          ${yyyymmdd-1/24}             | must be one whole number such as -1 or -7*1: use $[yyyymmdd-1/24] for parts of a day
          ${yyyymmdd-1-1}              | must be one whole number
          ${yyyymmddx}                 | 'x' is neither one of
          ${yyyy-99999}                | leaves the years 0 to 9999
          ${other}                     | a value cannot use another parameter
          ${bizdat}                    | did you mean 'bizdate'?
          ${ bizdate}                  | blank after '${': blanks separate assignments
          $[yyyy-mm-dd hh24:mi:ss]     | blank after '$[yyyy-mm-dd': blanks separate assignments, so make two parameters
          a=b                          | has a '=' after 'a': it separates name and value, and may stand once
          $bizdat                      | '$bizdat' is not one of $bizdate $cyctime $gmtdate $bizmonth $jobid $nodeid $taskid; did you mean 'bizdate'?
          $bizdate01                   | write ${bizdate} before more letters
          $yyyymmdd                    | a pattern stands in braces: ${yyyymmdd}
          5$                           | '$' after '5' begins nothing: write $$ for the sign itself
          $-1                          | begins nothing
          """)
  void whatHasNoMeaningSaysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> value(text))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(Sensitive.plain(e.getMessage())).contains(message));
  }

  @Test
  void anIdThatIsNotKnownHasNoValue() {
    assertThatThrownBy(() -> ParameterText.parse("x$taskid").value(BASE, Map.of()))
        .hasMessage("'$taskid' has no value here");
    assertThat(ParameterText.parse("x$taskid").names("taskid")).isTrue();
    assertThat(ParameterText.parse("x$$taskid").names("taskid")).isFalse();
  }

  @Test
  void veryLongValuesAreRefused() {
    assertThatThrownBy(() -> ParameterText.parse("x".repeat(5000)))
        .hasMessage("the value is longer than 4000");
  }
}
