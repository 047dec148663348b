package io.millrace.api.read;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An independent part of the source. It is kept for resume and sent to other machines, so it is
 * data: no secret, no connection.
 *
 * @param id unique in its plan and short, such as {@code 0007}; letters, digits, dot, dash and
 *     underscore
 * @param version the version of the form of {@code properties}, set and understood by the reader
 * @param properties what the reader needs to open it
 * @param description what it covers, for the log: the statement or the file and range; what comes
 *     from data or from a statement is marked ({@link io.millrace.api.Sensitive})
 * @param estimatedRecords how many records it may hold; -1 when unknown
 * @param group the split that the task asks for and that this one is a part of, such as a table
 *     that is cut though nobody named a key: of the form of an id, and no id of the plan. Where the
 *     split is no part, its own id
 */
public record Split(
    String id,
    int version,
    Map<String, String> properties,
    String description,
    long estimatedRecords,
    String group) {

  public Split {
    requireName(id);
    // A plan of before there were groups has none.
    group = group == null ? id : group;
    requireName(group);
    properties = Map.copyOf(new TreeMap<>(properties));
  }

  /** A split that is no part of another one. */
  public Split(
      String id,
      int version,
      Map<String, String> properties,
      String description,
      long estimatedRecords) {
    this(id, version, properties, description, estimatedRecords, id);
  }

  private static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("bad split id '" + name + "'");
    }
  }

  /** The group where the split is a part of it; empty where it is a whole one. */
  public Optional<String> partOf() {
    return id.equals(group) ? Optional.empty() : Optional.of(group);
  }
}
