package io.millrace.scheduler.parameter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.ParameterText;
import io.millrace.engine.task.ReadSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything the parameters of an instance depend on, fixed when the instance is made: a rerun days
 * later has the same values. Immutable.
 *
 * @param occasion the times that expressions in the script itself count from
 * @param values the parameters with their values
 * @param open the names of those whose value everybody may see, because it is made of times and ids
 *     ({@link Assignments#isOfTime})
 * @param late the expressions that name {@code $taskid}: the instance's id is known only after it
 *     is made
 */
public record FrozenParameters(
    Occasion occasion, Map<String, String> values, Map<String, String> late, Set<String> open) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  public FrozenParameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    late = Collections.unmodifiableMap(new LinkedHashMap<>(late));
    // Kept by an earlier version: nobody knows, so none.
    open = open == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(open));
  }

  /**
   * The values at an occasion.
   *
   * @param assignments those of the task's version
   * @param overrides expressions that come before them, or beside them, as a backfill has them
   * @param jobId what {@code $jobid} stands for: the workflow
   * @param nodeId what {@code $nodeid} stands for: the task
   * @throws MillraceException in one line that names the parameter, when one has no value
   */
  public static FrozenParameters freeze(
      Map<String, String> assignments,
      Map<String, String> overrides,
      Occasion occasion,
      long jobId,
      long nodeId) {
    Map<String, String> texts = new LinkedHashMap<>(assignments);
    texts.putAll(overrides);
    Assignments.check(texts);
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> late = new LinkedHashMap<>();
    Set<String> open = new TreeSet<>();
    Map<String, String> ids =
        Map.of("jobid", Long.toString(jobId), "nodeid", Long.toString(nodeId));
    texts.forEach(
        (name, text) -> {
          ParameterText read = Assignments.read(name, text);
          if (read.isOfTime() || isSlice(name, text)) {
            open.add(name);
          }
          if (read.names("taskid")) {
            late.put(name, text);
          } else {
            values.put(name, Assignments.value(name, () -> read.value(occasion.base(), ids)));
          }
        });
    values.putAll(ids);
    open.addAll(ids.keySet());
    return new FrozenParameters(occasion, values, late, open);
  }

  /** The bounds of a backfill's slice are dates, which the scheduler writes as constants. */
  private static boolean isSlice(String name, String text) {
    return name.startsWith("slice.") && text.matches("[0-9]{8}([0-9]{6})?");
  }

  /** As {@link #values}, with {@value Sensitive#HIDDEN} where not everybody may see the value. */
  public Map<String, String> openValues(String taskId) {
    Map<String, String> shown = new LinkedHashMap<>();
    values(taskId)
        .forEach(
            (name, value) ->
                shown.put(
                    name,
                    open.contains(name) || ParameterText.IDS.contains(name)
                        ? value
                        : Sensitive.HIDDEN));
    return shown;
  }

  /**
   * All values, by name.
   *
   * @param taskId what {@code $taskid} stands for: the instance
   */
  public Map<String, String> values(String taskId) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put("taskid", taskId);
    late.forEach(
        (name, text) ->
            all.put(
                name,
                Assignments.value(
                    name, () -> ParameterText.parse(text).value(occasion.base(), all))));
    return all;
  }

  /**
   * What to read the instance's script with, in whichever attempt.
   *
   * @param settings the rest: data sources and zone
   * @param taskId what {@code $taskid} stands for: the instance
   */
  public ReadSettings apply(ReadSettings settings, String taskId) {
    return settings
        .withParameters(values(taskId))
        .withBusinessDate(occasion.businessDate())
        .withScheduledTime(occasion.time())
        .withToday(occasion.today());
  }

  /** As it is kept with the instance. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.INTERNAL, "the parameters of an instance cannot be written", e);
    }
  }

  /** What {@link #toJson} wrote. */
  public static FrozenParameters fromJson(String json) {
    try {
      return JSON.readValue(json, FrozenParameters.class);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.INTERNAL, "the parameters of an instance cannot be read", e);
    }
  }
}
