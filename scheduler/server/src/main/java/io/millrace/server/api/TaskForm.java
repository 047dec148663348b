package io.millrace.server.api;

import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.InlineConnections;
import io.millrace.engine.task.OpenValues;
import io.millrace.engine.task.Secrets;
import io.millrace.scheduler.parameter.Assignments;
import io.millrace.scheduler.parameter.GivenValues;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Rerun;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Sight;
import io.millrace.server.route.Verbatim;
import io.millrace.server.source.SourceLooks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a task holds, as the API takes and gives it. What is left out has its default.
 *
 * @param script the task file; not for a zero-load task
 * @param schedule such as {@code {"cycle": {"every": "day", "time": "02:30"}, "zone": "UTC"}}
 * @param parameters names and expressions
 * @param patterns of parameters, the regular expressions for what may be given to them when the
 *     task is run
 */
record TaskForm(
    @Nullable TaskKind kind,
    @Verbatim @Nullable String script,
    @Nullable Map<String, @Nullable Object> schedule,
    @Nullable RunForm run,
    @Nullable Map<String, String> parameters,
    @Nullable List<Dependency> dependencies,
    @Nullable Map<String, String> patterns) {

  private static final int MOST = 1_000;

  /** How its instances run; see {@link RunSettings}. */
  record RunForm(
      @Nullable String group,
      @Nullable Integer priority,
      @Nullable Integer maxParallel,
      @Nullable Rerun rerun,
      @Nullable Integer automaticReruns,
      @Nullable Integer rerunMinutes,
      @Nullable Integer timeoutMinutes) {

    static RunForm of(RunSettings run) {
      return new RunForm(
          run.group(),
          run.priority(),
          run.maxParallel(),
          run.rerun(),
          run.automaticReruns(),
          run.rerunMinutes(),
          run.timeoutMinutes());
    }

    RunSettings settings() {
      RunSettings usual = RunSettings.DEFAULT;
      return new RunSettings(
          or(group, usual.group()),
          or(priority, usual.priority()),
          or(maxParallel, usual.maxParallel()),
          or(rerun, usual.rerun()),
          or(automaticReruns, usual.automaticReruns()),
          or(rerunMinutes, usual.rerunMinutes()),
          or(timeoutMinutes, usual.timeoutMinutes()));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
      return given == null ? otherwise : given;
    }
  }

  static TaskForm of(TaskDefinition definition) {
    return new TaskForm(
        definition.kind(),
        definition.script(),
        definition.schedule() == null ? null : definition.schedule().form(),
        RunForm.of(definition.run()),
        new TreeMap<>(definition.parameters()),
        definition.dependencies(),
        new TreeMap<>(definition.patterns()));
  }

  /**
   * Checks that it is one, and holds no secret.
   *
   * @param name of the task, for messages
   * @param declarations what the connectors declare as secret
   * @throws io.millrace.api.error.MillraceException in one line, never with the secret's value
   */
  TaskDefinition definition(String name, Declarations declarations) {
    Map<String, String> assignments = parameters == null ? Map.of() : parameters;
    List<Dependency> upstream = dependencies == null ? List.of() : dependencies;
    check(assignments, upstream);
    Assignments.check(assignments);
    GivenValues.checkPatterns(patterns == null ? Map.of() : patterns, assignments);
    if (script != null && !script.isBlank()) {
      InlineConnections.refuseSecrets(name, script, declarations);
    }
    return new TaskDefinition(
        kind == null ? TaskKind.SYNC : kind,
        script == null ? "" : script,
        schedule == null ? null : Schedule.of(schedule),
        run == null ? RunSettings.DEFAULT : run.settings(),
        assignments,
        upstream,
        patterns == null ? Map.of() : patterns);
  }

  private static void check(Map<String, String> assignments, List<Dependency> upstream) {
    if (assignments.size() > MOST || upstream.size() > MOST) {
      throw ProblemException.field("definition", "has more parameters or dependencies than 1000");
    }
    for (Dependency dependency : upstream) {
      if (dependency == null || dependency.task() == null || dependency.kind() == null) {
        throw ProblemException.field("dependencies", "need a task and a kind each");
      }
    }
    assignments.forEach(
        (name, value) -> {
          if (value == null) {
            throw ProblemException.field("parameters", "need a text each");
          }
          if ((!value.isEmpty() && !value.contains("$") && Secrets.isSecretName(name))
              || !Secrets.hideInUrls(value).equals(value)) {
            throw ProblemException.field(
                "parameters", "must not hold secrets: put them into a data source");
          }
        });
  }

  /**
   * As a caller is shown it: who may see no data sees no value of the script but names, numbers and
   * choices, and of the parameters only those that are made of times.
   */
  TaskForm shown(Sight sight, SourceLooks looks) {
    return sight != Sight.HIDDEN
        ? this
        : new TaskForm(
            kind,
            script == null ? null : OpenValues.only(script, looks::declared),
            schedule,
            run,
            parameters == null ? null : Assignments.open(parameters),
            dependencies,
            null);
  }

  /** Its fields by their paths, for comparing. */
  Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("kind", String.valueOf(kind));
    fields.put("script", String.valueOf(script));
    if (schedule != null) {
      flatten("schedule", schedule, fields);
    }
    if (run != null) {
      fields.put("run.group", String.valueOf(run.group()));
      fields.put("run.priority", String.valueOf(run.priority()));
      fields.put("run.maxParallel", String.valueOf(run.maxParallel()));
      fields.put("run.rerun", String.valueOf(run.rerun()));
      fields.put("run.automaticReruns", String.valueOf(run.automaticReruns()));
      fields.put("run.rerunMinutes", String.valueOf(run.rerunMinutes()));
      fields.put("run.timeoutMinutes", String.valueOf(run.timeoutMinutes()));
    }
    if (parameters != null) {
      parameters.forEach((name, value) -> fields.put("parameters." + name, value));
    }
    if (patterns != null) {
      patterns.forEach((name, value) -> fields.put("patterns." + name, value));
    }
    if (dependencies != null) {
      dependencies.forEach(
          one -> fields.put("dependencies." + one.task(), String.valueOf(one.kind())));
    }
    return fields;
  }

  private static void flatten(
      String path, Map<?, ? extends @Nullable Object> map, Map<String, String> fields) {
    map.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(path + "." + key, inner, fields);
          } else {
            fields.put(path + "." + key, String.valueOf(value));
          }
        });
  }
}
