package io.millrace.engine.task;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DataWorks' time parameters: {@code ${yyyymmdd-1}} on the business date, {@code $[hh24miss-1/24]}
 * and {@code $[add_months(yyyymmdd,-1)]} on the scheduled time. A pattern is made of the tokens
 * {@code yyyy yy mm dd hh24 hh12 hh mi ss}, in any case, and separators.
 */
final class TimeExpressions {

  private static final List<String> DATE_TOKENS = List.of("yyyy", "yy", "mm", "dd");

  /** Longer tokens stand before those they begin with; {@code hh} counts to 12, as in Oracle. */
  private static final List<String> TOKENS =
      List.of("yyyy", "yy", "mm", "dd", "hh24", "hh12", "hh", "mi", "ss");

  private static final String SEPARATORS = " -/.:_,";

  private static final Pattern DAYS = Pattern.compile("(?:[+-]\\d{1,9}(?:[*/]\\d{1,9}){0,9}){1,9}");
  private static final Pattern TERM = Pattern.compile("([+-])(\\d+)((?:[*/]\\d+)*)");
  private static final Pattern FACTOR = Pattern.compile("([*/])(\\d+)");
  private static final Pattern UNITS = Pattern.compile("([+-])(\\d{1,6})(?:\\*(\\d{1,6}))?");
  private static final Pattern ADD_MONTHS =
      Pattern.compile("(?i)add_?months\\(([^,()]*),([^()]*)\\)(.*)");
  private static final Pattern MONTHS = Pattern.compile("([+-]?)(\\d{1,6})(?:\\*(\\d{1,6}))?");

  private final TimeBase base;

  TimeExpressions(TimeBase base) {
    this.base = base;
  }

  /** The value of a name such as {@code bizdate}, or empty when it is not one of time. */
  Optional<String> named(String name) {
    return switch (name) {
      case "bizdate", "bdp.system.bizdate" -> Optional.of(format("yyyymmdd", business()));
      case "cyctime", "bdp.system.cyctime" ->
          Optional.of(format("yyyymmddhh24miss", base.scheduled()));
      case "gmtdate" -> Optional.of(format("yyyymmdd", business().plusDays(1)));
      case "bizmonth" -> Optional.of(businessMonth());
      default -> Optional.empty();
    };
  }

  private LocalDateTime business() {
    return base.business().atStartOfDay();
  }

  /** The month before while the business date's own month is not over. */
  private String businessMonth() {
    LocalDate business = base.business();
    LocalDate month =
        YearMonth.from(business).equals(YearMonth.from(base.today()))
            ? business.minusMonths(1)
            : business;
    return format("yyyymm", month.atStartOfDay());
  }

  /** True when the inside of {@code ${…}} is meant as a pattern and not as a name. */
  static boolean isPattern(String inside) {
    return startsWithToken(inside, DATE_TOKENS) && split(inside, UNITS).isPresent();
  }

  /** True when the inside of {@code $[…]} is a time; {@code $[0]} is a JSON path. */
  static boolean isTime(String inside) {
    String text = inside.strip();
    return startsWithToken(text, TOKENS) || text.toLowerCase(Locale.ROOT).startsWith("add");
  }

  private static boolean startsWithToken(String text, List<String> tokens) {
    return tokens.stream().anyMatch(token -> text.regionMatches(true, 0, token, 0, token.length()));
  }

  /**
   * The value of {@code ${inside}} on the business date; the offset counts in the pattern's
   * smallest unit.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  String onBusinessDate(String inside) {
    Parts parts = split(inside, UNITS).orElseThrow(() -> notOnBusinessDate(inside));
    if (parts.has("hh24", "hh12", "hh", "mi", "ss")) {
      throw new IllegalArgumentException(
          "${" + inside + "} has no time of day: use $[" + inside + "] for the scheduled time");
    }
    LocalDateTime time = business();
    if (!parts.offset().isEmpty()) {
      long amount = units(UNITS.matcher(parts.offset()));
      if (parts.has("dd")) {
        time = time.plusDays(amount);
      } else if (parts.has("mm")) {
        time = time.plusMonths(amount);
      } else {
        time = time.plusYears(amount);
      }
    }
    return format(parts.pattern(), time);
  }

  /**
   * The value of {@code $[inside]} on the scheduled time; the offset counts in days.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  String onScheduledTime(String inside) {
    String text = inside.strip();
    Matcher months = ADD_MONTHS.matcher(text);
    if (!months.matches()) {
      if (text.toLowerCase(Locale.ROOT).startsWith("add")) {
        throw notAddMonths(inside);
      }
      Parts parts = split(text, DAYS).orElseThrow(() -> unknown(inside));
      if (!parts.offset().isEmpty() && !parts.has("dd", "hh24", "hh12", "hh", "mi", "ss")) {
        throw new IllegalArgumentException(
            "$["
                + inside
                + "] is not supported, because offsets there count days: use $[add_months("
                + parts.pattern()
                + ",-N)]");
      }
      return format(parts.pattern(), shifted(base.scheduled(), parts.offset(), inside));
    }
    String pattern = months.group(1).strip();
    Matcher amount = MONTHS.matcher(months.group(2).replace(" ", ""));
    String days = months.group(3).replace(" ", "");
    Parts parts = split(pattern, DAYS).orElseThrow(() -> unknown(pattern));
    if (!parts.offset().isEmpty()
        || !amount.matches()
        || !(days.isEmpty() || DAYS.matcher(days).matches())) {
      throw notAddMonths(inside);
    }
    LocalDateTime time = plusMonths(base.scheduled(), units(amount));
    return format(pattern, shifted(time, days, inside));
  }

  private static LocalDateTime plusMonths(LocalDateTime time, long months) {
    try {
      return time.plusMonths(months);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the time leaves the years 0 to 9999", e);
    }
  }

  private static long units(Matcher matcher) {
    if (!matcher.matches()) {
      throw new IllegalStateException("checked before");
    }
    long factor = matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3));
    long amount = Long.parseLong(matcher.group(2)) * factor;
    return matcher.group(1).equals("-") ? -amount : amount;
  }

  /** Shifts wall-clock time by exact fractions of days: {@code -15/24/60} is 15 minutes. */
  private static LocalDateTime shifted(LocalDateTime time, String offset, String inside) {
    BigInteger seconds = BigInteger.ZERO;
    Matcher term = TERM.matcher(offset);
    while (term.find()) {
      BigInteger numerator = new BigInteger(term.group(2)).multiply(BigInteger.valueOf(86_400));
      BigInteger denominator = BigInteger.ONE;
      Matcher factor = FACTOR.matcher(term.group(3));
      while (factor.find()) {
        BigInteger number = new BigInteger(factor.group(2));
        if (factor.group(1).equals("*")) {
          numerator = numerator.multiply(number);
        } else {
          denominator = denominator.multiply(number);
        }
      }
      if (denominator.signum() == 0) {
        throw new IllegalArgumentException("$[" + inside + "] divides by zero");
      }
      BigInteger[] result = numerator.divideAndRemainder(denominator);
      if (result[1].signum() != 0) {
        throw new IllegalArgumentException("$[" + inside + "] is not a whole number of seconds");
      }
      seconds = seconds.add(term.group(1).equals("-") ? result[0].negate() : result[0]);
    }
    try {
      return time.plusSeconds(seconds.longValueExact());
    } catch (ArithmeticException | DateTimeException e) {
      throw new IllegalArgumentException("$[" + inside + "] leaves the years 0 to 9999", e);
    }
  }

  /** Separates a pattern from its offset; empty when it is neither. */
  private static Optional<Parts> split(String text, Pattern offset) {
    int at = 0;
    while (at < text.length()) {
      String token = tokenAt(text, at);
      if (!token.isEmpty()) {
        at += token.length();
        continue;
      }
      char separator = text.charAt(at);
      String rest = text.substring(at).replace(" ", "");
      if (offset.matcher(rest).matches()) {
        return Optional.of(new Parts(text.substring(0, at).stripTrailing(), rest));
      }
      if (SEPARATORS.indexOf(separator) < 0) {
        return Optional.empty();
      }
      at++;
    }
    return text.isBlank() ? Optional.empty() : Optional.of(new Parts(text, ""));
  }

  private static String tokenAt(String text, int at) {
    return TOKENS.stream()
        .filter(token -> text.regionMatches(true, at, token, 0, token.length()))
        .findFirst()
        .orElse("");
  }

  private static String format(String pattern, LocalDateTime time) {
    if (time.getYear() < 0 || time.getYear() > 9999) {
      throw new IllegalArgumentException("the time leaves the years 0 to 9999");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      String token = tokenAt(pattern, at);
      if (token.isEmpty()) {
        out.append(pattern.charAt(at++));
        continue;
      }
      out.append(value(token, time));
      at += token.length();
    }
    return out.toString();
  }

  private static String value(String token, LocalDateTime time) {
    int number =
        switch (token) {
          case "yyyy" -> time.getYear();
          case "yy" -> time.getYear() % 100;
          case "mm" -> time.getMonthValue();
          case "dd" -> time.getDayOfMonth();
          case "hh24" -> time.getHour();
          case "hh12", "hh" -> (time.getHour() + 11) % 12 + 1;
          case "mi" -> time.getMinute();
          default -> time.getSecond();
        };
    return String.format(Locale.ROOT, token.equals("yyyy") ? "%04d" : "%02d", number);
  }

  private static IllegalArgumentException unknown(String inside) {
    return new IllegalArgumentException(
        "'"
            + Node.shorten(inside)
            + "' is not a time pattern: '"
            + Node.shorten(unreadable(inside))
            + "' is neither one of "
            + String.join(" ", TOKENS)
            + " nor an offset such as -1");
  }

  /** Offsets there count whole units, which people take for those of {@code $[…]}. */
  private static IllegalArgumentException notOnBusinessDate(String inside) {
    if (split(inside, DAYS).isPresent()) {
      return new IllegalArgumentException(
          "the offset in ${"
              + Node.shorten(inside)
              + "} must be one whole number such as -1 or -7*1: use $["
              + Node.shorten(inside)
              + "] for parts of a day and sums");
    }
    return unknown(inside);
  }

  private static IllegalArgumentException notAddMonths(String inside) {
    return new IllegalArgumentException(
        "'"
            + Node.shorten(inside)
            + "' is not a time pattern: write add_months(PATTERN,N), with N a whole number of"
            + " months such as -1 or 12*1");
  }

  /** What is left where reading a pattern ends. */
  private static String unreadable(String text) {
    int at = 0;
    while (at < text.length()) {
      String token = tokenAt(text, at);
      boolean offset = "+-".indexOf(text.charAt(at)) >= 0 && at + 1 < text.length();
      if (token.isEmpty()
          && (SEPARATORS.indexOf(text.charAt(at)) < 0
              || offset && tokenAt(text, at + 1).isEmpty())) {
        break;
      }
      at += Math.max(1, token.length());
    }
    return text.substring(at);
  }

  private record Parts(String pattern, String offset) {
    boolean has(String... tokens) {
      int at = 0;
      while (at < pattern.length()) {
        String found = tokenAt(pattern, at);
        if (List.of(tokens).contains(found)) {
          return true;
        }
        at += Math.max(1, found.length());
      }
      return false;
    }
  }
}
