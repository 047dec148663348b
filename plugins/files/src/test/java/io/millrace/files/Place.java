package io.millrace.files;

import io.millrace.api.Connector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A folder of a store, which tests fill and look at without the connector. */
interface Place {

  Connector connector();

  void put(String name, byte[] content);

  default void put(String name, String content) {
    put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes(String name);

  default String get(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  void delete(String name);

  /** Names of every file in the folder, hidden ones included, in order. */
  List<String> names();

  /** What is staged and not complete. */
  List<String> staged();

  /** The options that read what fits a pattern. */
  Map<String, Object> reading(String pattern);

  /** The options that write files with a prefix. */
  Map<String, Object> writing(String base);
}
