package io.millrace.scheduler.schedule;

import io.millrace.api.error.MillraceException;
import java.time.Month;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the days of month and year cycles, and writes them as cron. */
final class MonthDays {

  private static final int LAST = 32;

  private static final Pattern OF_MONTH = Pattern.compile("(\\d{1,2})|last");
  private static final Pattern OF_YEAR = Pattern.compile("(\\d{1,2})-(?:(\\d{1,2})|last)");

  private MonthDays() {}

  /** A day of a month, where 32 is the last; month 0 is every month. */
  record Day(int month, int day) implements Comparable<Day> {

    @Override
    public int compareTo(Day other) {
      return Comparator.comparingInt(Day::month).thenComparingInt(Day::day).compare(this, other);
    }

    Object inMonth() {
      return day == LAST ? "last" : (Object) day;
    }

    String inYear() {
      return String.format(Locale.ROOT, day == LAST ? "%02d-last" : "%02d-%02d", month, day);
    }
  }

  static TreeSet<Day> ofMonth(Collection<String> texts) {
    TreeSet<Day> days = new TreeSet<>();
    for (String text : texts) {
      Matcher matcher = OF_MONTH.matcher(text.toLowerCase(Locale.ROOT));
      int day = matcher.matches() ? number(matcher.group(1)) : 0;
      if (day < 1 || matcher.group(1) != null && day > 31) {
        throw wrong("1 to 31 or last", text);
      }
      days.add(new Day(0, day));
    }
    return days;
  }

  static TreeSet<Day> ofYear(Collection<String> texts) {
    TreeSet<Day> days = new TreeSet<>();
    for (String text : texts) {
      Matcher matcher = OF_YEAR.matcher(text.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw wrong("month and day, such as 06-30 or 02-last", text);
      }
      int month = Integer.parseInt(matcher.group(1));
      if (month < 1 || month > 12) {
        throw wrong("in a month of 01 to 12", text);
      }
      int day = number(matcher.group(2));
      int length = Month.of(month).maxLength();
      if (day < 1 || matcher.group(2) != null && day > length) {
        throw wrong("a day that exists: the month has " + length + " days", text);
      }
      days.add(new Day(month, day));
    }
    return days;
  }

  /** The day field. */
  static String cron(Collection<Day> days) {
    return days.stream()
        .map(day -> day.day() == LAST ? "L" : Integer.toString(day.day()))
        .collect(Collectors.joining(","));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? LAST : Integer.parseInt(digits);
  }

  private static MillraceException wrong(String expected, String found) {
    return Fields.refusal(
        Fields.CYCLE
            + ".days: each must be "
            + expected
            + ", found '"
            + Fields.shorten(found)
            + "'");
  }
}
