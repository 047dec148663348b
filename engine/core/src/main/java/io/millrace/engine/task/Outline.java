package io.millrace.engine.task;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a task file, which parameters cannot change: what stands where.
 *
 * @param name the task's name; absent for that of the file
 * @param reader the reading end
 * @param writer the writing end; null in a short form that is not finished
 * @param zone the node of the time zone
 * @param bareNames {@code $name} without braces is a parameter, as in DataX
 * @param settings reads the settings, once the zone is known
 */
record Outline(
    Node name,
    End reader,
    @Nullable End writer,
    Node zone,
    boolean bareNames,
    Function<Substitution, TaskSettings> settings) {

  /** The ends that are there. */
  List<End> ends() {
    return writer == null ? List.of(reader) : List.of(reader, writer);
  }

  /**
   * One end, before parameters.
   *
   * @param connector the connector's name
   * @param options its options
   */
  record End(String connector, Node options) {}
}
