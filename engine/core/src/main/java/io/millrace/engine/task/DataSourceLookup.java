package io.millrace.engine.task;

import io.millrace.api.ServerCertificates;
import java.util.Map;
import java.util.Optional;

/** Knows named connections that do not stand in a file. */
@FunctionalInterface
public interface DataSourceLookup {

  /**
   * The options of a data source, {@code type} among them, made of the JDK's own types; empty when
   * there is none of this name. They may hold secrets: they are used as they are and kept nowhere.
   * Called by the thread that reads the task; it may block for a look into a store.
   *
   * @throws io.millrace.api.error.MillraceException when it cannot be looked up or may not be used
   */
  Optional<Map<String, Object>> find(String name);

  /**
   * The certificates that the servers of a data source have shown, as far as they are kept.
   *
   * @param name of one that {@link #find} found
   */
  default ServerCertificates certificates(String name) {
    return ServerCertificates.NONE;
  }

  /**
   * What connectors declare: a task may not decide where the secrets of these data sources go.
   * Knows none unless it is overridden; then names alone say what decides that.
   */
  default Declarations declarations() {
    return Declarations.NONE;
  }
}
