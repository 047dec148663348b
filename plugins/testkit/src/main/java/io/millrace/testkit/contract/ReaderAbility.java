package io.millrace.testkit.contract;

/** What not every reader can do. A contract test for a missing ability is skipped. */
public enum ReaderAbility {
  /** A source of several hundred records is cut into several splits. */
  SPLITS,
  /** A source can be empty. */
  EMPTY_SOURCE,
  /** A value above {@code maxValueBytes} is given to the dirty records. */
  BOUNDS_VALUES
}
