package io.millrace.scheduler.task;

import io.millrace.scheduler.schedule.Schedule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a task holds. Immutable.
 *
 * @param script the task file, in any form that the engine reads; empty for a zero-load task
 * @param schedule when it recurs; null when it runs only by hand
 * @param parameters names and expressions that the script's variables get their values from
 * @param patterns of parameters, what somebody who runs the task may give them, as regular
 *     expressions for the whole value; see {@link io.millrace.scheduler.parameter.GivenValues}
 */
public record TaskDefinition(
    TaskKind kind,
    String script,
    @Nullable Schedule schedule,
    RunSettings run,
    Map<String, String> parameters,
    List<Dependency> dependencies,
    Map<String, String> patterns) {

  public TaskDefinition {
    parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
    patterns = patterns == null ? Map.of() : Map.copyOf(patterns);
    dependencies = dependencies == null ? List.of() : List.copyOf(dependencies);
    run = run == null ? RunSettings.DEFAULT : run;
    script = script == null ? "" : script;
  }

  /** One without patterns. */
  public TaskDefinition(
      TaskKind kind,
      String script,
      @Nullable Schedule schedule,
      RunSettings run,
      Map<String, String> parameters,
      List<Dependency> dependencies) {
    this(kind, script, schedule, run, parameters, dependencies, Map.of());
  }
}
