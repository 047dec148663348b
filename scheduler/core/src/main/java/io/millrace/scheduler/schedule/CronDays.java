package io.millrace.scheduler.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dates of a cron text: day of month, month, day of week and year. Immutable. */
final class CronDays {

  private static final Pattern OF_MONTH =
      Pattern.compile("(?:(L)(?:-(\\d{1,2}))?|(\\d{1,2})(?=W))(W?)");
  private static final Pattern OF_WEEK = Pattern.compile("(\\w+)#([1-5])|(\\w+)L|L");
  private static final List<String> FREE = List.of("*", "?");

  private final boolean everyYear;
  private final BitSet years;
  private final BitSet months;
  private final Days ofMonth = new Days();
  private final Days ofWeek = new Days();
  private final boolean either;

  /** Of the four fields in the order of the text, where {@code *} and {@code ?} mean any. */
  CronDays(String day, String month, String weekday, String year, boolean unix) {
    months = CronField.MONTH.parse(month);
    years = CronField.YEAR.parse(year);
    everyYear = year.equals("*");
    boolean both = !FREE.contains(day) && !FREE.contains(weekday);
    if (both && !unix) {
      throw new IllegalArgumentException(
          "it restricts both the day of month and the day of week; write ? for one of them");
    }
    // The rule of Unix: either of them is enough, unless one begins with a star.
    either = both && !day.startsWith("*") && !weekday.startsWith("*");
    addDays(FREE.contains(day) ? "*" : day);
    addWeekdays(FREE.contains(weekday) ? "*" : weekday, unix);
  }

  boolean matches(LocalDate date) {
    if (!(everyYear || years.get(date.getYear())) || !months.get(date.getMonthValue())) {
      return false;
    }
    boolean day = ofMonth.contains(date.getDayOfMonth(), date);
    boolean weekday = ofWeek.contains(date.getDayOfWeek().getValue(), date);
    return either ? day || weekday : day && weekday;
  }

  private void addDays(String text) {
    for (String part : text.split(",", -1)) {
      Matcher matcher = OF_MONTH.matcher(part);
      if (!matcher.matches()) {
        ofMonth.plain.or(CronField.DAY.parse(part));
        continue;
      }
      boolean nearest = !matcher.group(4).isEmpty();
      int before = matcher.group(2) == null ? 0 : CronField.DAY.value(matcher.group(2));
      int fixed = matcher.group(3) == null ? 0 : CronField.DAY.value(matcher.group(3));
      ofMonth.special.add(
          month -> {
            int day = fixed > 0 ? fixed : month.lengthOfMonth() - before;
            return nearest ? nearestWeekday(month, day) : day;
          });
    }
  }

  /** The day from Monday to Friday nearest to a day, within the month; 0 where it has no such. */
  private static int nearestWeekday(YearMonth month, int day) {
    if (!month.isValidDay(day)) {
      return 0;
    }
    return switch (month.atDay(day).getDayOfWeek()) {
      case SATURDAY -> day == 1 ? 3 : day - 1;
      case SUNDAY -> day == month.lengthOfMonth() ? day - 2 : day + 1;
      default -> day;
    };
  }

  private void addWeekdays(String text, boolean unix) {
    CronField field = unix ? CronField.UNIX_WEEKDAY : CronField.WEEKDAY;
    for (String part : text.split(",", -1)) {
      Matcher matcher = OF_WEEK.matcher(part);
      if (!matcher.matches()) {
        field.parse(part).stream()
            .forEach(value -> ofWeek.plain.set(dayOfWeek(value, unix).getValue()));
      } else if (matcher.group(1) != null) {
        DayOfWeek weekday = dayOfWeek(field.value(matcher.group(1)), unix);
        int ordinal = Integer.parseInt(matcher.group(2));
        ofWeek.special.add(month -> ordinal(month, ordinal, weekday));
      } else if (matcher.group(3) != null) {
        DayOfWeek weekday = dayOfWeek(field.value(matcher.group(3)), unix);
        ofWeek.special.add(
            month -> month.atDay(1).with(TemporalAdjusters.lastInMonth(weekday)).getDayOfMonth());
      } else if (unix) {
        throw new IllegalArgumentException(
            "L as day of week does not say which; write FRIL for the last Friday");
      } else {
        ofWeek.plain.set(DayOfWeek.SATURDAY.getValue());
      }
    }
  }

  private static int ordinal(YearMonth month, int ordinal, DayOfWeek weekday) {
    LocalDate date = month.atDay(1).with(TemporalAdjusters.dayOfWeekInMonth(ordinal, weekday));
    return YearMonth.from(date).equals(month) ? date.getDayOfMonth() : 0;
  }

  private static DayOfWeek dayOfWeek(int value, boolean unix) {
    return DayOfWeek.SUNDAY.plus(unix ? value : value - 1);
  }

  /** Values that are always meant, and days that are found for each month. */
  private static final class Days {
    private final BitSet plain = new BitSet();
    private final List<ToIntFunction<YearMonth>> special = new ArrayList<>();

    boolean contains(int value, LocalDate date) {
      return plain.get(value)
          || special.stream()
              .anyMatch(day -> day.applyAsInt(YearMonth.from(date)) == date.getDayOfMonth());
    }
  }
}
