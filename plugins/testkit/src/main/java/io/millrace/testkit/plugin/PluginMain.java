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
    TaskSpec task =
        TaskFiles.read(Path.of(args[2]), ReadSettings.defaults().withDataSources(Path.of(args[3])));
    try (PluginConnectors connectors = PluginConnectors.open(Path.of(args[0]), Path.of(args[1]))) {
      AttemptResult result =
          new Engine(connectors, Clock.systemUTC())
              .attempt(new AttemptRequest(task, Path.of(args[4]), false), System.out::println)
              .run();
      System.out.println(result.error());
      System.exit(result.state() == RunState.SUCCESS ? 0 : 1);
    }
  }
}
