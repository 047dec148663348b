package io.millrace.mysql.split;

import java.math.BigInteger;
import java.util.List;

/**
 * Where keys are cut.
 *
 * @param bounds each the first key of the next range, ascending and distinct
 * @param rows about how many rows each of the {@code bounds.size() + 1} ranges holds
 * @param how in what way it was found, for the log
 */
record Cut(List<BigInteger> bounds, List<Long> rows, String how) {

  Cut {
    bounds = List.copyOf(bounds);
    rows = List.copyOf(rows);
    if (rows.size() != bounds.size() + 1) {
      throw new IllegalArgumentException("one range more than bounds");
    }
  }
}
