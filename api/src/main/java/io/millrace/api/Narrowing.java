package io.millrace.api;

/**
 * What becomes of values that the target's column takes only after changing them: fewer digits
 * after the point or of a second, the time of a DATETIME put into a DATE, a fraction put into an
 * integer. A value that is too long or out of range is not narrowed: it is dirty, always.
 */
public enum Narrowing {
  /**
   * The task does not start when the types of a source's and a target's column say that values may
   * be narrowed. Where the source declares no scale, the single value that would change is dirty.
   */
  REFUSE,
  /**
   * Values are rounded as the target itself does it, and the log says in which columns and how
   * often.
   */
  ROUND,
  /** A value that would change makes its record dirty. */
  DIRTY
}
