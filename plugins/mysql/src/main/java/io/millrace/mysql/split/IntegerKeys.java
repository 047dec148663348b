package io.millrace.mysql.split;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * What can be learned about the integer keys of a table in bounded time. NULL keys are left out.
 * "Matching" means: meeting the user's condition.
 */
interface IntegerKeys {

  /** About how many rows the table has. */
  long rows();

  /** About how many rows have to be looked at to find the matching ones. */
  long estimate();

  /**
   * The keys of the matching rows in order, one for each row.
   *
   * @param limit the most keys that are of use
   * @return empty when there are more, or finding them takes too long
   */
  Optional<long[]> all(int limit);

  /** The smallest and the largest key of the table; empty when it has none. */
  Optional<Range> range();

  /**
   * About how many rows have a key in each of the ranges, in their order, as far as the condition
   * itself names the key.
   */
  long[] estimates(List<Range> ranges);

  /** Looks at the first few rows in the range, to see how many of them match. */
  Sample sample(Range range, int rows);

  /** True when there is a condition. */
  boolean hasCondition();

  /** How a key that came as 64 bits is to be read. */
  BigInteger toInteger(long bits);

  /** Keys from {@code from} on and below {@code to}. */
  record Range(BigInteger from, BigInteger to) {

    /** How many different integers lie in it. */
    BigInteger width() {
      return to.subtract(from);
    }
  }

  /** What a look at some rows gave. */
  record Sample(int rows, int matching) {}
}
