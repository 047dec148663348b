package io.millrace.engine.task;

import io.millrace.api.ServerCertificates;
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
 * @param certificates those that the servers of its data source have shown
 */
public record ConnectorSpec(
    String connector, Map<String, Object> options, ServerCertificates certificates) {

  public ConnectorSpec {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** An end whose servers' certificates are not kept. */
  public ConnectorSpec(String connector, Map<String, Object> options) {
    this(connector, options, ServerCertificates.NONE);
  }

  /** Without the options, which may hold secrets. */
  @Override
  public String toString() {
    return connector;
  }
}
