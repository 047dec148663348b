package io.millrace.mysql.write;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer with the text forms that the server reads. Nothing here makes an object per
 * value, except for a floating point number with many digits. Not safe for use by several threads.
 */
final class ByteSink {

  private static final byte[] PAIRS = new byte[200];
  private static final long[] POWERS = new long[19];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  /** The largest magnitude whose neighbours in whole numbers are all doubles. */
  private static final double EXACT = 1L << 53;

  private static final int LARGE = 8 << 20;

  private byte[] bytes;
  private int size;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Empties it; a buffer that has grown beyond {@code keep} is given back. */
  void clear(int keep) {
    size = 0;
    if (bytes.length > keep) {
      bytes = new byte[keep];
    }
  }

  /** Takes back what was put after the size was {@code earlier}. */
  void cut(int earlier) {
    size = earlier;
  }

  void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      // Doubling a buffer that holds a large value would take its size once more.
      long wanted = needed > LARGE ? needed + LARGE / 8L : Math.max(needed, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
    }
  }

  void put(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** Puts ASCII text. */
  void ascii(String text) {
    raw(text.getBytes(StandardCharsets.US_ASCII));
  }

  void raw(byte[] source) {
    raw(source, 0, source.length);
  }

  void raw(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Puts bytes and a backslash before each that needs one. */
  void escaped(byte[] source, int offset, int length, Escape escape) {
    int end = offset + length;
    ensure(length > LARGE / 8 ? length + escapes(source, offset, end, escape) : 2 * length);
    byte[] target = bytes;
    int at = size;
    for (int i = offset; i < end; i++) {
      byte value = source[i];
      byte after = escape.after(value);
      if (after != 0) {
        target[at++] = '\\';
        target[at++] = after;
      } else {
        target[at++] = value;
      }
    }
    size = at;
  }

  private static int escapes(byte[] source, int offset, int end, Escape escape) {
    int count = 0;
    for (int i = offset; i < end; i++) {
      if (escape.after(source[i]) != 0) {
        count++;
      }
    }
    return count;
  }

  /** Puts a signed whole number. */
  void number(long value) {
    ensure(20);
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        ascii("-9223372036854775808");
        return;
      }
      bytes[size++] = '-';
      value = -value;
    }
    digits(value);
  }

  /** Puts the bits as an unsigned whole number. */
  void unsigned(long value) {
    ensure(20);
    if (value < 0) {
      // Half of it fits a long, and the last digit is found separately.
      long tens = (value >>> 1) / 5;
      digits(tens);
      bytes[size++] = (byte) ('0' + (value - tens * 10));
    } else {
      digits(value);
    }
  }

  private void digits(long value) {
    int count = 1;
    while (count < 19 && value >= POWERS[count]) {
      count++;
    }
    digits(value, count);
  }

  /** Puts exactly {@code count} digits; there is room for them. */
  private void digits(long value, int count) {
    int at = size + count;
    size = at;
    while (value > Integer.MAX_VALUE) {
      long rest = value / 100;
      int pair = (int) (value - rest * 100) << 1;
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      value = rest;
      count -= 2;
    }
    int small = (int) value;
    while (count >= 2) {
      int rest = small / 100;
      int pair = (small - rest * 100) << 1;
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      small = rest;
      count -= 2;
    }
    if (count == 1) {
      bytes[--at] = (byte) ('0' + small % 10);
    }
  }

  /** Puts {@code unscaled × 10^-scale} in plain notation; scale is from 0 to 38. */
  void decimal(long unscaled, int scale) {
    if (scale <= 0) {
      number(unscaled);
      return;
    }
    ensure(64);
    if (unscaled < 0) {
      bytes[size++] = '-';
      unscaled = -unscaled;
    }
    if (scale >= 19) {
      bytes[size++] = '0';
      bytes[size++] = '.';
      for (int i = scale; i > 18; i--) {
        bytes[size++] = '0';
      }
      digits(unscaled, 18);
      return;
    }
    long power = POWERS[Math.min(scale, 18)];
    long whole = unscaled / power;
    digits(whole);
    bytes[size++] = '.';
    digits(unscaled - whole * power, scale);
  }

  /** Puts a finite number so that reading it as a double gives the same bits. */
  void real(double value) {
    double magnitude = Math.abs(value);
    if (magnitude < EXACT && value != 0) {
      // Few digits after the point are the usual case. Both the digits and the power of ten are
      // exact doubles, so this division is rounded as the server rounds the text.
      for (int scale = 0; scale <= 6; scale++) {
        double shifted = magnitude * POWERS[scale];
        if (shifted >= EXACT) {
          break;
        }
        long digits = Math.round(shifted);
        if ((double) digits / POWERS[scale] == magnitude) {
          decimal(value < 0 ? -digits : digits, scale);
          return;
        }
      }
    }
    ascii(Double.toString(value));
  }

  /** Puts {@code yyyy-mm-dd}. */
  void date(int year, int month, int day) {
    ensure(10);
    digits(year, 4);
    bytes[size++] = '-';
    digits(month, 2);
    bytes[size++] = '-';
    digits(day, 2);
  }

  /** Puts {@code hh:mm:ss} and, when it is not zero, the fraction; hours may be three digits. */
  void time(int hour, int minute, int second, int micro) {
    ensure(18);
    digits(hour, hour > 99 ? 3 : 2);
    bytes[size++] = ':';
    digits(minute, 2);
    bytes[size++] = ':';
    digits(second, 2);
    if (micro != 0) {
      bytes[size++] = '.';
      digits(micro, 6);
    }
  }

  /** Puts exactly four digits. */
  void fourDigits(int value) {
    ensure(4);
    digits(value, 4);
  }
}
