package io.millrace.engine.attempt;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskFingerprint;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the connectors of a task declare: tells its secrets from its other options. Immutable.
 *
 * @param reader empty when there is no such connector
 * @param writer empty when there is no such connector
 */
public record DeclaredOptions(List<ConfigOption<?>> reader, List<ConfigOption<?>> writer) {

  private static final Pattern WILDCARD = Pattern.compile("[*?{\\[]");

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

  /**
   * Refuses a path that no run will reach, as far as it is known before one: without what given
   * parameters have a part in, and without what stands behind a wildcard.
   *
   * @throws MillraceException as {@link LocalFiles#allowed} does
   */
  public void requireInReach(TaskSpec task, LocalFiles files) {
    requireInReach(task.reader(), reader, task, files);
    requireInReach(task.writer(), writer, task, files);
  }

  private static void requireInReach(
      ConnectorSpec end, List<ConfigOption<?>> declared, TaskSpec task, LocalFiles files) {
    for (ConfigOption<?> option : declared) {
      if (option.localPath()) {
        end.options()
            .forEach(
                (key, value) -> {
                  if (option.key().equalsIgnoreCase(key)
                      || option.aliases().stream().anyMatch(key::equalsIgnoreCase)) {
                    List<?> paths = value instanceof List<?> list ? list : List.of(value);
                    paths.stream()
                        .filter(path -> path instanceof String text && !task.given().contains(text))
                        .forEach(path -> requireInReach(path.toString(), files));
                  }
                });
      }
    }
  }

  private static void requireInReach(String path, LocalFiles files) {
    Matcher wildcard = WILDCARD.matcher(path);
    String known = path;
    if (wildcard.find()) {
      known = path.substring(0, path.lastIndexOf('/', wildcard.start()) + 1);
    }
    try {
      if (!known.isBlank()) {
        files.allowed(Path.of(known));
      }
    } catch (InvalidPathException e) {
      return; // the connector says what is wrong with it
    }
  }

  /** Tells whether two tasks move the same rows. */
  String fingerprint(TaskSpec task) {
    return TaskFingerprint.of(task, reader, writer);
  }
}
