package io.millrace.hubs;

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
 * @param end in whole seconds, after the begin
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
   * @throws io.millrace.api.error.MillraceException when one cannot be read or the end does not lie
   *     after the begin
   */
  public static Window of(String begin, String end, ZoneId zone) {
    Window window =
        new Window(moment("beginDateTime", begin, zone), moment("endDateTime", end, zone));
    if (!window.begin.isBefore(window.end)) {
      throw HubOptions.wrong(
          "'endDateTime' "
              + end
              + " must be after 'beginDateTime' "
              + begin
              + ": nothing lies between");
    }
    return window;
  }

  private static Instant moment(String option, String text, ZoneId zone) {
    String stripped = text.strip();
    try {
      LocalDateTime time =
          stripped.length() == 8
              ? LocalDate.parse(stripped, DAY).atStartOfDay()
              : LocalDateTime.parse(stripped, SECONDS);
      return WallClock.bound(time, zone);
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
