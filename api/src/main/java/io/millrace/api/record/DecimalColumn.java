package io.millrace.api.record;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * DECIMAL values. A value of up to 18 digits at the field's scale is <i>compact</i>: an unscaled
 * {@code long}. Any other is <i>wide</i>: its plain notation ({@code -123.450}) as ASCII digits in
 * a buffer, with the scale it was given.
 */
public final class DecimalColumn extends Column {

  private long[] values = new long[INITIAL_ROWS];
  private long[] wide = new long[INITIAL_ROWS / 64];
  private boolean anyWide;
  private byte[] digits = new byte[64];
  private int digitsEnd;

  DecimalColumn(Field field) {
    super(field);
  }

  /** Appends {@code unscaled × 10^-scale}, scale being the field's; at most 18 digits. */
  public void append(long unscaled) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(values.length, size + 1));
    }
    values[size++] = unscaled;
  }

  /**
   * Appends a wide value.
   *
   * @param source ASCII bytes of the plain notation: an optional minus, digits, optionally a point
   *     and digits; not checked
   */
  public void appendWide(byte[] source, int offset, int length) {
    int row = size;
    if (digitsEnd + length > digits.length) {
      digits = Arrays.copyOf(digits, grown(digits.length, digitsEnd + length));
    }
    System.arraycopy(source, offset, digits, digitsEnd, length);
    append(((long) digitsEnd << 32) | length);
    digitsEnd += length;
    int word = row >> 6;
    if (word >= wide.length) {
      wide = Arrays.copyOf(wide, Math.max(word + 1, wide.length * 2));
    }
    wide[word] |= 1L << row;
    anyWide = true;
  }

  /**
   * Appends ASCII digits as they come from a database: compact when at most 18 digits with exactly
   * the field's scale, else wide. The notation must be plain, see {@link #appendWide}.
   */
  public void appendText(byte[] source, int offset, int length) {
    long unscaled = 0;
    int count = 0;
    int point = -1;
    int end = offset + length;
    int i = offset;
    boolean negative = length > 0 && source[i] == '-';
    if (negative) {
      i++;
    }
    for (; i < end; i++) {
      byte b = source[i];
      if (b == '.' && point < 0) {
        point = i;
      } else if (b >= '0' && b <= '9') {
        unscaled = unscaled * 10 + (b - '0');
        if (unscaled != 0) {
          count++;
        }
        if (count > 18) {
          break;
        }
      } else {
        throw new NumberFormatException(
            "not a plain decimal: " + new String(source, offset, length, StandardCharsets.UTF_8));
      }
    }
    int scale = point < 0 ? 0 : end - point - 1;
    if (count > 18 || scale != field().scale()) {
      appendWide(source, offset, length);
    } else {
      append(negative ? -unscaled : unscaled);
    }
  }

  /** Appends a value of any size. */
  public void append(BigDecimal value) {
    if (value.scale() == field().scale() && value.precision() <= 18) {
      append(value.unscaledValue().longValueExact());
    } else {
      byte[] text = value.toPlainString().getBytes(StandardCharsets.US_ASCII);
      appendWide(text, 0, text.length);
    }
  }

  /** True when the value stands as digits; see {@link #wideBuffer()}. */
  public boolean isWide(int row) {
    // The bitmap grows only for a wide value, so it may end before the row.
    int word = row >> 6;
    return anyWide && word < wide.length && (wide[word] & (1L << row)) != 0;
  }

  /** The unscaled value of a compact value, at the field's scale. */
  public long unscaled(int row) {
    return values[row];
  }

  /** The buffer that holds wide values; valid until the column is appended to or cleared. */
  public byte[] wideBuffer() {
    return digits;
  }

  /** Where a wide value begins in {@link #wideBuffer()}. */
  public int wideOffset(int row) {
    return (int) (values[row] >>> 32);
  }

  /** The length of a wide value in bytes. */
  public int wideLength(int row) {
    return (int) values[row];
  }

  /** The value as an object. */
  public BigDecimal get(int row) {
    if (isWide(row)) {
      return new BigDecimal(
          new String(digits, wideOffset(row), wideLength(row), StandardCharsets.US_ASCII));
    }
    return BigDecimal.valueOf(values[row], field().scale());
  }

  @Override
  void appendPlaceholder() {
    append(0L);
  }

  @Override
  public long bytes() {
    return size * 8L + digitsEnd;
  }

  @Override
  long capacityBytes() {
    return values.length * 8L + digits.length;
  }

  @Override
  void shrink(int keepBytes) {
    if (capacityBytes() > keepBytes) {
      values = new long[INITIAL_ROWS];
      digits = new byte[64];
    }
  }

  @Override
  void copyValue(Column source, int row) {
    DecimalColumn other = (DecimalColumn) source;
    if (other.isWide(row) || other.field().scale() != field().scale()) {
      append(other.get(row));
    } else {
      append(other.values[row]);
    }
  }

  @Override
  void truncateValues(int newSize) {
    if (anyWide) {
      for (int row = size - 1; row >= newSize; row--) {
        if (isWide(row)) {
          digitsEnd = wideOffset(row);
          wide[row >> 6] &= ~(1L << row);
        }
      }
      anyWide = newSize > 0;
    }
  }
}
