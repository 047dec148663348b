package io.millrace.engine.task;

import java.util.function.Function;

/**
 * The structure of a task file, which parameters cannot change: what stands where.
 *
 * @param name the task's name; absent for that of the file
 * @param reader the reading end
 * @param writer the writing end
 * @param zone the node of the time zone
 * @param bareNames {@code $name} without braces is a parameter, as in DataX
 * @param settings reads the settings, once the zone is known
 */
record Outline(
    Node name,
    End reader,
    End writer,
    Node zone,
    boolean bareNames,
    Function<Substitution, TaskSettings> settings) {

  /**
   * One end, before parameters.
   *
   * @param connector the connector's name
   * @param options its options
   */
  record End(String connector, Node options) {}
}
