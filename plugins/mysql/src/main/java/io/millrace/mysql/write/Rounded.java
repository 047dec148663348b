package io.millrace.mysql.write;

import io.millrace.api.Counted;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** How many values of each column the server has rounded. Safe for use by several threads. */
final class Rounded {

  private final Map<String, Long> counts = new ConcurrentSkipListMap<>();

  /** Adds those of one column. */
  void add(String column, long count) {
    if (count > 0) {
      counts.merge(column, count, Long::sum);
    }
  }

  /** Adds those of a split that is committed. */
  void add(Rounded ofSplit) {
    ofSplit.counts.forEach(this::add);
  }

  /** One line for each column that has any. */
  List<String> lines() {
    return counts.entrySet().stream()
        .map(
            entry ->
                "narrowing: "
                    + Counted.of(entry.getValue(), "value", "values")
                    + " of column '"
                    + entry.getKey()
                    + (entry.getValue() == 1 ? "' was" : "' were")
                    + " rounded or cut by the server")
        .toList();
  }
}
