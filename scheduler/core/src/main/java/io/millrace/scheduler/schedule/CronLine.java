package io.millrace.scheduler.schedule;

import java.time.LocalDate;
import java.util.BitSet;

/** One alternative of a cron text: certain times on certain dates. */
record CronLine(BitSet seconds, BitSet minutes, BitSet hours, CronDays days) {

  /**
   * Of 5 fields as Unix has them, or of 6 or 7 as Quartz has them.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  static CronLine parse(String text) {
    String[] words = text.split(" ");
    if (text.isEmpty() || words.length < 5 || words.length > 7) {
      throw new IllegalArgumentException(
          "it must have 5 fields (minute hour day month weekday), or 6 to 7 (second first, year"
              + " last), found "
              + (text.isEmpty() ? 0 : words.length));
    }
    boolean unix = words.length == 5;
    int at = unix ? 0 : 1;
    String year = words.length == 7 ? words[6] : "*";
    CronLine line =
        new CronLine(
            CronField.SECOND.parse(unix ? "0" : words[0]),
            CronField.MINUTE.parse(words[at]),
            CronField.HOUR.parse(words[at + 1]),
            new CronDays(words[at + 2], words[at + 3], words[at + 4], year, unix));
    if (LocalDate.of(1970, 1, 1)
        .datesUntil(LocalDate.of(2100, 1, 1))
        .noneMatch(line.days::matches)) {
      throw new IllegalArgumentException("no date matches, so that it never runs");
    }
    return line;
  }

  /** The seconds of the day at which it is due, in order. */
  int[] times() {
    int[] times = new int[hours.cardinality() * minutes.cardinality() * seconds.cardinality()];
    int count = 0;
    for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
      for (int minute = minutes.nextSetBit(0);
          minute >= 0;
          minute = minutes.nextSetBit(minute + 1)) {
        for (int second = seconds.nextSetBit(0);
            second >= 0;
            second = seconds.nextSetBit(second + 1)) {
          times[count++] = (hour * 60 + minute) * 60 + second;
        }
      }
    }
    return times;
  }
}
