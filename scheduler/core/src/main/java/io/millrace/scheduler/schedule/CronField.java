package io.millrace.scheduler.schedule;

import io.millrace.api.option.Nearest;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A field of a cron text: lists, ranges (also round the end, FRI-MON), steps and names. */
enum CronField {
  SECOND("second", 0, 59),
  MINUTE("minute", 0, 59),
  HOUR("hour", 0, 23),
  DAY("day of month", 1, 31),
  MONTH(
      "month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
      "DEC"),
  WEEKDAY("day of week", 1, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),

  /** Of five fields, where Sunday is 0 and also 7. */
  UNIX_WEEKDAY("day of week", 0, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
  YEAR("year", 1970, 2099);

  private static final Pattern PART =
      Pattern.compile("(?:(\\*)|(\\w+)(?:-(\\w+))?)?(?:/(\\d{1,9}))?");

  private final String label;
  private final int minimum;
  private final int maximum;
  private final List<String> names;

  CronField(String label, int minimum, int maximum, String... names) {
    this.label = label;
    this.minimum = minimum;
    this.maximum = maximum;
    this.names = List.of(names);
  }

  /**
   * The values a text stands for.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  BitSet parse(String text) {
    BitSet values = new BitSet();
    for (String part : text.split(",", -1)) {
      add(values, part);
    }
    return values;
  }

  private void add(BitSet values, String part) {
    Matcher matcher = PART.matcher(part);
    if (part.isEmpty() || !matcher.matches()) {
      throw wrong(part);
    }
    boolean all = matcher.group(2) == null;
    int from = all ? minimum : value(matcher.group(2));
    int step = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
    if (step < 1 || step > maximum) {
      throw new IllegalArgumentException(
          "the step of the " + label + " must be 1 to " + maximum + ", found " + step);
    }
    int to = maximum;
    if (matcher.group(3) != null) {
      to = value(matcher.group(3));
    } else if (!all && matcher.group(4) == null) {
      to = from;
    }
    if (to < from && this == YEAR) {
      throw new IllegalArgumentException("the years " + part + " run backwards");
    }
    int around = this == UNIX_WEEKDAY ? 7 : maximum - minimum + 1;
    for (int value = from; value <= (to < from ? to + around : to); value += step) {
      values.set(value > maximum ? value - around : value);
    }
  }

  /** The value of a number or name. */
  int value(String word) {
    if (names.contains(word)) {
      return names.indexOf(word) + minimum;
    }
    if (!word.matches("\\d{1,9}")) {
      throw wrong(word);
    }
    int value = Integer.parseInt(word);
    if (value < minimum || value > maximum) {
      throw wrong(word);
    }
    return value;
  }

  private IllegalArgumentException wrong(String word) {
    String range = minimum + " to " + maximum;
    if (!names.isEmpty()) {
      range += " or " + names.get(0) + " to " + names.get(names.size() - 1);
    }
    return new IllegalArgumentException(
        "the "
            + label
            + " must be "
            + range
            + ", found '"
            + word
            + "'"
            + (word.matches("\\d*") ? "" : Nearest.hint(word, names)));
  }

  /** The shortest usual text for values. */
  String text(BitSet values) {
    int[] all = values.stream().toArray();
    int first = all[0];
    int last = all[all.length - 1];
    int step = all.length < 3 ? 0 : all[1] - first;
    for (int i = 1; i < all.length && step > 0; i++) {
      step = all[i] - all[i - 1] == step ? step : 0;
    }
    if (step == 0) {
      return String.join(",", values.stream().mapToObj(Integer::toString).toList());
    }
    if (last + step > maximum && step > 1) {
      return first + "/" + step;
    }
    if (all.length == maximum - minimum + 1) {
      return "*";
    }
    return first + "-" + last + (step == 1 ? "" : "/" + step);
  }
}
