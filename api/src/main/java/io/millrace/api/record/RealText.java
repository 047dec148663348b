package io.millrace.api.record;

import java.math.BigDecimal;

/** What of a text is left where it becomes a floating point number. Stateless. */
public final class RealText {

  /** From there on not every whole number is a double, and a float. */
  private static final double DOUBLE_WHOLE = 0x1p53;

  private static final double FLOAT_WHOLE = 0x1p24;

  private RealText() {}

  /**
   * Whether a text writes out digits in front of the point that the number does not have, so that
   * it is another number: 9007199254740993 as a double. Smaller numbers keep theirs, and digits
   * behind the point do not count. Nor does a text with an exponent: programs print doubles so, and
   * mean the nearest one.
   *
   * @param value what the text became
   * @param bits 32 for a float, else a double
   * @param text a number, without blanks around it
   */
  public static boolean losesDigits(double value, int bits, String text) {
    boolean isFloat = bits == 32;
    double from = isFloat ? FLOAT_WHOLE : DOUBLE_WHOLE;
    boolean whole = Double.isFinite(value) && Math.abs(value) >= from;
    if (!whole || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      return false;
    }
    return new BigDecimal(text).compareTo(new BigDecimal(value)) != 0;
  }
}
