package io.millrace.loghub.write;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.HubOptions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where each log's time comes from.
 *
 * @param column the column's key; empty when the time of writing counts
 * @param format for texts; null for seconds since 1970
 * @param zone of texts and of wall-clock columns
 */
record LogTime(String column, @Nullable DateTimeFormatter format, ZoneId zone) {

  /** What the service's encoding of a time can hold. */
  private static final long MAX_SECONDS = (1L << 32) - 1;

  static LogTime of(String column, String format, ZoneId zone) {
    if (format.equalsIgnoreCase("bigint")) {
      return new LogTime(column, null, zone);
    }
    try {
      return new LogTime(column, DateTimeFormatter.ofPattern(format, Locale.ROOT), zone);
    } catch (IllegalArgumentException e) {
      throw HubOptions.wrong(
          "loghub writer: option 'timeFormat': '"
              + format
              + "' is neither bigint nor a pattern such as yyyy-MM-dd HH:mm:ss");
    }
  }

  /**
   * A log's time in seconds since 1970.
   *
   * @param index the column
   * @throws BadValueException when the value is no time that a log can have
   */
  long seconds(RecordBatch batch, int row, int index) throws BadValueException {
    String text = String.valueOf(Texts.text(batch.column(index), row));
    long seconds;
    try {
      seconds =
          switch (batch.column(index).field().type()) {
            case TIMESTAMP -> Calendars.toInstant(batch.longs(index).get(row)).getEpochSecond();
            case DATETIME ->
                Calendars.toLocalDateTime(batch.longs(index).get(row)).atZone(zone).toEpochSecond();
            case DATE ->
                Calendars.toLocalDate(batch.longs(index).get(row))
                    .atStartOfDay(zone)
                    .toEpochSecond();
            default -> parsed(text.strip());
          };
    } catch (NumberFormatException | DateTimeException e) {
      throw new BadValueException("NOT_A_TIME", "'" + cut(text) + "' is not the log's time")
          .in(column);
    }
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new BadValueException(
              "NOT_A_TIME", "'" + cut(text) + "' is no time a log can have: 1970 to 2106")
          .in(column);
    }
    return seconds;
  }

  private long parsed(String text) {
    if (format == null) {
      return Long.parseLong(text);
    }
    TemporalAccessor parsed = format.parse(text);
    LocalTime time = parsed.query(TemporalQueries.localTime());
    return LocalDate.from(parsed)
        .atTime(time == null ? LocalTime.MIDNIGHT : time)
        .atZone(zone)
        .toEpochSecond();
  }

  private static String cut(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
