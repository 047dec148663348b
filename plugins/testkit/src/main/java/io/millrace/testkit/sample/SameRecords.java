package io.millrace.testkit.sample;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares records, and says in one line where they differ first: records of a test may have
 * megabytes, which nobody reads in a report. Stateless.
 */
public final class SameRecords {

  /** Characters of a value that are shown. */
  private static final int SHOWN = 60;

  /** Of these, how many stand before the first one that differs. */
  private static final int BEFORE = 10;

  private static final int SHOWN_OF_RECORD = 200;

  private SameRecords() {}

  /**
   * Passes where both are the same records in the same order.
   *
   * @throws AssertionError of one line otherwise
   */
  public static void require(
      List<? extends List<@Nullable String>> actual,
      List<? extends List<@Nullable String>> expected) {
    String difference = difference(actual, expected);
    if (difference != null) {
      throw new AssertionError(difference);
    }
  }

  /** Null where nothing differs. */
  private static @Nullable String difference(
      List<? extends List<@Nullable String>> actual,
      List<? extends List<@Nullable String>> expected) {
    String count =
        actual.size() == expected.size()
            ? ""
            : actual.size() + " records instead of " + expected.size() + "; ";
    for (int i = 0; i < Math.max(actual.size(), expected.size()); i++) {
      List<@Nullable String> is = i < actual.size() ? actual.get(i) : null;
      List<@Nullable String> should = i < expected.size() ? expected.get(i) : null;
      if (!Objects.equals(is, should)) {
        return count + "record " + i + different(is, should);
      }
    }
    return null;
  }

  private static String different(
      @Nullable List<@Nullable String> is, @Nullable List<@Nullable String> should) {
    if (is == null || should == null || is.size() != should.size()) {
      return " is " + shown(is) + " instead of " + shown(should);
    }
    int place = 0;
    while (Objects.equals(is.get(place), should.get(place))) {
      place++;
    }
    String value = is.get(place);
    String other = should.get(place);
    int at = value == null || other == null ? 0 : firstDifference(value, other);
    return ", value "
        + place
        + " is "
        + shown(value, at)
        + " instead of "
        + shown(other, at)
        + (at == 0 ? "" : ", from character " + at + " on");
  }

  private static int firstDifference(String one, String other) {
    int at = 0;
    while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String shown(@Nullable List<@Nullable String> record) {
    if (record == null) {
      return "not there";
    }
    String all =
        record.stream()
            .limit(SHOWN)
            .map(each -> shown(each, 0))
            .collect(Collectors.joining(", ", "[", record.size() > SHOWN ? ", …]" : "]"));
    return all.length() <= SHOWN_OF_RECORD ? all : all.substring(0, SHOWN_OF_RECORD) + "…";
  }

  /** A value around a place in it. */
  private static String shown(@Nullable String value, int at) {
    if (value == null) {
      return "NULL";
    }
    int from = value.length() <= SHOWN ? 0 : Math.max(0, at - BEFORE);
    int to = Math.min(value.length(), from + SHOWN);
    StringBuilder shown = new StringBuilder(from > 0 ? "'…" : "'");
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      // One line, whatever is in it; also half a character, which a cut may leave.
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        shown.append(String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    shown.append(to < value.length() ? "…'" : "'");
    return to - from == value.length()
        ? shown.toString()
        : shown + " (" + value.length() + " characters)";
  }
}
