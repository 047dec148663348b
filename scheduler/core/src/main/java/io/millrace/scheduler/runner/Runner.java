package io.millrace.scheduler.runner;

import io.millrace.engine.task.TaskSpec;
import java.util.function.Consumer;

/**
 * Carries out attempts. Zero-load nodes and dry runs have nothing to carry out and never come here:
 * their log is empty. Safe for use by several threads.
 */
public interface Runner {

  /**
   * Starts an attempt and returns at once; it neither blocks nor throws for what is wrong with the
   * order or the task, which is a result.
   *
   * <p>The caller has made the attempt's row durable before, so that a crash at any moment later
   * finds it.
   *
   * @param done is called exactly once, with what the attempt came to, also when it could not be
   *     started. Called on a thread of the attempt's own, where it may block; what it throws is
   *     logged and nothing else. Only where the system gives no thread it is called by the
   *     caller's, before this returns
   * @return the attempt, which may have ended already
   */
  RunningAttempt start(RunOrder order, Consumer<RunOutcome> done);

  /**
   * Refuses a task that no attempt could carry out here, whatever is given to its parameters: for
   * now, one with paths that are out of reach.
   *
   * @throws io.millrace.api.error.MillraceException in one line, why not
   */
  default void check(TaskSpec task) {}
}
