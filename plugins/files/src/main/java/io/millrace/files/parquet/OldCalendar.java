package io.millrace.files.parquet;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.format.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * What the program that wrote a file counted as {@code java.util.Date} does, in the Julian calendar
 * before 1582-10-15. The marks are those of Spark and Hive; what leaves none is taken as the format
 * says.
 *
 * @param days dates and timestamps
 * @param int96 timestamps that are stored as INT96
 */
record OldCalendar(boolean days, boolean int96) {

  static final OldCalendar NONE = new OldCalendar(false, false);

  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

  static OldCalendar of(@Nullable List<KeyValue> marks) {
    boolean days = false;
    boolean int96 = false;
    for (KeyValue each : marks == null ? List.<KeyValue>of() : marks) {
      switch (each.getKey()) {
        case "org.apache.spark.legacyDateTime" -> days = true;
        case "org.apache.spark.legacyINT96" -> int96 = true;
        case "org.apache.spark.version" -> {
          // Spark changed its calendar in 3.0, and in 3.1 that of INT96.
          days |= isBefore(each.getValue(), 3, 0);
          int96 |= isBefore(each.getValue(), 3, 1);
        }
        case "writer.date.proleptic" -> {
          boolean old = "false".equalsIgnoreCase(each.getValue());
          days |= old;
          int96 |= old;
        }
        default -> {}
      }
    }
    return new OldCalendar(days, int96);
  }

  private static boolean isBefore(@Nullable String version, int major, int minor) {
    Matcher matcher = VERSION.matcher(version == null ? "" : version);
    if (!matcher.matches()) {
      return false;
    }
    int first = Integer.parseInt(matcher.group(1));
    return first < major || (first == major && Integer.parseInt(matcher.group(2)) < minor);
  }
}
