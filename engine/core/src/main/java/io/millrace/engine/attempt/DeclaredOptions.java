package io.millrace.engine.attempt;

import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskFingerprint;
import io.millrace.engine.task.TaskSpec;
import java.util.List;

/**
 * What the connectors of a task declare: tells its secrets from its other options. Immutable.
 *
 * @param reader empty when there is no such connector
 * @param writer empty when there is no such connector
 */
public record DeclaredOptions(List<ConfigOption<?>> reader, List<ConfigOption<?>> writer) {

  public DeclaredOptions {
    reader = List.copyOf(reader);
    writer = List.copyOf(writer);
  }

  /** Looks the connectors of a task up. Never throws for a task that names an unknown one. */
  public static DeclaredOptions of(TaskSpec task, Connectors connectors) {
    try {
      return new DeclaredOptions(
          connectors
              .find(task.reader().connector())
              .flatMap(connector -> connector.reader())
              .map(ReaderFactory::options)
              .orElse(List.of()),
          connectors
              .find(task.writer().connector())
              .flatMap(connector -> connector.writer())
              .map(WriterFactory::options)
              .orElse(List.of()));
    } catch (MillraceException e) {
      // The attempt itself comes to the same error and tells it.
      return new DeclaredOptions(List.of(), List.of());
    }
  }

  /** Every secret of a task. */
  public Secrets secrets(TaskSpec task) {
    return task.secrets().collect(task.reader(), reader).collect(task.writer(), writer);
  }

  /** Tells whether two tasks move the same rows. */
  String fingerprint(TaskSpec task) {
    return TaskFingerprint.of(task, reader, writer);
  }
}
