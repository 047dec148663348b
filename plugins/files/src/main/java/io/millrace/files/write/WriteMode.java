package io.millrace.files.write;

/** What becomes of files that are there before. */
public enum WriteMode {
  /** Files with the prefix are removed once the new ones are complete. */
  TRUNCATE,
  /** They stay. */
  APPEND,
  /** The task is refused when there is one. */
  NON_CONFLICT
}
