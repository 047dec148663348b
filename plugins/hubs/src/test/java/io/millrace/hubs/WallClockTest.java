package io.millrace.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WallClockTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "2026-03-29T01:59:59, 2026-03-29T00:59:59Z",
    "2026-03-29T02:00:00, 2026-03-29T01:00:00Z",
    "2026-03-29T02:30:00, 2026-03-29T01:00:00Z",
    "2026-03-29T03:00:00, 2026-03-29T01:00:00Z",
    "2026-10-25T02:30:00, 2026-10-25T00:30:00Z"
  })
  void aBoundThatClocksLeaveOutIsTheMomentOfTheChange(LocalDateTime wall, Instant expected) {
    assertThat(WallClock.bound(wall, BERLIN)).isEqualTo(expected);
    String text = wall.toString().replaceAll("[-T:]", "");
    String whole = text.length() == 12 ? text + "00" : text;
    assertThat(Window.of("20250101", whole, BERLIN).end()).isEqualTo(expected);
  }

  private static String text(int scale, long micros, @Nullable ZoneId zone) {
    Field field = Field.of("t", ColumnType.TIMESTAMP).withScale(scale);
    RecordBatch batch = new RecordBatch(new Schema(List.of(field)), 100, 1);
    batch.longs(0).append(micros);
    return WallClock.text(batch.column(0), 0, zone);
  }

  @Test
  void aTimestampIsTextOfTheGivenZoneOrCanonical() {
    ZoneId shanghai = ZoneId.of("Asia/Shanghai");
    long micros = Calendars.timestamp(Instant.parse("2024-09-15T09:50:33Z"));
    assertThat(text(0, micros, shanghai)).isEqualTo("2024-09-15 17:50:33");
    assertThat(text(3, micros + 120_000, shanghai)).isEqualTo("2024-09-15 17:50:33.120");
    assertThat(text(0, Calendars.ZERO_TIMESTAMP, shanghai)).isEqualTo("0000-00-00 00:00:00");
    assertThat(text(0, micros, null)).isEqualTo("2024-09-15 09:50:33Z");
  }

  @Test
  void aPatternTakesOnlyDaysThatACalendarHas() {
    assertThat(LocalDate.parse("2024-02-29", WallClock.strict("yyyy-MM-dd")))
        .isEqualTo("2024-02-29");
    assertThatThrownBy(() -> LocalDate.parse("2023-02-29", WallClock.strict("yyyy-MM-dd")))
        .isInstanceOf(DateTimeException.class);
    assertThat(LocalDate.parse("y2024-02-29", WallClock.strict("'y'uuuu-MM-dd")))
        .isEqualTo("2024-02-29");
  }
}
