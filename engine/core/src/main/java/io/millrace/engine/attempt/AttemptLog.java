package io.millrace.engine.attempt;

import io.millrace.api.StageLog;
import io.millrace.engine.dirty.DirtyObserver;

/** What an attempt tells as it goes. Safe for use by several threads; never throws. */
public interface AttemptLog extends DirtyObserver {

  /** A line of the run log. */
  void line(String text);

  /** A warning of the run log. */
  void warn(String text);

  /** A state line, every ten seconds and at every change of state. */
  void state(Progress progress);

  /** A stage begins. */
  void stageBegun(Stage stage);

  /** A stage has ended. */
  void stageEnded(AttemptResult.StageTime time);

  /** The detailed log of a stage. */
  StageLog stage(Stage stage);

  /**
   * The attempt has ended; nothing is told any more.
   *
   * @param progress the last look at it
   */
  void ended(AttemptResult result, Progress progress);
}
