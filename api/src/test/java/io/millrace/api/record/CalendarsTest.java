package io.millrace.api.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class CalendarsTest {

  @Test
  void everyFieldComesBackAsItWasPacked() {
    long packed = Calendars.dateTime(9999, 12, 31, 23, 59, 59, 999_999);
    assertThat(Calendars.year(packed)).isEqualTo(9999);
    assertThat(Calendars.month(packed)).isEqualTo(12);
    assertThat(Calendars.day(packed)).isEqualTo(31);
    assertThat(Calendars.hour(packed)).isEqualTo(23);
    assertThat(Calendars.minute(packed)).isEqualTo(59);
    assertThat(Calendars.second(packed)).isEqualTo(59);
    assertThat(Calendars.micro(packed)).isEqualTo(999_999);
  }

  @Test
  void datesNoCalendarKnowsAreCarried() {
    long zero = Calendars.date(0, 0, 0);
    assertThat(zero).isZero();
    assertThat(Calendars.isValid(zero)).isFalse();
    assertThat(Calendars.isValid(Calendars.date(2023, 2, 29))).isFalse();
    assertThat(Calendars.isValid(Calendars.date(2024, 2, 29))).isTrue();
    assertThat(Calendars.day(Calendars.date(2024, 2, 31))).isEqualTo(31);
  }

  @Test
  void theOrderOfPackedValuesIsTheOrderOfTime() {
    LocalDateTime time = LocalDateTime.of(-50, 1, 1, 0, 0);
    long previous = Long.MIN_VALUE;
    for (int i = 0; i < 5000; i++) {
      long packed = Calendars.dateTime(time);
      assertThat(packed).isGreaterThan(previous);
      assertThat(Calendars.toLocalDateTime(packed)).isEqualTo(time);
      previous = packed;
      time = time.plusDays(17).plusHours(5).plusNanos(123_457_000);
    }
  }

  @Test
  void partsOfAMicrosecondAreRefused() {
    assertThatThrownBy(() -> Calendars.dateTime(LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1)))
        .isInstanceOf(DateTimeException.class);
    assertThatThrownBy(() -> Calendars.timestamp(Instant.ofEpochSecond(0, 1)))
        .isInstanceOf(DateTimeException.class);
  }

  @Test
  void textsDoNotDependOnAnyZone() {
    RecordBatch batch =
        new RecordBatch(
            Schema.of(
                Field.of("a", ColumnType.DATETIME).withScale(0),
                Field.of("b", ColumnType.DATETIME).withScale(3),
                Field.of("c", ColumnType.TIMESTAMP).withScale(6),
                Field.of("d", ColumnType.TIME).withScale(0),
                Field.of("e", ColumnType.DATE)),
            1000,
            10);
    batch.longs(0).append(Calendars.dateTime(0, 0, 0, 0, 0, 0, 0));
    batch.longs(1).append(Calendars.dateTime(2026, 11, 1, 1, 30, 0, 120_000));
    batch.longs(2).append(Calendars.timestamp(Instant.parse("2026-11-01T05:30:00.000001Z")));
    batch.longs(3).append(-3_020_399_000_000L);
    batch.longs(4).append(Calendars.date(99, 1, 2));
    batch.endRecord(0);
    RecordView view = new RecordView(batch);
    view.next();
    assertThat(view.text(0)).isEqualTo("0000-00-00 00:00:00");
    assertThat(view.text(1)).isEqualTo("2026-11-01 01:30:00.120");
    assertThat(view.text(2)).isEqualTo("2026-11-01 05:30:00.000001Z");
    assertThat(view.text(3)).isEqualTo("-838:59:59");
    assertThat(view.text(4)).isEqualTo("0099-01-02");
  }

  @Test
  void aYearThatHasNoPlaceIsRefusedAndNotPackedAsAnother() {
    for (int year : new int[] {131_072, -131_072, 999_999_999, -999_999_999}) {
      LocalDateTime time = LocalDateTime.of(year, 1, 1, 0, 0);
      assertThatThrownBy(() -> Calendars.dateTime(time)).isInstanceOf(DateTimeException.class);
      assertThatThrownBy(() -> Calendars.date(time.toLocalDate()))
          .isInstanceOf(DateTimeException.class);
    }
    LocalDateTime last = LocalDateTime.of(131_071, 12, 31, 23, 59);
    assertThat(Calendars.toLocalDateTime(Calendars.dateTime(last))).isEqualTo(last);
  }
}
