package io.millrace.files.text;

import io.millrace.api.Sensitive;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parsers for dates, times and instants. Stateless. */
final class TemporalParsers {

  private static final int NONE = -1;

  /** What a packed date holds. */
  private static final int MAX_YEAR = (1 << 17) - 1;

  /** Two letters for a number with none beside them; or a text in quotes, which stays. */
  private static final Pattern PAIR =
      Pattern.compile("'[^']*'|(?<![A-Za-z])([MdHhkKms])\\1(?![A-Za-z])");

  private static final Pattern HALF = Pattern.compile("'[^']*'|([hK])");

  private static final Pattern YEAR = Pattern.compile("'[^']*'|(y)");

  /** What is read of a time that is no whole one, such as an hour and a second. */
  private static final List<ChronoField> TIMES =
      List.of(
          ChronoField.HOUR_OF_DAY,
          ChronoField.HOUR_OF_AMPM,
          ChronoField.CLOCK_HOUR_OF_AMPM,
          ChronoField.MINUTE_OF_HOUR,
          ChronoField.SECOND_OF_MINUTE);

  /** The longest text that a user's own form is looked for in, in bytes. */
  private static final int LONGEST = 200;

  private TemporalParsers() {}

  static ValueParser of(Field field, @Nullable String format, ZoneId zone) {
    if (format != null) {
      return formatted(field, format, zone);
    }
    return switch (field.type()) {
      case DATE -> TemporalParsers::date;
      case DATETIME -> (bytes, offset, length, into) -> dateTime(bytes, offset, length, into, zone);
      case TIMESTAMP ->
          (bytes, offset, length, into) -> timestamp(bytes, offset, length, into, zone);
      default -> TemporalParsers::time;
    };
  }

  /**
   * The user's own form. A number may have fewer digits than its letters where something stands
   * between it and the next one; hours of {@code hh} without AM or PM go on to 23, and 12 is
   * midnight, as in DataX. What no calendar and no clock shows, such as 29 February of most years,
   * is not of the form.
   */
  private static ValueParser formatted(Field field, String format, ZoneId zone) {
    String letters = format.replaceAll("'[^']*'", "");
    boolean half = letters.matches(".*[hK].*") && !letters.matches(".*[aB].*");
    String loose = replaced(PAIR, format, match -> match.group(1));
    String pattern = half ? replaced(HALF, loose, match -> "H") : loose;
    boolean twelveIsMidnight = half && letters.indexOf('h') >= 0;
    DateTimeFormatter formatter = formatter(pattern);
    return (bytes, offset, length, into) -> {
      if (length > LONGEST) {
        return ValueParsers.shown(bytes, offset, length) + " is not of the form " + format;
      }
      String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
      try {
        TemporalAccessor parsed = formatter.parse(text);
        LocalTime time = parsed.query(TemporalQueries.localTime());
        if (time == null && TIMES.stream().anyMatch(parsed::isSupported)) {
          throw new DateTimeException("the time of day cannot be told");
        }
        boolean midnight = twelveIsMidnight && time != null && time.getHour() == 12;
        ((LongColumn) into).append(value(parsed, midnight ? time.withHour(0) : time, field, zone));
        return null;
      } catch (DateTimeParseException e) {
        return ValueParsers.shown(bytes, offset, length) + " is not of the form " + format;
      } catch (DateTimeException | ArithmeticException e) {
        return ValueParsers.shown(bytes, offset, length)
            + " is not of the form "
            + format
            + ": "
            + Sensitive.message(e);
      }
    };
  }

  /**
   * The formatter of a pattern, which takes no day and no time for another one: by default Java
   * takes 30 February for the last day of the month, and 24:00 for the next day. {@code y} is the
   * year as everybody counts it, also before our era.
   *
   * @throws IllegalArgumentException when it is no pattern
   */
  static DateTimeFormatter formatter(String pattern) {
    boolean era = pattern.replaceAll("'[^']*'", "").indexOf('G') >= 0;
    String years = era ? pattern : replaced(YEAR, pattern, match -> "u");
    return DateTimeFormatter.ofPattern(years, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
  }

  private static String replaced(
      Pattern pattern, String format, Function<MatchResult, String> other) {
    return pattern
        .matcher(format)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1) == null ? match.group() : other.apply(match)));
  }

  private static long value(
      TemporalAccessor parsed, @Nullable LocalTime time, Field field, ZoneId zone) {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    LocalTime timeOfDay = time == null ? LocalTime.MIDNIGHT : time;
    switch (field.type()) {
      case TIME:
        if (time == null || time.getNano() % 1000 != 0) {
          throw new DateTimeException("it has no time of day, or parts of a microsecond");
        }
        return time.toNanoOfDay() / 1000;
      case DATE:
        if (date == null || !timeOfDay.equals(LocalTime.MIDNIGHT)) {
          throw new DateTimeException("it has no date, or a time of day as well");
        }
        return Calendars.date(date);
      case DATETIME:
        return Calendars.dateTime(wall(date, timeOfDay), zone(parsed), zone);
      default:
        return Calendars.timestamp(wall(date, timeOfDay), zone(parsed), zone);
    }
  }

  private static LocalDateTime wall(@Nullable LocalDate date, LocalTime time) {
    if (date == null) {
      throw new DateTimeException("it has no date");
    }
    return date.atTime(time);
  }

  /** What the text itself says; an offset counts more than a zone, which may have two. */
  private static @Nullable ZoneId zone(TemporalAccessor parsed) {
    ZoneId offset = parsed.query(TemporalQueries.offset());
    return offset == null ? parsed.query(TemporalQueries.zone()) : offset;
  }

  private static @Nullable String date(byte[] bytes, int offset, int length, Column into) {
    long packed = packed(bytes, offset, length, true);
    if (packed == NONE) {
      return ValueParsers.shown(bytes, offset, length) + " is not a date such as 2024-01-31";
    }
    if (packed
        != Calendars.date(Calendars.year(packed), Calendars.month(packed), Calendars.day(packed))) {
      return ValueParsers.shown(bytes, offset, length)
          + " has a time of day, which a date does not hold: use the type datetime";
    }
    ((LongColumn) into).append(packed);
    return null;
  }

  private static @Nullable String dateTime(
      byte[] bytes, int offset, int length, Column into, ZoneId zone) {
    String form = " is not a date and time such as 2024-01-31 23:59:59.999999";
    int end = offset + length;
    int saidAt = saidAt(bytes, offset, length);
    long packed = packed(bytes, offset, saidAt - offset, true);
    if (packed == NONE) {
      return ValueParsers.shown(bytes, offset, length) + form;
    }
    if (saidAt == end) {
      ((LongColumn) into).append(packed);
      return null;
    }
    try {
      LocalDateTime wall = Calendars.toLocalDateTime(packed);
      ((LongColumn) into).append(Calendars.dateTime(wall, said(bytes, saidAt, end), zone));
      return null;
    } catch (DateTimeException e) {
      return ValueParsers.shown(bytes, offset, length) + form + ": " + e.getMessage();
    }
  }

  private static @Nullable String timestamp(
      byte[] bytes, int offset, int length, Column into, ZoneId zone) {
    String form = " is not an instant such as 2024-01-31 23:59:59.999999Z";
    int end = offset + length;
    int saidAt = saidAt(bytes, offset, length);
    long packed = packed(bytes, offset, saidAt - offset, true);
    if (packed == NONE) {
      return ValueParsers.shown(bytes, offset, length) + form;
    }
    if (packed == 0) {
      ((LongColumn) into).append(Calendars.ZERO_TIMESTAMP);
      return null;
    }
    try {
      LocalDateTime wall = Calendars.toLocalDateTime(packed);
      ((LongColumn) into).append(Calendars.timestamp(wall, said(bytes, saidAt, end), zone));
      return null;
    } catch (DateTimeException e) {
      return ValueParsers.shown(bytes, offset, length) + form + ": " + Sensitive.message(e);
    }
  }

  /** Where the offset begins; the text's end where it has none. */
  private static int saidAt(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int i = yearEnd(bytes, offset, length) + 6; i < end; i++) {
      if (bytes[i] == 'Z' || bytes[i] == '+' || bytes[i] == '-') {
        return i;
      }
    }
    return end;
  }

  private static @Nullable ZoneOffset said(byte[] bytes, int at, int end) {
    return at == end
        ? null
        : ZoneOffset.of(new String(bytes, at, end - at, StandardCharsets.ISO_8859_1));
  }

  private static @Nullable String time(byte[] bytes, int offset, int length, Column into) {
    String wrong = ValueParsers.shown(bytes, offset, length) + " is not a time such as 23:59:59";
    int at = offset;
    int end = offset + length;
    boolean negative = length > 0 && bytes[at] == '-';
    if (negative) {
      at++;
    }
    int colon = at;
    while (colon < end && bytes[colon] != ':') {
      colon++;
    }
    int hours = digits(bytes, at, colon - at);
    if (colon == at || colon - at > 6 || hours == NONE || end - colon < 6) {
      return wrong;
    }
    int minutes = digits(bytes, colon + 1, 2);
    int seconds = digits(bytes, colon + 4, 2);
    int micros = fraction(bytes, colon + 6, end);
    if (bytes[colon + 3] != ':' || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
      return wrong;
    }
    if (micros == NONE) {
      return wrong;
    }
    long value = ((hours * 60L + minutes) * 60 + seconds) * 1_000_000 + micros;
    ((LongColumn) into).append(negative ? -value : value);
    return null;
  }

  /** Where the year of a date ends: it has four digits, or up to six with or without a sign. */
  private static int yearEnd(byte[] bytes, int offset, int length) {
    int at = offset + 1;
    while (at < offset + Math.min(length, 8) && bytes[at] != '-') {
      at++;
    }
    return at;
  }

  /** {@code yyyy-mm-dd[ hh:mm[:ss[.ffffff]]]} packed, or {@link #NONE}. */
  private static long packed(byte[] bytes, int from, int whole, boolean withTime) {
    int offset = from;
    int length = whole;
    int year = NONE;
    boolean negative = false;
    if (whole > 10 && bytes[from + 4] != '-') {
      int yearEnd = yearEnd(bytes, from, whole);
      negative = bytes[from] == '-';
      boolean signed = negative || bytes[from] == '+';
      int digits = yearEnd - from - (signed ? 1 : 0);
      if (digits < 4 || digits > 6) {
        return NONE;
      }
      year = digits(bytes, yearEnd - digits, digits);
      if (year > MAX_YEAR) {
        return NONE;
      }
      offset = yearEnd - 4;
      length = from + whole - offset;
    }
    int end = offset + length;
    if (length < 10 || bytes[offset + 4] != '-' || bytes[offset + 7] != '-') {
      return NONE;
    }
    if (year == NONE) {
      year = digits(bytes, offset, 4);
    }
    int month = digits(bytes, offset + 5, 2);
    int day = digits(bytes, offset + 8, 2);
    if (year < 0 || month < 0 || month > 12 || day < 0 || day > 31) {
      return NONE;
    }
    if (negative) {
      year = -year;
    }
    // A part that is zero is MySQL's way to leave it open; any other day has to exist.
    if (month > 0 && day > 28 && !Calendars.isValid(Calendars.date(year, month, day))) {
      return NONE;
    }
    if (length == 10) {
      return Calendars.date(year, month, day);
    }
    boolean separated = bytes[offset + 10] == ' ' || bytes[offset + 10] == 'T';
    if (!withTime || !separated || length < 16 || bytes[offset + 13] != ':') {
      return NONE;
    }
    int hour = digits(bytes, offset + 11, 2);
    int minute = digits(bytes, offset + 14, 2);
    int second = 0;
    int micro = 0;
    if (length > 16) {
      if (length < 19 || bytes[offset + 16] != ':') {
        return NONE;
      }
      second = digits(bytes, offset + 17, 2);
      micro = fraction(bytes, offset + 19, end);
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return NONE;
    }
    return micro == NONE ? NONE : Calendars.dateTime(year, month, day, hour, minute, second, micro);
  }

  /** A fraction with its point as microseconds, or {@link #NONE} when it holds less than those. */
  private static int fraction(byte[] bytes, int at, int end) {
    if (at == end) {
      return 0;
    }
    if (bytes[at] != '.' || at + 1 == end) {
      return NONE;
    }
    int micros = 0;
    for (int i = 0; i < 6; i++) {
      int digit = at + 1 + i < end ? bytes[at + 1 + i] - '0' : 0;
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      micros = micros * 10 + digit;
    }
    for (int i = at + 7; i < end; i++) {
      if (bytes[i] != '0') {
        return NONE;
      }
    }
    return micros;
  }

  private static int digits(byte[] bytes, int offset, int count) {
    int value = 0;
    for (int i = offset; i < offset + count; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
