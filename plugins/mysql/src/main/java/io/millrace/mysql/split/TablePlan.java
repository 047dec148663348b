package io.millrace.mysql.split;

import java.util.List;
import java.util.Map;

/**
 * How one table is cut.
 *
 * @param ranges every row lies in exactly one of them; at least one
 * @param concurrent true when the user named a usable key, so that ranges may be read at once
 * @param rule the rule in words, for the log
 * @param warnings what the user should change
 */
public record TablePlan(
    List<Range> ranges, boolean concurrent, String rule, List<String> warnings) {

  public TablePlan {
    ranges = List.copyOf(ranges);
    warnings = List.copyOf(warnings);
  }

  /** A table that is not cut. */
  public static TablePlan whole(String rule) {
    return new TablePlan(List.of(Range.all(-1)), false, rule, List.of());
  }

  /**
   * One range.
   *
   * @param condition the SQL condition of its rows, empty for all rows
   * @param properties the same in words: key, from (included), to (not included), nulls
   * @param rows about how many rows it holds; -1 when unknown
   */
  public record Range(String condition, Map<String, String> properties, long rows) {

    public Range {
      properties = Map.copyOf(properties);
    }

    /** The whole table. */
    static Range all(long rows) {
      return new Range("", Map.of(), rows);
    }
  }
}
