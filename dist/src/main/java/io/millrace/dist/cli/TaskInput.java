package io.millrace.dist.cli;

import io.millrace.api.Connector;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.SourceSpec;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command that takes a task has in common. */
final class TaskInput {

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The task: DataX JSON, DataWorks JSON or Millrace YAML.")
  private Path file = Path.of("");

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=VALUE",
      description = "A value for $${NAME}. Everybody on this machine can see it: not for secrets.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--parameter-env",
      paramLabel = "NAME=VARIABLE",
      description = "A value for $${NAME}, taken from an environment variable.")
  private Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--parameter-file",
      paramLabel = "NAME=FILE",
      description = "A value for $${NAME}, taken from a file; its last line break is left out.")
  private Map<String, Path> files = new LinkedHashMap<>();

  @Option(
      names = "--bizdate",
      paramLabel = "DATE",
      description =
          "The business date of time parameters, such as 20261120 or 2026-11-20; yesterday when"
              + " not given.")
  private @Nullable String bizdate;

  @Option(
      names = "--datasources",
      paramLabel = "FILE",
      description = "Named connections; conf/datasources.yaml when not given.")
  private @Nullable Path dataSources;

  @Option(
      names = "--strict",
      description = "Unknown keys in DataX and DataWorks files are errors, not warnings.")
  private boolean strict;

  Path file() {
    return file;
  }

  /**
   * The task, ready to run.
   *
   * @throws MillraceException in one line, when something is wrong with it
   */
  TaskSpec read(Installation installation, Terminal terminal) {
    warnOfVisibleSecrets(terminal);
    return read(installation, Clock.systemUTC());
  }

  /**
   * What the task reads from; its writer is not looked at and may be missing.
   *
   * @throws MillraceException in one line, when something is wrong with it
   */
  SourceSpec readSource(Installation installation, Terminal terminal) {
    warnOfVisibleSecrets(terminal);
    return TaskFiles.readSource(file, settings(installation, Clock.systemUTC()));
  }

  /** The task as it is at the time of a clock, which parameters count from. */
  TaskSpec read(Installation installation, Clock clock) {
    return TaskFiles.read(file, settings(installation, clock));
  }

  private ReadSettings settings(Installation installation, Clock clock) {
    if (!Files.isRegularFile(file)) {
      throw wrong(
          Files.exists(file)
              ? "the task file " + file + " is not a file"
              : "there is no task file " + file);
    }
    ReadSettings settings =
        ReadSettings.defaults()
            .withClock(clock, installation.settings().zone())
            .withParameters(allParameters())
            .withDataSources(dataSources == null ? dataSources(installation) : dataSources)
            .withStrict(strict);
    return bizdate == null ? settings : settings.withBusinessDate(bizdate);
  }

  private void warnOfVisibleSecrets(Terminal terminal) {
    for (String name : parameters.keySet()) {
      if (Secrets.isSecretName(name)) {
        terminal.warn(
            "the value of -p "
                + name
                + " can be seen in the process list; give it with --parameter-env or"
                + " --parameter-file");
      }
    }
  }

  /** A project's own file counts before the installation's. */
  static Path dataSources(Installation installation) {
    Path here = Path.of("conf", "datasources.yaml");
    return Files.exists(here) ? here : installation.settings().dataSources();
  }

  private Map<String, String> allParameters() {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    environment.forEach(
        (name, variable) -> {
          String value = System.getenv(variable);
          if (value == null) {
            throw wrong("--parameter-env " + name + ": the variable " + variable + " is not set");
          }
          once(all, name, value);
        });
    files.forEach(
        (name, path) -> {
          try {
            once(all, name, Files.readString(path).replaceFirst("\\r?\\n$", ""));
          } catch (IOException e) {
            throw wrong("--parameter-file " + name + ": " + path + " cannot be read");
          }
        });
    return all;
  }

  private static void once(Map<String, String> all, String name, String value) {
    if (all.putIfAbsent(name, value) != null) {
      throw wrong("the parameter " + name + " is given twice");
    }
  }

  static Connector find(PluginConnectors connectors, String name) {
    return connectors
        .find(name)
        .orElseThrow(
            () ->
                new MillraceException(
                    StandardError.PLUGIN,
                    "no connector is called '"
                        + name
                        + "'; installed: "
                        + String.join(", ", connectors.names())));
  }

  static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
