package io.millrace.api.record;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads dates and times of ASCII text, see {@link Texts}. For one value. */
final class TemporalText {

  private final byte[] bytes;
  private final int start;
  private final int end;
  private int at;

  private TemporalText(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + length;
    this.at = start;
  }

  static long date(byte[] bytes, int start, int length) {
    TemporalText text = new TemporalText(bytes, start, length);
    long packed = text.dateTime();
    text.requireEnd("a date such as 2026-11-24");
    long date =
        Calendars.date(Calendars.year(packed), Calendars.month(packed), Calendars.day(packed));
    if (packed != date) {
      throw new DateTimeException("is not a date alone: read a time of day as a datetime");
    }
    return date;
  }

  static long dateTime(byte[] bytes, int start, int length, ZoneId zone) {
    String form = "a date and time such as 2026-11-24 12:34:56";
    TemporalText text = new TemporalText(bytes, start, length);
    long packed = text.dateTime();
    ZoneOffset offset = text.offset();
    text.requireEnd(form);
    try {
      return offset == null
          ? packed
          : Calendars.dateTime(Calendars.toLocalDateTime(packed), offset, zone);
    } catch (DateTimeException e) {
      throw wrong(form + ": " + e.getMessage());
    }
  }

  static long timestamp(byte[] bytes, int start, int length, ZoneId zone) {
    String form = "a moment such as 2026-11-24T12:34:56Z";
    TemporalText text = new TemporalText(bytes, start, length);
    long packed = text.dateTime();
    ZoneOffset offset = text.offset();
    text.requireEnd(form);
    if (packed == 0 && (offset == null || offset.equals(ZoneOffset.UTC))) {
      return Calendars.ZERO_TIMESTAMP;
    }
    try {
      return Calendars.timestamp(Calendars.toLocalDateTime(packed), offset, zone);
    } catch (DateTimeException e) {
      throw wrong(form + ": " + e.getMessage());
    }
  }

  static long time(byte[] bytes, int start, int length) {
    TemporalText text = new TemporalText(bytes, start, length);
    boolean negative = text.skip('-');
    long hours = text.number(1, 6);
    text.require(':');
    long minutes = text.number(2, 2);
    text.require(':');
    long seconds = text.number(2, 2);
    long micros = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + text.fraction();
    text.requireEnd("a time such as 12:34:56");
    if (minutes > 59 || seconds > 59) {
      throw wrong("a time that a clock knows");
    }
    return negative ? -micros : micros;
  }

  private long date() {
    boolean negative = skip('-');
    if (!negative) {
      skip('+');
    }
    int year = number(4, 6);
    require('-');
    int month = number(2, 2);
    require('-');
    int day = number(2, 2);
    if (year > Calendars.MAX_YEAR || month > 12 || day > 31) {
      throw wrong("a date that a calendar knows");
    }
    long date = Calendars.date(negative ? -year : year, month, day);
    // Zeros stand for what is not known, as MySQL has it; no other day is missing in a calendar.
    if (month > 0 && day > 0 && !Calendars.isValid(date)) {
      throw wrong("a date that a calendar knows");
    }
    return date;
  }

  /** A date, and a time where there is one. */
  private long dateTime() {
    long date = date();
    if (at == end) {
      return date;
    }
    if (!skip(' ') && !skip('t')) {
      require('T');
    }
    int hour = number(2, 2);
    require(':');
    int minute = number(2, 2);
    int second = 0;
    int micro = 0;
    if (skip(':')) {
      second = number(2, 2);
      micro = fraction();
    }
    if (hour > 23 || minute > 59 || second > 59) {
      throw wrong("a time that a clock knows");
    }
    return date | Calendars.dateTime(0, 0, 0, hour, minute, second, micro);
  }

  private int fraction() {
    if (!skip('.')) {
      return 0;
    }
    int micros = 0;
    int digits = 0;
    for (; at < end && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++) {
      if (digits < 6) {
        micros = micros * 10 + bytes[at] - '0';
      } else if (bytes[at] != '0') {
        throw wrong("exact to the microsecond");
      }
    }
    if (digits == 0) {
      throw wrong("a fraction of a second");
    }
    for (; digits < 6; digits++) {
      micros *= 10;
    }
    return micros;
  }

  /** The offset that the text says; null where it says none. */
  private @Nullable ZoneOffset offset() {
    if (at == end) {
      return null;
    }
    if (skip('Z') || skip('z')) {
      return ZoneOffset.UTC;
    }
    boolean west = skip('-');
    if (!west) {
      require('+');
    }
    int hours = number(2, 2);
    skip(':');
    int minutes = at < end ? number(2, 2) : 0;
    if (hours > 18 || minutes > 59 || hours == 18 && minutes > 0) {
      throw wrong("a date and time with an offset, up to 18:00");
    }
    int seconds = (hours * 60 + minutes) * 60;
    return ZoneOffset.ofTotalSeconds(west ? -seconds : seconds);
  }

  private boolean skip(char wanted) {
    if (at < end && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char wanted) {
    if (!skip(wanted)) {
      throw wrong("a date or time");
    }
  }

  private int number(int least, int most) {
    int value = 0;
    int digits = 0;
    for (; at < end && digits < most && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++) {
      value = value * 10 + bytes[at] - '0';
    }
    if (digits < least) {
      throw wrong("a date or time");
    }
    return value;
  }

  private void requireEnd(String form) {
    if (at != end) {
      throw wrong(form);
    }
  }

  private static DateTimeException wrong(String form) {
    return new DateTimeException("is not " + form);
  }
}
