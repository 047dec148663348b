package io.millrace.scheduler.schedule;

import com.fasterxml.jackson.annotation.JsonValue;
import io.millrace.api.error.MillraceException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * On which dates and at which times of day a task is due: from every minute to once a year. Times
 * are wall-clock times. Each cycle is turned into a cron text, which is what counts. Immutable;
 * equal when the JSON form is. Every factory refuses bad values with a {@link MillraceException} of
 * one line.
 */
public final class Cycle {

  private final Map<String, Object> form;
  private final Cron cron;

  private Cycle(Map<String, Object> form, Cron cron) {
    this.form = Collections.unmodifiableMap(form);
    this.cron = cron;
  }

  private static Cycle of(Map<String, Object> form, String cron) {
    return new Cycle(form, new Cron(cron));
  }

  /**
   * Every {@code interval} minutes, counted from {@code from} each day and not beyond {@code to}.
   *
   * @param interval 1 to 1439
   */
  public static Cycle minutes(int interval, LocalTime from, LocalTime to) {
    check("interval", interval, 1, 1439);
    if (!isWholeMinute(from) || !isWholeMinute(to)) {
      throw refusal("from and to must be whole minutes, such as 08:30");
    }
    if (to.isBefore(from)) {
      throw refusal("to " + to + " is before from " + from);
    }
    TreeMap<Integer, BitSet> minutesOfHour = new TreeMap<>();
    for (int at = from.toSecondOfDay() / 60; at <= to.toSecondOfDay() / 60; at += interval) {
      minutesOfHour.computeIfAbsent(at / 60, hour -> new BitSet()).set(at % 60);
    }
    Map<BitSet, BitSet> hoursOfMinutes = new LinkedHashMap<>();
    minutesOfHour.forEach(
        (hour, minutes) -> hoursOfMinutes.computeIfAbsent(minutes, m -> new BitSet()).set(hour));
    StringJoiner cron = new StringJoiner(" | ");
    hoursOfMinutes.forEach(
        (minutes, hours) ->
            cron.add(
                "0 "
                    + CronField.MINUTE.text(minutes)
                    + " "
                    + CronField.HOUR.text(hours)
                    + " * * ?"));
    Map<String, Object> form = form("minute");
    form.put("interval", interval);
    form.put("from", from.toString());
    form.put("to", to.toString());
    return of(form, cron.toString());
  }

  /**
   * Every {@code step} hours from hour {@code from} to hour {@code to}, at a minute of the hour.
   */
  public static Cycle hours(int step, int from, int to, int minute) {
    check("step", step, 1, 23);
    check("from", from, 0, 23);
    check("to", to, from, 23);
    Map<String, Object> form = form("hour");
    form.put("step", step);
    form.put("from", from);
    form.put("to", to);
    return hours(form, IntStream.rangeClosed(from, to).filter(h -> (h - from) % step == 0), minute);
  }

  /** At the hours listed, at a minute of the hour. */
  public static Cycle hours(Collection<Integer> hours, int minute) {
    refuseEmpty("hours", hours);
    hours.forEach(hour -> check("hours", hour, 0, 23));
    Map<String, Object> form = form("hour");
    form.put("hours", List.copyOf(new TreeSet<>(hours)));
    return hours(form, hours.stream().mapToInt(hour -> hour), minute);
  }

  private static Cycle hours(Map<String, Object> form, IntStream hours, int minute) {
    check("minute", minute, 0, 59);
    form.put("minute", minute);
    BitSet set = hours.collect(BitSet::new, BitSet::set, BitSet::or);
    return of(form, "0 " + minute + " " + CronField.HOUR.text(set) + " * * ?");
  }

  /** Every day. */
  public static Cycle daily(LocalTime time) {
    return of(at(form("day"), time), seconds(time) + "* * ?");
  }

  /** On these days of the week. */
  public static Cycle weekly(Collection<DayOfWeek> days, LocalTime time) {
    refuseEmpty("days", days);
    List<String> names =
        new TreeSet<>(days).stream().map(day -> day.name().substring(0, 3)).toList();
    Map<String, Object> form = form("week");
    form.put("days", names);
    return of(at(form, time), seconds(time) + "? * " + String.join(",", names));
  }

  /**
   * On these days of the month.
   *
   * @param days each 1 to 31, which a shorter month leaves out, or {@code last}
   */
  public static Cycle monthly(Collection<String> days, LocalTime time) {
    refuseEmpty("days", days);
    TreeSet<MonthDays.Day> sorted = MonthDays.ofMonth(days);
    Map<String, Object> form = form("month");
    form.put("days", sorted.stream().map(MonthDays.Day::inMonth).toList());
    return of(at(form, time), seconds(time) + MonthDays.cron(sorted) + " * ?");
  }

  /**
   * On these days of the year.
   *
   * @param days each month and day as {@code 06-30}, or {@code 02-last}; 02-29 in leap years only
   */
  public static Cycle yearly(Collection<String> days, LocalTime time) {
    refuseEmpty("days", days);
    TreeSet<MonthDays.Day> sorted = MonthDays.ofYear(days);
    Map<String, Object> form = form("year");
    form.put("days", sorted.stream().map(MonthDays.Day::inYear).toList());
    String cron =
        sorted.stream()
            .collect(Collectors.groupingBy(MonthDays.Day::month, TreeMap::new, Collectors.toList()))
            .entrySet()
            .stream()
            .map(month -> MonthDays.cron(month.getValue()) + " " + month.getKey() + " ?")
            .map(dates -> seconds(time) + dates)
            .collect(Collectors.joining(" | "));
    return of(at(form, time), cron);
  }

  /**
   * By a cron text: five fields (minute hour day month weekday) as Unix reads them, or six to seven
   * (second first, year last) as Quartz does. Several, separated by {@code |}, add up.
   */
  public static Cycle ofCron(String text) {
    Cron cron = new Cron(text);
    Map<String, Object> form = form("cron");
    form.put("cron", cron.text());
    return new Cycle(form, cron);
  }

  /** The cron text, which means the same in {@link #ofCron}. */
  public String cron() {
    return cron.text();
  }

  /** True when there is more than one time of day. */
  public boolean isSubDaily() {
    return cron.isSubDaily();
  }

  /** The JSON form. */
  @JsonValue
  public Map<String, Object> form() {
    return form;
  }

  Cron compiled() {
    return cron;
  }

  private static Map<String, Object> form(String every) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("every", every);
    return form;
  }

  private static Map<String, Object> at(Map<String, Object> form, LocalTime time) {
    form.put("time", time.toString());
    return form;
  }

  /** The first three fields. */
  private static String seconds(LocalTime time) {
    if (time.getNano() != 0) {
      throw refusal("time must be whole seconds, found " + time);
    }
    return time.getSecond() + " " + time.getMinute() + " " + time.getHour() + " ";
  }

  private static boolean isWholeMinute(LocalTime time) {
    return time.equals(time.truncatedTo(ChronoUnit.MINUTES));
  }

  private static void check(String key, int value, int minimum, int maximum) {
    if (value < minimum || value > maximum) {
      throw refusal(key + " must be " + minimum + " to " + maximum + ", found " + value);
    }
  }

  private static void refuseEmpty(String key, Collection<?> values) {
    if (values.isEmpty()) {
      throw refusal(key + " is empty: list at least one");
    }
  }

  private static MillraceException refusal(String message) {
    return Fields.refusal(Fields.CYCLE + "." + message);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cycle cycle && form.equals(cycle.form);
  }

  @Override
  public int hashCode() {
    return form.hashCode();
  }

  @Override
  public String toString() {
    return form.toString();
  }
}
