package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.Calendars;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class RepeatedHourTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static boolean isDoubtful(RepeatedHour hour, int column, String instant) {
    return hour.isDoubtful(column, Calendars.timestamp(Instant.parse(instant)));
  }

  @Test
  void theFirstOfTwoTimesIsInDoubtAndNothingElse() {
    RepeatedHour hour = new RepeatedHour(2, new int[] {1}, BERLIN);
    for (int round = 0; round < 2; round++) {
      assertThat(isDoubtful(hour, 1, "2025-10-25T23:59:59.999999Z")).isFalse();
      assertThat(isDoubtful(hour, 1, "2025-10-26T00:00:00Z")).isTrue();
      assertThat(isDoubtful(hour, 1, "2025-10-26T00:59:59.999999Z")).isTrue();
      assertThat(isDoubtful(hour, 1, "2025-10-26T01:00:00Z")).isFalse();
      assertThat(isDoubtful(hour, 1, "2025-03-30T00:59:59Z")).isFalse();
      assertThat(isDoubtful(hour, 1, "1990-09-30T00:30:00Z")).isTrue();
      assertThat(isDoubtful(hour, 0, "2025-10-26T00:30:00Z")).isFalse();
      assertThat(hour.isDoubtful(1, Calendars.ZERO_TIMESTAMP)).isFalse();
    }
  }

  @Test
  void aZoneWithOneOffsetHasNoSuchHour() {
    RepeatedHour hour = new RepeatedHour(1, new int[] {0}, ZoneId.of("+02:00"));
    assertThat(isDoubtful(hour, 0, "2025-10-26T00:30:00Z")).isFalse();
    hour = new RepeatedHour(1, new int[] {0}, ZoneId.of("Asia/Shanghai"));
    assertThat(isDoubtful(hour, 0, "2025-10-26T00:30:00Z")).isFalse();
  }
}
