package io.millrace.mysql.write;

import io.millrace.api.record.Calendars;

/**
 * Reads dates and times from text, in a few unmistakable forms only. The server takes much more
 * ({@code 1-2-3}, {@code 20240132}) for a date and changes what it takes.
 *
 * <p>Dates are {@code yyyy-mm-dd} (also with slashes) or {@code yyyymmdd}; a time may follow after
 * a blank or a {@code T}: {@code hh:mm[:ss[.ffffff]]}; {@code yyyymmddhhmmss} is accepted as well.
 * All zeros stand for the zero date. Nothing is allocated.
 */
final class TemporalText {

  /** No date: packed dates of years from 0 on are never negative. */
  static final long NO_DATE = -1;

  /** No time. */
  static final long NO_TIME = Long.MIN_VALUE;

  /** No offset from UTC stands behind the text. */
  static final int NO_OFFSET = Integer.MIN_VALUE;

  private TemporalText() {}

  /** The packed fields, or {@link #NO_DATE}. */
  static long dateTime(byte[] text, int offset, int length) {
    int end = offset + length;
    int digits = digits(text, offset, end);
    if (digits == length && (length == 8 || length == 14)) {
      return packed(
          number(text, offset, 4),
          number(text, offset + 4, 2),
          number(text, offset + 6, 2),
          length == 8 ? 0 : number(text, offset + 8, 6) / 10000,
          length == 8 ? 0 : number(text, offset + 10, 2),
          length == 8 ? 0 : number(text, offset + 12, 2),
          0);
    }
    if (digits != 4 || offset + 4 >= end) {
      return NO_DATE;
    }
    int year = number(text, offset, 4);
    byte separator = text[offset + 4];
    if (separator != '-' && separator != '/') {
      return NO_DATE;
    }
    int at = offset + 5;
    int monthDigits = digits(text, at, end);
    if (monthDigits < 1 || monthDigits > 2 || at + monthDigits >= end) {
      return NO_DATE;
    }
    int month = number(text, at, monthDigits);
    at += monthDigits;
    if (text[at] != separator) {
      return NO_DATE;
    }
    at++;
    int dayDigits = digits(text, at, end);
    if (dayDigits < 1 || dayDigits > 2) {
      return NO_DATE;
    }
    int day = number(text, at, dayDigits);
    at += dayDigits;
    if (at == end) {
      return packed(year, month, day, 0, 0, 0, 0);
    }
    if (text[at] != ' ' && text[at] != 'T') {
      return NO_DATE;
    }
    long time = time(text, at + 1, end - at - 1);
    if (time < 0 || time >= 86_400_000_000L) {
      return NO_DATE;
    }
    int seconds = (int) (time / 1_000_000);
    return packed(
        year,
        month,
        day,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        (int) (time % 1_000_000));
  }

  /** A signed {@code h:mm[:ss[.ffffff]]} in microseconds, or {@link #NO_TIME}. */
  static long time(byte[] text, int offset, int length) {
    int end = offset + length;
    int at = offset;
    boolean negative = at < end && text[at] == '-';
    if (negative) {
      at++;
    }
    int hourDigits = digits(text, at, end);
    if (hourDigits < 1 || hourDigits > 3 || at + hourDigits >= end) {
      return NO_TIME;
    }
    long seconds = number(text, at, hourDigits) * 3600L;
    at += hourDigits;
    for (int unit = 60; unit >= 1 && at < end && text[at] == ':'; unit /= 60) {
      if (digits(text, at + 1, Math.min(end, at + 4)) != 2) {
        return NO_TIME;
      }
      int part = number(text, at + 1, 2);
      if (part > 59) {
        return NO_TIME;
      }
      seconds += (long) part * unit;
      at += 3;
    }
    if (text[offset + (negative ? 1 : 0) + hourDigits] != ':') {
      return NO_TIME;
    }
    long micros = 0;
    if (at < end) {
      if (text[at] != '.' || at - offset < hourDigits + 6) {
        return NO_TIME;
      }
      at++;
      int fraction = digits(text, at, end);
      if (fraction == 0 || at + fraction != end) {
        return NO_TIME;
      }
      for (int i = 0; i < Math.max(6, fraction); i++) {
        int digit = i < fraction ? text[at + i] - '0' : 0;
        if (i < 6) {
          micros = micros * 10 + digit;
        } else if (digit != 0) {
          // Finer than anything that could hold it.
          return NO_TIME;
        }
      }
    }
    long total = seconds * 1_000_000 + micros;
    return negative ? -total : total;
  }

  /** The length of {@code Z} or {@code +hh:mm} at the end, 0 where there is none. */
  static int offsetLength(byte[] text, int offset, int length) {
    int end = offset + length;
    if (length > 11 && text[end - 1] == 'Z') {
      return 1;
    }
    boolean signed =
        length > 16 && (text[end - 6] == '+' || text[end - 6] == '-') && text[end - 3] == ':';
    return signed && digits(text, end - 5, end - 3) == 2 && digits(text, end - 2, end) == 2 ? 6 : 0;
  }

  /** The seconds east of UTC that the last {@code offsetLength} bytes mean. */
  static int offsetSeconds(byte[] text, int end, int offsetLength) {
    if (offsetLength == 1) {
      return 0;
    }
    int seconds = number(text, end - 5, 2) * 3600 + number(text, end - 2, 2) * 60;
    return text[end - 6] == '-' ? -seconds : seconds;
  }

  private static long packed(
      int year, int month, int day, int hour, int minute, int second, int micro) {
    if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) {
      return NO_DATE;
    }
    return Calendars.dateTime(year, month, day, hour, minute, second, micro);
  }

  private static int digits(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at - from;
  }

  private static int number(byte[] text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      value = value * 10 + text[i] - '0';
    }
    return value;
  }
}
