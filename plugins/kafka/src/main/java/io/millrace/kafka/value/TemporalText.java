package io.millrace.kafka.value;

import static io.millrace.kafka.value.TypedValues.bad;
import static io.millrace.kafka.value.TypedValues.shown;

import io.millrace.api.record.Calendars;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Reads dates and times: {@code 2026-11-24}, {@code 2026-11-24 12:34:56.789} (or with a {@code T}),
 * the same with {@code Z} or an offset behind, and {@code 12:34:56}. At most six digits of a
 * fraction count; further ones must be zero. Stateless.
 */
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

  static long date(byte[] bytes, int start, int length) throws BadValueException {
    TemporalText text = new TemporalText(bytes, start, length);
    long date = text.date();
    text.requireEnd("a date such as 2026-11-24");
    return date;
  }

  static long dateTime(byte[] bytes, int start, int length) throws BadValueException {
    TemporalText text = new TemporalText(bytes, start, length);
    long value = text.dateTime();
    text.requireEnd("a date and time such as 2026-11-24 12:34:56");
    return value;
  }

  static long timestamp(byte[] bytes, int start, int length) throws BadValueException {
    TemporalText text = new TemporalText(bytes, start, length);
    long wall = text.dateTime();
    int offset = text.offset();
    text.requireEnd("a moment such as 2026-11-24T12:34:56Z");
    if (wall == 0 && offset == 0) {
      return Calendars.ZERO_TIMESTAMP;
    }
    try {
      LocalDateTime local = Calendars.toLocalDateTime(wall);
      return Calendars.timestamp(local.toInstant(ZoneOffset.ofTotalSeconds(offset)));
    } catch (DateTimeException e) {
      throw text.wrong("a moment that a calendar knows");
    }
  }

  static long time(byte[] bytes, int start, int length) throws BadValueException {
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
      throw text.wrong("a time that a clock knows");
    }
    return negative ? -micros : micros;
  }

  private long date() throws BadValueException {
    int year = number(4, 6);
    require('-');
    int month = number(2, 2);
    require('-');
    int day = number(2, 2);
    if (month > 12 || day > 31) {
      throw wrong("a date that a calendar knows");
    }
    long date = Calendars.date(year, month, day);
    // Zeros stand for what is not known, as MySQL has it; no other day is missing in a calendar.
    if (month > 0 && day > 0 && !Calendars.isValid(date)) {
      throw wrong("a date that a calendar knows");
    }
    return date;
  }

  private long dateTime() throws BadValueException {
    long date = date();
    if (!skip(' ')) {
      require('T');
    }
    int hour = number(2, 2);
    require(':');
    int minute = number(2, 2);
    require(':');
    int second = number(2, 2);
    if (hour > 23 || minute > 59 || second > 59) {
      throw wrong("a time that a clock knows");
    }
    return date | Calendars.dateTime(0, 0, 0, hour, minute, second, fraction());
  }

  private int fraction() throws BadValueException {
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

  /** Seconds east of Greenwich. */
  private int offset() throws BadValueException {
    if (skip('Z')) {
      return 0;
    }
    boolean west = at < end && bytes[at] == '-';
    if (at >= end || !(west || bytes[at] == '+')) {
      throw wrong("a moment: it has no zone; declare the column as datetime, or write Z behind");
    }
    at++;
    int hours = number(2, 2);
    skip(':');
    int minutes = at < end ? number(2, 2) : 0;
    if (hours > 18 || minutes > 59) {
      throw wrong("an offset");
    }
    int seconds = (hours * 60 + minutes) * 60;
    return west ? -seconds : seconds;
  }

  private boolean skip(char wanted) {
    if (at < end && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char wanted) throws BadValueException {
    if (!skip(wanted)) {
      throw wrong("a date or time");
    }
  }

  private int number(int least, int most) throws BadValueException {
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

  private void requireEnd(String form) throws BadValueException {
    if (at != end) {
      throw wrong(form);
    }
  }

  private BadValueException wrong(String form) {
    return bad(shown(bytes, start, end - start) + " is not " + form);
  }
}
