package io.millrace.scheduler.parameter;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.ScriptParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows which values the next instances of a task will get, before there are any. Stateless. */
public final class ParameterPreview {

  private ParameterPreview() {}

  /**
   * The values at one occasion.
   *
   * @param parameters what is assigned, by name; {@code $taskid} stays as it is
   * @param expressions everything that stands directly in the script, secrets hidden
   */
  public record Row(
      Occasion occasion, Map<String, String> parameters, Map<String, String> expressions) {}

  /**
   * One row for each occasion, by the same code that freezes the values of instances.
   *
   * @param name the task's name, for messages
   * @param script the task's text
   * @param assignments those of the task
   * @param jobId what {@code $jobid} stands for: the workflow
   * @param nodeId what {@code $nodeid} stands for: the task
   * @throws MillraceException in one line, when an expression has no value
   */
  public static List<Row> of(
      String name,
      String script,
      Map<String, String> assignments,
      List<Occasion> occasions,
      long jobId,
      long nodeId) {
    List<Row> rows = new ArrayList<>();
    for (Occasion occasion : occasions) {
      FrozenParameters frozen =
          FrozenParameters.freeze(assignments, Map.of(), occasion, jobId, nodeId);
      Map<String, String> values = new LinkedHashMap<>();
      Map<String, String> all = frozen.values("$taskid");
      assignments.keySet().forEach(each -> values.put(each, all.get(each)));
      rows.add(
          new Row(
              occasion,
              values,
              ScriptParameters.values(
                  name, script, frozen.apply(ReadSettings.defaults(), "$taskid"))));
    }
    return List.copyOf(rows);
  }
}
