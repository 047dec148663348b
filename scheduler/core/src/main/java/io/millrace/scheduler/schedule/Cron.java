package io.millrace.scheduler.schedule;

import io.millrace.api.error.MillraceException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A cron text, compiled: which dates and which wall-clock times. Several alternatives are separated
 * by {@code |}, as not every cycle fits into one line: every 90 minutes is {@code 0 0 0/3 * * ? | 0
 * 30 1/3 * * ?}. Immutable.
 */
final class Cron {

  private static final int LONGEST = 4_000;

  private final String text;
  private final List<CronLine> lines;
  private final int firstTime;
  private final boolean subDaily;

  /**
   * Compiles a text, whatever its case.
   *
   * @throws MillraceException in one line
   */
  Cron(String text) {
    if (text.length() > LONGEST) {
      throw Fields.refusal(Fields.CYCLE + ".cron is longer than " + LONGEST + " characters");
    }
    List<String> parts =
        Arrays.stream(text.toUpperCase(Locale.ROOT).split("\\|", -1))
            .map(line -> line.strip().replaceAll("\\s+", " "))
            .toList();
    this.text = String.join(" | ", parts);
    try {
      this.lines = parts.stream().map(CronLine::parse).toList();
    } catch (IllegalArgumentException e) {
      throw Fields.refusal(
          Fields.CYCLE + ".cron '" + Fields.shorten(text) + "': " + e.getMessage());
    }
    int[] times = together(lines);
    this.firstTime = times[0];
    this.subDaily = times.length > 1;
  }

  /** In capitals, with single spaces. */
  String text() {
    return text;
  }

  /** True when there is more than one time of day. */
  boolean isSubDaily() {
    return subDaily;
  }

  boolean runsOn(LocalDate date) {
    return lines.stream().anyMatch(line -> line.days().matches(date));
  }

  /** The seconds of the day in order; on a date that is left out, the first of any date. */
  int[] times(LocalDate date) {
    List<CronLine> due = lines.stream().filter(line -> line.days().matches(date)).toList();
    return switch (due.size()) {
      case 0 -> new int[] {firstTime};
      case 1 -> due.get(0).times();
      default -> together(due);
    };
  }

  private static int[] together(List<CronLine> lines) {
    return lines.stream()
        .flatMapToInt(line -> Arrays.stream(line.times()))
        .sorted()
        .distinct()
        .toArray();
  }
}
