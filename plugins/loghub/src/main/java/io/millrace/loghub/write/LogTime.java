package io.millrace.loghub.write;

import io.millrace.api.Sensitive;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.WallClock;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
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
      return new LogTime(column, requireTime(WallClock.strict(format)), zone);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw HubOptions.wrong(
          "loghub writer: option 'timeFormat': '"
              + format
              + "' is neither bigint nor a pattern such as yyyy-MM-dd HH:mm:ss");
    }
  }

  /**
   * Makes sure that what a pattern writes can be read again: of some the hour cannot be told, or
   * the month is taken for minutes.
   */
  private static DateTimeFormatter requireTime(DateTimeFormatter format) {
    ZonedDateTime sample = ZonedDateTime.of(2026, 11, 24, 16, 7, 8, 0, ZoneOffset.UTC);
    TemporalAccessor parsed = format.parse(sample.format(format));
    LocalDate.from(parsed);
    boolean hasTime = !sample.format(format).equals(sample.with(LocalTime.MIDNIGHT).format(format));
    if (hasTime && parsed.query(TemporalQueries.localTime()) == null) {
      throw new DateTimeException("the hour cannot be told");
    }
    return format;
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
            case DATETIME, DATE ->
                Calendars.toInstant(Calendars.toLocalDateTime(batch.longs(index).get(row)), zone)
                    .getEpochSecond();
            case DECIMAL, FLOAT64 -> new BigDecimal(text).longValueExact();
            default -> parsed(text.strip());
          };
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      throw new BadValueException(
              "NOT_A_TIME", "'" + Sensitive.mark(cut(text)) + "' is not the log's time")
          .in(column);
    }
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new BadValueException(
              "NOT_A_TIME",
              "'" + Sensitive.mark(cut(text)) + "' is no time a log can have: 1970 to 2106")
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
    LocalDate date = LocalDate.from(parsed);
    LocalDateTime wall = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    // It may say itself in which zone it is; an offset counts more than a zone, which may have two.
    ZoneId offset = parsed.query(TemporalQueries.offset());
    ZoneId said = offset == null ? parsed.query(TemporalQueries.zone()) : offset;
    return Calendars.toInstant(wall, said == null ? zone : said).getEpochSecond();
  }

  private static String cut(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
