package io.millrace.api.write;

/** How often a record of a split that is retried or resumed stands in the target. */
public enum Guarantee {
  /** Exactly once, whatever fails. */
  EXACTLY_ONCE,
  /** At least once: a retried split may leave records twice. The log and the result say so. */
  AT_LEAST_ONCE
}
