package io.millrace.scheduler.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.backfill.RunWindow.Hours;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class RunWindowTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Hours NIGHT = new Hours(LocalTime.of(22, 0), LocalTime.of(6, 0));
  private static final Hours WHOLE = new Hours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

  private static Instant at(String text) {
    return Instant.parse(text);
  }

  @Test
  void nightHoursReachOverMidnightAndTheirEndIsOutside() {
    RunWindow window = new RunWindow(BERLIN, NIGHT, null);
    // Wednesday; Berlin is an hour ahead.
    assertThat(window.isOpen(at("2026-11-18T20:59:59Z"))).isFalse();
    assertThat(window.isOpen(at("2026-11-18T21:00:00Z"))).isTrue();
    assertThat(window.isOpen(at("2026-11-19T04:59:59Z"))).isTrue();
    assertThat(window.isOpen(at("2026-11-19T05:00:00Z"))).isFalse();
    assertThat(window.openFrom(at("2026-11-19T05:00:00Z"))).isEqualTo(at("2026-11-19T21:00:00Z"));
    assertThat(window.openFrom(at("2026-11-19T22:00:00Z"))).isEqualTo(at("2026-11-19T22:00:00Z"));
    assertThat(window.nextChange(at("2026-11-18T21:00:00Z"))).isEqualTo(at("2026-11-19T05:00:00Z"));
  }

  @Test
  void weekendHoursTakeThePlaceOfDailyOnesOnSaturdaysAndSundays() {
    RunWindow window = new RunWindow(BERLIN, NIGHT, WHOLE);
    assertThat(window.isOpen(at("2026-11-21T12:00:00Z"))).isTrue();
    assertThat(window.isOpen(at("2026-11-22T12:00:00Z"))).isTrue();
    assertThat(window.isOpen(at("2026-11-23T12:00:00Z"))).isFalse();
    // Friday's night reaches into Saturday.
    assertThat(window.isOpen(at("2026-11-20T23:30:00Z"))).isTrue();
    // Sunday has no night.
    assertThat(window.isOpen(at("2026-11-22T23:30:00Z"))).isFalse();
  }

  @Test
  void weekendHoursAloneLeaveWorkingDaysClosed() {
    RunWindow window = new RunWindow(BERLIN, null, NIGHT);
    assertThat(window.openFrom(at("2026-11-23T12:00:00Z"))).isEqualTo(at("2026-11-28T21:00:00Z"));
  }

  @Test
  void hoursFollowTheClockWhenItIsChanged() {
    RunWindow window = new RunWindow(BERLIN, NIGHT, null);
    // Put back in the night to 2026-10-25: the window is nine hours long.
    assertThat(window.openFrom(at("2026-10-24T19:00:00Z"))).isEqualTo(at("2026-10-24T20:00:00Z"));
    assertThat(window.nextChange(at("2026-10-24T20:00:00Z"))).isEqualTo(at("2026-10-25T05:00:00Z"));
  }
}
