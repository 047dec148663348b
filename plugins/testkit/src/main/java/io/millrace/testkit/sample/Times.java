package io.millrace.testkit.sample;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dates, times and moments that a connector writes as text and reads back: both hours of a change
 * of clocks, fractions, the first and the last year, and what lies before 1970. Stateless.
 */
public final class Times {

  private static final List<LocalDate> DAYS =
      List.of(
          LocalDate.of(1, 1, 1),
          LocalDate.of(1969, 12, 31),
          LocalDate.of(2024, 2, 29),
          LocalDate.of(9999, 12, 31));

  private static final List<LocalDateTime> WALLS =
      List.of(
          LocalDateTime.parse("2024-03-31T02:30:00"),
          LocalDateTime.parse("2024-10-27T02:30:00"),
          LocalDateTime.parse("0001-01-01T00:00:00"),
          LocalDateTime.parse("1969-12-31T23:59:59.999999"),
          LocalDateTime.parse("9999-12-31T23:59:59.5"));

  private static final List<Long> TIMES =
      List.of(0L, 500_000L, 45_000_000_000L, 86_399_999_999L, -3_020_399_000_000L);

  private static final List<Instant> MOMENTS =
      List.of(
          Instant.parse("2024-09-15T09:50:33Z"),
          Instant.parse("2024-09-15T09:50:33.120Z"),
          Instant.parse("2024-09-15T09:50:33.000001Z"),
          Instant.EPOCH,
          Instant.parse("1969-12-31T23:59:59.999999Z"),
          Instant.parse("1900-01-01T00:00:00.5Z"),
          // In Berlin the second before the hour that is left out, and the one behind it.
          Instant.parse("2024-03-31T00:59:59Z"),
          Instant.parse("2024-03-31T01:00:00Z"),
          Instant.parse("2024-03-31T01:30:00Z"),
          // In Berlin 02:30 on the clocks, both times.
          Instant.parse("2024-10-27T00:30:00Z"),
          Instant.parse("2024-10-27T01:30:00Z"),
          Instant.parse("0001-01-01T00:00:00Z"),
          Instant.parse("9999-12-31T23:59:59.999999Z"));

  private Times() {}

  /** A DATE, a DATETIME, a TIME and a TIMESTAMP with so many digits of a second. */
  public static Schema schema(int scale) {
    return Schema.of(
        Field.of("day", ColumnType.DATE),
        Field.of("wall", ColumnType.DATETIME).withScale(scale),
        Field.of("hours", ColumnType.TIME).withScale(scale),
        Field.of("at", ColumnType.TIMESTAMP).withScale(scale));
  }

  /** The values as they are written; digits of a second beyond the scale count all the same. */
  public static RecordBatch written(int scale) {
    return batch(scale, null);
  }

  /**
   * The texts of what is read back.
   *
   * @param zone in which moments were written without an offset, so that the later of two is the
   *     earlier one now; null where their text says one
   */
  public static List<List<@Nullable String>> readBack(@Nullable ZoneId zone) {
    return Records.texts(batch(6, zone));
  }

  /** The same record where a DATE is read as a DATETIME, as DataX does. */
  public static List<@Nullable String> withMidnight(List<@Nullable String> record) {
    List<@Nullable String> other = new ArrayList<>(record);
    other.set(0, record.get(0) + " 00:00:00.000000");
    return other;
  }

  private static RecordBatch batch(int scale, @Nullable ZoneId zone) {
    RecordBatch batch = new RecordBatch(schema(scale), 1 << 20, 1000);
    for (int i = 0; i < MOMENTS.size(); i++) {
      Instant at = MOMENTS.get(i);
      RecordView.append(
          batch,
          i,
          DAYS.get(i % DAYS.size()),
          WALLS.get(i % WALLS.size()),
          TIMES.get(i % TIMES.size()),
          zone == null ? at : Calendars.toInstant(LocalDateTime.ofInstant(at, zone), zone));
    }
    return batch;
  }
}
