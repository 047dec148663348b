package io.millrace.engine.runlog;

import java.util.Locale;

/** How amounts are written: {@code 81920R}, {@code 9.1MB}, {@code 41.0%}. */
final class Figures {

  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

  private Figures() {}

  /** Bytes in units of 1024 with one decimal. */
  static String bytes(double bytes) {
    double amount = Math.max(0, bytes);
    int unit = 0;
    // 1023.96 would be written as 1024.0.
    while (amount >= 1023.95 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0
        ? Math.round(amount) + UNITS[0]
        : String.format(Locale.ROOT, "%.1f%s", amount, UNITS[unit]);
  }

  static String records(double records) {
    return Math.round(records) + "R";
  }

  /** A share from 0 to 1; rounded down, so that 100.0% means all. */
  static String percent(double share) {
    double bounded = Double.isNaN(share) ? 0 : Math.min(1, Math.max(0, share));
    return String.format(Locale.ROOT, "%.1f%%", Math.floor(bounded * 1000 + 1e-9) / 10);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f s", seconds);
  }
}
