package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.Calendars;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TemporalTextTest {

  private static long dateTime(String text) {
    byte[] bytes = ("#" + text + "#").getBytes(StandardCharsets.UTF_8);
    return TemporalText.dateTime(bytes, 1, bytes.length - 2);
  }

  private static long time(String text) {
    byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.UTF_8);
    return TemporalText.time(bytes, 1, bytes.length - 2);
  }

  @Test
  void readsTheUnmistakableForms() {
    long day = Calendars.date(2024, 2, 9);
    assertThat(dateTime("2024-02-09")).isEqualTo(day);
    assertThat(dateTime("2024-2-9")).isEqualTo(day);
    assertThat(dateTime("2024/02/09")).isEqualTo(day);
    assertThat(dateTime("20240209")).isEqualTo(day);
    assertThat(dateTime("0000-00-00 00:00:00")).isZero();
    long moment = Calendars.dateTime(2024, 2, 9, 1, 2, 3, 0);
    assertThat(dateTime("20240209010203")).isEqualTo(moment);
    assertThat(dateTime("2024-02-09 1:02:03")).isEqualTo(moment);
    assertThat(dateTime("2024-02-09T01:02:03.000000000")).isEqualTo(moment);
    assertThat(dateTime("2024-02-09 01:02:03.25"))
        .isEqualTo(Calendars.dateTime(2024, 2, 9, 1, 2, 3, 250000));
    assertThat(dateTime("2024-02-09 01:02")).isEqualTo(Calendars.dateTime(2024, 2, 9, 1, 2, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "24-02-09",
        "2024-02",
        "2024-02-",
        "2024-13-01",
        "2024-01-32",
        "2024-02/09",
        "2024-02-09x",
        "2024-02-09 ",
        "2024-02-09 24:00:00",
        "2024-02-09 01",
        "2024-02-09 01:60",
        "2024-02-09 01:02:03.",
        "2024-02-09 01:02:03.1234567",
        "2024-02-09 01:02.5",
        "20241301",
        "2024-02-09 -1:00",
        "202402091"
      })
  void takesNothingElseForADate(String text) {
    assertThat(dateTime(text)).isEqualTo(TemporalText.NO_DATE);
  }

  @Test
  void readsTimes() {
    assertThat(time("00:00:01")).isEqualTo(1_000_000);
    assertThat(time("-838:59:59.000001")).isEqualTo(-3_020_399_000_001L);
    assertThat(time("8:00")).isEqualTo(28_800_000_000L);
    assertThat(time("25")).isEqualTo(TemporalText.NO_TIME);
    assertThat(time("1:2:3")).isEqualTo(TemporalText.NO_TIME);
    assertThat(time("")).isEqualTo(TemporalText.NO_TIME);
    assertThat(time("-")).isEqualTo(TemporalText.NO_TIME);
    assertThat(time("10:00:00 ")).isEqualTo(TemporalText.NO_TIME);
  }
}
