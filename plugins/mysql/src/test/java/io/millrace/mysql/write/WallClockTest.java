package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.Calendars;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WallClockTest {

  @Test
  void agreesWithTheJdkOnEveryInstant() {
    Random random = new Random(4);
    WallClock clock = new WallClock(ZoneId.of("Europe/Berlin"));
    for (int i = 0; i < 100_000; i++) {
      long micros = random.nextLong() % 253_402_300_799_000_000L;
      Instant instant = Calendars.toInstant(micros);
      assertThat(WallClock.utc(micros))
          .isEqualTo(Calendars.dateTime(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)));
      long local = clock.local(micros);
      assertThat(local)
          .isEqualTo(
              Calendars.dateTime(LocalDateTime.ofInstant(instant, ZoneId.of("Europe/Berlin"))));
      assertThat(clock.shows(local)).isTrue();
      long earlier = micros - 3_600_000_000L;
      assertThat(clock.instant(local)).isEqualTo(clock.local(earlier) == local ? earlier : micros);
    }
  }
}
