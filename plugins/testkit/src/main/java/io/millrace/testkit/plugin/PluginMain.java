package io.millrace.testkit.plugin;

import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;

/** The process of {@link PluginProcess}. */
final class PluginMain {

  private PluginMain() {}

  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    boolean resume = Boolean.parseBoolean(args[1]);
    TaskSpec task =
        TaskFiles.read(
            directory.resolve("task.json"),
            ReadSettings.defaults().withDataSources(directory.resolve("datasources.yaml")));
    try (PluginConnectors connectors =
        PluginConnectors.open(directory.resolve("plugins"), directory.resolve("cache"))) {
      AttemptResult result =
          new Engine(connectors, Clock.systemUTC())
              .attempt(
                  new AttemptRequest(task, directory.resolve("run"), resume), System.out::println)
              .run();
      System.out.println(result.error());
      System.exit(result.state() == RunState.SUCCESS ? 0 : 1);
    }
  }
}
