package io.millrace.benchmarks.report;

import io.millrace.benchmarks.work.Target;
import java.util.Locale;

/** Numbers for people, the same in every language setting. */
final class Figures {

  private Figures() {}

  static String seconds(double value) {
    return String.format(Locale.ROOT, value < 2 ? "%.2f" : "%.1f", value);
  }

  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String of(Target.Unit unit, double value) {
    return switch (unit) {
      case RATIO -> ratio(value);
      case SECONDS -> seconds(value) + " s";
      case SHARE -> String.format(Locale.ROOT, "%.1f %%", value * 100);
      case MEGABYTES -> whole(value) + " MB";
    };
  }
}
