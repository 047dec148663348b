package io.millrace.files.text;

/** Reads short decimal numbers without making objects. Stateless. */
final class Doubles {

  private static final double[] TENS = new double[23];

  static {
    double value = 1;
    for (int i = 0; i < TENS.length; i++) {
      TENS[i] = value;
      value *= 10;
    }
  }

  private Doubles() {}

  /**
   * The double nearest to a number of at most 15 digits with an optional sign and point, which one
   * division gives exactly; NaN for anything else.
   */
  static double parse(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    boolean negative = length > 0 && bytes[i] == '-';
    if (negative) {
      i++;
    }
    long digits = 0;
    int count = 0;
    int point = -1;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        count++;
      } else if (bytes[i] == '.' && point < 0) {
        point = i;
      } else {
        return Double.NaN;
      }
    }
    if (count == 0 || count > 15) {
      return Double.NaN;
    }
    double value = point < 0 ? digits : digits / TENS[end - point - 1];
    return negative ? -value : value;
  }
}
