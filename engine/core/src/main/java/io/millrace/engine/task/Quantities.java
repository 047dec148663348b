package io.millrace.engine.task;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes ({@code 2MB}), durations ({@code 10m}), shares ({@code 0.5%}) and zones. */
final class Quantities {

  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([KMGT]?)(?:i?B)?(?:/s)?", 2);
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h)");

  static final BigDecimal MEGABYTE = BigDecimal.valueOf(1 << 20);

  private Quantities() {}

  /** Bytes; units are powers of 1024. */
  static long bytes(Node node, String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw node.wrong("must be a size such as 512KB or 2MB, found '" + Node.shorten(text) + "'");
    }
    int power = " KMGT".indexOf((matcher.group(2) + " ").toUpperCase(Locale.ROOT).charAt(0));
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
    return whole(node, bytes);
  }

  /** Rounds up, so that a small limit does not become none. */
  static long whole(Node node, BigDecimal number) {
    // Of a number such as 1e999999999 every digit would be written out.
    long digits = (long) number.precision() - number.scale();
    if (digits > 19) {
      throw node.wrong("is too large");
    }
    if (digits < -19) {
      return Math.max(0, number.signum());
    }
    try {
      return number.setScale(0, RoundingMode.CEILING).longValueExact();
    } catch (ArithmeticException e) {
      throw node.wrong("is too large");
    }
  }

  static Duration duration(Node node, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw node.wrong(
          "must be a duration such as 500ms, 30s, 10m or 2h, found '" + Node.shorten(text) + "'");
    }
    int milliseconds =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    return Duration.ofMillis(
        whole(node, new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(milliseconds))));
  }

  /** A zone by its name ({@code Asia/Shanghai}) or offset ({@code GMT+8}, {@code +08:00}). */
  static ZoneId zone(Node node, String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw node.wrong(
          "must be a time zone such as Asia/Shanghai or GMT+8, found '" + Node.shorten(text) + "'");
    }
  }
}
