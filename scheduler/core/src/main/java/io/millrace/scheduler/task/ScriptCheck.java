package io.millrace.scheduler.task;

/** Looks at a script before it is published. Safe for use by several threads. */
@FunctionalInterface
public interface ScriptCheck {

  /**
   * The channels that a script may use.
   *
   * @param name of the task, for messages
   * @throws io.millrace.api.error.MillraceException in one line, when it could not run
   */
  int channels(String name, TaskDefinition definition);
}
