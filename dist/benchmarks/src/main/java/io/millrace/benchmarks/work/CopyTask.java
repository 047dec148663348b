package io.millrace.benchmarks.work;

import java.util.List;

/**
 * A task from one table to another of the same server, both reached by the data source {@value
 * #DATA_SOURCE}. Immutable.
 *
 * @param condition which rows; empty for all
 * @param rate the limit a second, such as {@code 2MB}; empty for none
 */
record CopyTask(
    String source,
    String target,
    List<String> columns,
    String splitKey,
    int channels,
    String condition,
    String rate) {

  static final String DATA_SOURCE = "bench";

  CopyTask(String source, String target, List<String> columns, String splitKey) {
    this(source, target, columns, splitKey, 4, "", "");
  }

  CopyTask withChannels(int count) {
    return new CopyTask(source, target, columns, splitKey, count, condition, rate);
  }

  CopyTask withCondition(String sql) {
    return new CopyTask(source, target, columns, splitKey, channels, sql, rate);
  }

  CopyTask withRate(String limit) {
    return new CopyTask(source, target, columns, splitKey, channels, condition, limit);
  }

  /** The task as a file in Millrace's own form. */
  String yaml() {
    StringBuilder text = new StringBuilder();
    String names = "[" + String.join(", ", columns) + "]";
    text.append("name: ").append(target).append('\n');
    text.append("reader:\n  mysql:\n    datasource: ").append(DATA_SOURCE).append('\n');
    text.append("    table: ").append(source).append('\n');
    text.append("    column: ").append(names).append('\n');
    text.append("    splitPk: ").append(splitKey).append('\n');
    if (!condition.isEmpty()) {
      text.append("    where: \"").append(condition).append("\"\n");
    }
    text.append("writer:\n  mysql:\n    datasource: ").append(DATA_SOURCE).append('\n');
    text.append("    table: ").append(target).append('\n');
    text.append("    column: ").append(names).append('\n');
    text.append("setting:\n  channels: ").append(channels).append("\n  dirty: none\n");
    if (!rate.isEmpty()) {
      text.append("  rate: ").append(rate).append('\n');
    }
    return text.toString();
  }
}
