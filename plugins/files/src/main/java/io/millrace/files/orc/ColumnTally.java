package io.millrace.files.orc;

import java.math.BigDecimal;
import java.util.function.IntToLongFunction;
import org.apache.orc.OrcProto;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.jspecify.annotations.Nullable;

/**
 * Counts the values of one column in one stripe, to compare them with the statistics that the file
 * has of them: the only thing in a file of other writers by which damaged values can be known. What
 * the statistics do not say is not compared, nor is a sum that writers are known to get wrong:
 * ORC's own (up to 2.3 at least) counts a value that repeats through a whole batch once in the sum
 * of doubles, floats and decimals. Used by one thread.
 */
final class ColumnTally {

  /** The first day of the Gregorian calendar; what lies before it has another number in the old. */
  private static final long CUT_OVER = -141_427;

  private final TypeDescription.Category category;
  private final int scale;
  private final boolean sameCalendar;
  private long count;
  private long sum;
  private long least = Long.MAX_VALUE;
  private long most = Long.MIN_VALUE;
  private double lowest = Double.POSITIVE_INFINITY;
  private double highest = Double.NEGATIVE_INFINITY;
  private double total;
  private double magnitude;

  /** Whether a batch may have repeated a value: two that follow each other are the same. */
  private boolean repeated;

  private long last;
  private boolean hasLast;

  /**
   * @param sameCalendar whether days have the numbers that the file has
   */
  ColumnTally(TypeDescription type, boolean sameCalendar) {
    this.category = type.getCategory();
    this.scale = category == TypeDescription.Category.DECIMAL ? type.getScale() : 0;
    this.sameCalendar = sameCalendar;
  }

  /** Counts the first values of a vector. */
  void add(ColumnVector vector, int rows) {
    boolean repeats = vector.isRepeating;
    boolean[] isNull = vector.noNulls ? null : vector.isNull;
    if (repeats && isNull != null && isNull[0]) {
      return;
    }
    int found = repeats ? rows : rows - nulls(isNull, rows);
    count += found;
    int times = repeats ? rows : 1;
    int values = repeats ? 1 : rows;
    if (vector instanceof LongColumnVector longs) {
      addLongs(longs.vector, isNull, values, times);
      if (category == TypeDescription.Category.DECIMAL) {
        seek(row -> longs.vector[row], isNull, values, times);
      }
    } else if (vector instanceof DoubleColumnVector doubles) {
      addDoubles(doubles.vector, isNull, values, times);
      seek(row -> Double.doubleToLongBits(doubles.vector[row]), isNull, values, times);
    } else if (vector instanceof BytesColumnVector bytes) {
      addLengths(bytes.length, isNull, values, times);
    }
  }

  private static int nulls(boolean @Nullable [] isNull, int rows) {
    int nulls = 0;
    for (int row = 0; isNull != null && row < rows; row++) {
      nulls += isNull[row] ? 1 : 0;
    }
    return nulls;
  }

  // Without branches where nothing is NULL: this is done for every value that is read.

  private void addLongs(long[] values, boolean @Nullable [] isNull, int rows, int times) {
    long total = 0;
    long low = least;
    long high = most;
    for (int row = 0; row < rows; row++) {
      if (isNull == null || !isNull[row]) {
        long value = values[row];
        total += value;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    sum += total * times;
    least = low;
    most = high;
  }

  /** Looks for two equal values that follow each other, until some are found. */
  private void seek(IntToLongFunction value, boolean @Nullable [] isNull, int rows, int times) {
    repeated |= times > 1;
    for (int row = 0; row < rows && !repeated; row++) {
      boolean is = isNull == null || !isNull[row];
      long next = is ? value.applyAsLong(row) : 0;
      repeated = is && hasLast && next == last;
      last = next;
      hasLast = is;
    }
  }

  private void addLengths(int[] lengths, boolean @Nullable [] isNull, int rows, int times) {
    long total = 0;
    for (int row = 0; row < rows; row++) {
      if (isNull == null || !isNull[row]) {
        total += lengths[row];
      }
    }
    sum += total * times;
  }

  private void addDoubles(double[] values, boolean @Nullable [] isNull, int rows, int times) {
    double all = 0;
    double size = 0;
    double low = lowest;
    double high = highest;
    for (int row = 0; row < rows; row++) {
      if (isNull == null || !isNull[row]) {
        double value = values[row];
        all += value;
        size += Math.abs(value);
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    }
    total += all * times;
    magnitude += size * times;
    lowest = low;
    highest = high;
  }

  /** What the values differ in from their statistics; null when in nothing. */
  @Nullable String difference(OrcProto.ColumnStatistics said) {
    if (said.hasNumberOfValues() && said.getNumberOfValues() != count) {
      return differs("values that are not NULL", said.getNumberOfValues(), count);
    }
    if (count == 0) {
      return null;
    }
    return switch (category) {
      case BYTE, SHORT, INT, LONG -> integers(said.getIntStatistics());
      case FLOAT, DOUBLE -> doubles(said.getDoubleStatistics());
      case STRING, VARCHAR -> lengths(said.hasStringStatistics(), said.getStringStatistics());
      case BINARY ->
          said.getBinaryStatistics().hasSum() && said.getBinaryStatistics().getSum() != sum
              ? differs("bytes", said.getBinaryStatistics().getSum(), sum)
              : null;
      case BOOLEAN ->
          said.getBucketStatistics().getCountCount() > 0
                  && said.getBucketStatistics().getCount(0) != sum
              ? differs("times true", said.getBucketStatistics().getCount(0), sum)
              : null;
      case DATE -> dates(said.getDateStatistics());
      case DECIMAL -> decimals(said.getDecimalStatistics());
      default -> null;
    };
  }

  private static String differs(String what, Object said, Object found) {
    return "the file says that it has " + said + " " + what + ", and it has " + found;
  }

  private @Nullable String integers(OrcProto.IntegerStatistics said) {
    if (said.hasMinimum() && said.getMinimum() != least) {
      return differs("as its least value", said.getMinimum(), least);
    }
    if (said.hasMaximum() && said.getMaximum() != most) {
      return differs("as its greatest value", said.getMaximum(), most);
    }
    // A sum that does not fit into its 64 bits is not said.
    return said.hasSum() && said.getSum() != sum
        ? differs("as the sum of its values", said.getSum(), sum)
        : null;
  }

  private @Nullable String lengths(boolean isSaid, OrcProto.StringStatistics said) {
    return isSaid && said.hasSum() && said.getSum() != sum
        ? differs("bytes of text", said.getSum(), sum)
        : null;
  }

  private @Nullable String doubles(OrcProto.DoubleStatistics said) {
    if (!Double.isFinite(magnitude)) {
      return null; // writers do not agree on what NaN is to be compared with
    }
    if (said.hasMinimum() && said.getMinimum() != lowest) {
      return differs("as its least value", said.getMinimum(), lowest);
    }
    if (said.hasMaximum() && said.getMaximum() != highest) {
      return differs("as its greatest value", said.getMaximum(), highest);
    }
    // Sums that were added up in another order differ by no more than this.
    double most = 2 * (count + 8) * Math.ulp(1.0) * magnitude;
    return !repeated && said.hasSum() && Math.abs(said.getSum() - total) > most
        ? differs("as the sum of its values", said.getSum(), total)
        : null;
  }

  private @Nullable String dates(OrcProto.DateStatistics said) {
    boolean same = sameCalendar || (least >= CUT_OVER && said.getMinimum() >= CUT_OVER);
    if (!same) {
      return null;
    }
    if (said.hasMinimum() && said.getMinimum() != least) {
      return differs("as the number of its first day", said.getMinimum(), least);
    }
    return said.hasMaximum() && said.getMaximum() != most
        ? differs("as the number of its last day", said.getMaximum(), most)
        : null;
  }

  /** Those of up to 18 digits, and their sum modulo 2 to the 64; others are not counted. */
  private @Nullable String decimals(OrcProto.DecimalStatistics said) {
    if (least > most) {
      return null;
    }
    try {
      if (said.hasMinimum() && !same(said.getMinimum(), least)) {
        return differs("as its least value", said.getMinimum(), BigDecimal.valueOf(least, scale));
      }
      if (said.hasMaximum() && !same(said.getMaximum(), most)) {
        return differs("as its greatest value", said.getMaximum(), BigDecimal.valueOf(most, scale));
      }
      if (repeated || !said.hasSum() || said.getSum().isEmpty()) {
        return null;
      }
      BigDecimal whole = new BigDecimal(said.getSum()).setScale(scale);
      return whole.unscaledValue().longValue() == sum
          ? null
          : differs("as the sum of its values", whole, "another");
    } catch (ArithmeticException | NumberFormatException e) {
      return null; // written by other rules than ORC's
    }
  }

  private boolean same(String said, long unscaled) {
    return new BigDecimal(said).compareTo(BigDecimal.valueOf(unscaled, scale)) == 0;
  }
}
