package io.millrace.mysql.read;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a split holds: the statement with its literal bounds, so that opening it again, also after a
 * crash and on another machine, reads the same range.
 *
 * @param id the split's id
 * @param source the index of its database among the task's
 * @param sql the statement
 * @param list where the statement's list of values ends, for more of them; 0 when it is the user's
 * @param guarded the columns whose sizes stand behind the row
 * @param lossy the columns of which stands behind those what has no form in UTF-8
 * @param timestamp what the session's {@code timestamp} is while the statement runs, so that {@code
 *     now()} is one moment for all splits and all tries; empty for the server's clock
 */
record ReadSplit(
    String id, int source, String sql, int list, int[] guarded, int[] lossy, String timestamp) {

  private static final int VERSION = 1;

  static ReadSplit of(Split split) {
    if (split.version() != VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "split "
              + split.id()
              + " has the form "
              + split.version()
              + ", this version reads form "
              + VERSION
              + "; run the task anew instead of resuming it");
    }
    return new ReadSplit(
        split.id(),
        Integer.parseInt(split.properties().getOrDefault("source", "0")),
        split.properties().getOrDefault("sql", ""),
        Integer.parseInt(split.properties().getOrDefault("list", "0")),
        indexes(split, "guarded"),
        indexes(split, "lossy"),
        timestamp(split));
  }

  private static String timestamp(Split split) {
    String text = split.properties().getOrDefault("timestamp", "");
    // It becomes part of a statement, so it must be a number and nothing else.
    return text.isEmpty() ? "" : new BigDecimal(text).toPlainString();
  }

  private static int[] indexes(Split split, String property) {
    String text = split.properties().getOrDefault(property, "");
    return text.isEmpty()
        ? new int[0]
        : Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  /**
   * The same as a split.
   *
   * @param range words of the range for whoever looks, such as key, from and to
   * @param estimatedRecords how many records it may hold; -1 when unknown
   * @param group what it is a part of, or its own id
   */
  Split toSplit(Map<String, String> range, long estimatedRecords, String group) {
    Map<String, String> properties = new LinkedHashMap<>(range);
    properties.put("source", Integer.toString(source));
    properties.put("sql", sql);
    if (list > 0) {
      properties.put("list", Integer.toString(list));
    }
    put(properties, "guarded", guarded);
    put(properties, "lossy", lossy);
    if (!timestamp.isEmpty()) {
      properties.put("timestamp", timestamp);
    }
    return new Split(id, VERSION, properties, Sensitive.mark(sql), estimatedRecords, group);
  }

  private static void put(Map<String, String> properties, String name, int[] indexes) {
    if (indexes.length > 0) {
      properties.put(
          name, IntStream.of(indexes).mapToObj(Integer::toString).collect(Collectors.joining(",")));
    }
  }
}
