package io.millrace.testkit.contract;

/** What not every writer can do. A contract test for a missing ability is skipped. */
public enum WriterAbility {
  /** What was written can be looked at: not so with a printer. */
  LOOKS_BACK,
  /** A split's records and its commit last together, in a ledger; epochs are fenced. */
  EXACTLY_ONCE,
  /** Nothing is visible before it is published. */
  STAGES,
  /** The target has a fixed number of columns. */
  FIXED_COLUMNS
}
