package io.millrace.hubs;

import io.millrace.api.StageContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/**
 * Arrival times, the begin included, the end not.
 *
 * @param begin in whole seconds
 * @param end in whole seconds, not before the begin; the same where the window lies in the hour
 *     that clocks leave out
 */
public record Window(Instant begin, Instant end) {

  private static final DateTimeFormatter SECONDS = format("uuuuMMddHHmmss");
  private static final DateTimeFormatter DAY = format("uuuuMMdd");

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /**
   * Reads both ends.
   *
   * @param zone in which the texts are meant; where clocks are put back, the earlier of the two
   *     moments counts, and where they are put forward, that of the change
   * @throws io.millrace.api.error.MillraceException when one cannot be read, or a clock shows the
   *     end before the begin or together with it
   */
  public static Window of(String begin, String end, ZoneId zone) {
    LocalDateTime from = wall("beginDateTime", begin);
    LocalDateTime to = wall("endDateTime", end);
    if (!from.isBefore(to)) {
      throw HubOptions.wrong(
          "'endDateTime' "
              + end
              + " must be after 'beginDateTime' "
              + begin
              + ": nothing lies between");
    }
    return new Window(WallClock.bound(from, zone), WallClock.bound(to, zone));
  }

  /** Tells the log why nothing is read, where the window is empty. */
  public void tellIfEmpty(StageContext context) {
    if (begin.equals(end)) {
      context
          .log()
          .info(
              "the window is empty: clocks are put forward over it at "
                  + begin
                  + ", so that both its ends are that moment");
    }
  }

  private static LocalDateTime wall(String option, String text) {
    String stripped = text.strip();
    try {
      return stripped.length() == 8
          ? LocalDate.parse(stripped, DAY).atStartOfDay()
          : LocalDateTime.parse(stripped, SECONDS);
    } catch (DateTimeException e) {
      throw HubOptions.wrong(
          "option '"
              + option
              + "': '"
              + text
              + "' is not a time of the form yyyyMMddHHmmss, such as 20261121000000");
    }
  }

  @Override
  public String toString() {
    return begin + " to " + end;
  }
}
