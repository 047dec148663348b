package io.millrace.scheduler.task;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.group.ResourceGroup;

/**
 * How the instances of a task run. Immutable.
 *
 * @param group the name of the resource group
 * @param priority 1 to 8, higher first
 * @param maxParallel how many of its instances may run at once, 1 to 10000
 * @param automaticReruns 0 to 10 after a failure
 * @param rerunMinutes 1 to 30 between them
 * @param timeoutMinutes 1 minute to 168 hours; 0 for none. A timeout is never rerun by itself
 */
public record RunSettings(
    String group,
    int priority,
    int maxParallel,
    Rerun rerun,
    int automaticReruns,
    int rerunMinutes,
    int timeoutMinutes) {

  /** What holds where a task says nothing. */
  public static final RunSettings DEFAULT =
      new RunSettings(ResourceGroup.DEFAULT_NAME, 1, 10_000, Rerun.ALWAYS, 0, 1, 0);

  private static final int WEEK_MINUTES = 168 * 60;

  public RunSettings {
    require("priority", priority, 1, 8);
    require("maxParallel", maxParallel, 1, 10_000);
    require("automaticReruns", automaticReruns, 0, 10);
    require("rerunMinutes", rerunMinutes, 1, 30);
    require("timeoutMinutes", timeoutMinutes, 0, WEEK_MINUTES);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "run." + name + " must be " + least + " to " + most + ", found " + value);
    }
  }
}
