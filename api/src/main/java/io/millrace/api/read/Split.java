package io.millrace.api.read;

import java.util.Map;
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
 */
public record Split(
    String id,
    int version,
    Map<String, String> properties,
    String description,
    long estimatedRecords) {

  public Split {
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("bad split id '" + id + "'");
    }
    properties = Map.copyOf(new TreeMap<>(properties));
  }
}
