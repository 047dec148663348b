package io.millrace.engine.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One end of a task.
 *
 * @param connector the connector's name as the file has it, such as {@code mysql} or {@code
 *     mysqlreader}
 * @param options raw options made of the JDK's own types (Map, List, String, Number, Boolean,
 *     null), those of the data source included. May hold secrets: never print it
 */
public record ConnectorSpec(String connector, Map<String, Object> options) {

  public ConnectorSpec {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** Without the options, which may hold secrets. */
  @Override
  public String toString() {
    return connector;
  }
}
