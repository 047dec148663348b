package io.millrace.mysql.write;

/** What becomes of dates whose month or day is zero, such as {@code 0000-00-00}. */
public enum ZeroDate {
  /** They are written as they are. */
  KEEP,
  /** NULL is written instead. */
  NULL,
  /** Their record is dirty. */
  DIRTY
}
