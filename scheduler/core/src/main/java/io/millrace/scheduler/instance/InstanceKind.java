package io.millrace.scheduler.instance;

/** Why an instance was made. */
public enum InstanceKind {
  /** By the task's schedule. */
  RECURRING,

  /** Somebody tries a task for a business date; it ignores ancestors and has no dependants. */
  TEST,

  /** A part of a backfill. */
  BACKFILL,

  /** Somebody ran the task now; like a test, but with the task's own values. */
  MANUAL;

  /** True when its ancestors and dependants matter. */
  public boolean isInOrder() {
    return this == RECURRING || this == BACKFILL;
  }
}
