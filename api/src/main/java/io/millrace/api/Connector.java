package io.millrace.api;

import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import java.util.Optional;

/**
 * What a plugin provides: a reader, a writer, or both, under one name.
 *
 * <p>Found through {@code META-INF/services/io.millrace.api.Connector}; it needs a public
 * constructor without parameters that does no work. One instance serves every attempt in the
 * process, on any thread, so it keeps no state.
 */
public interface Connector {

  /** Its name, the other names it answers to, and one sentence about it. */
  ConnectorInfo info();

  /** The reader side, or empty when this connector cannot read. */
  default Optional<ReaderFactory> reader() {
    return Optional.empty();
  }

  /** The writer side, or empty when this connector cannot write. */
  default Optional<WriterFactory> writer() {
    return Optional.empty();
  }

  /** Tries the connection of a data source, or empty when this connector has nothing to try. */
  default Optional<ConnectionTest> connectionTest() {
    return Optional.empty();
  }
}
