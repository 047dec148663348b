package io.millrace.scheduler.instance;

/** What an instance does when its turn comes. */
public enum RunMode {
  /** It runs. */
  NORMAL,

  /** It fails at its time and so holds up its descendants. */
  SKIP,

  /** It succeeds at once, without running, so that its descendants go on. */
  DRY_RUN
}
