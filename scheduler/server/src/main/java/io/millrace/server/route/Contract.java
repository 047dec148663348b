package io.millrace.server.route;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes in and comes out of a route, for the check of requests and for the document.
 *
 * @param takes the record that the body holds; null for none
 * @param gives the type of the answer's body; null for none
 * @param list how {@code gives} is repeated
 * @param status the status of success
 * @param mediaType what the answer is written as
 * @param query the parameters of the query with their descriptions
 * @param whilePasswordIsDue true when it is open to somebody who has to change the password first
 */
public record Contract(
    @Nullable Class<?> takes,
    @Nullable Class<?> gives,
    Repetition list,
    int status,
    String mediaType,
    Map<String, String> query,
    boolean whilePasswordIsDue) {

  /** How often a value stands in an answer. */
  public enum Repetition {
    ONE,
    LIST,
    PAGE,
    SLICE
  }

  static final Contract NOTHING =
      new Contract(null, null, Repetition.ONE, 204, "application/json", Map.of(), false);

  Contract withTakes(Class<?> type) {
    return new Contract(type, gives, list, status, mediaType, query, whilePasswordIsDue);
  }

  Contract withGives(int newStatus, Class<?> type, Repetition repetition) {
    return new Contract(takes, type, repetition, newStatus, mediaType, query, whilePasswordIsDue);
  }

  Contract withMediaType(String type) {
    return new Contract(takes, null, Repetition.ONE, 200, type, query, whilePasswordIsDue);
  }

  Contract withQuery(String name, String description) {
    Map<String, String> all = new LinkedHashMap<>(query);
    all.put(name, description);
    return new Contract(takes, gives, list, status, mediaType, all, whilePasswordIsDue);
  }

  Contract openWhilePasswordIsDue() {
    return new Contract(takes, gives, list, status, mediaType, query, true);
  }
}
