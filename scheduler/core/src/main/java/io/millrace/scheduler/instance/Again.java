package io.millrace.scheduler.instance;

/** How an instance is run again. */
public enum Again {
  /** Goes on with what is committed: no row is written twice. */
  CONTINUE,

  /** Writes everything once more: where the target's rows have no key, they double. */
  ANEW
}
