package io.millrace.api.read;

/**
 * Whether a reader reads what the task's writer writes.
 *
 * @param kind how sure that is
 * @param message one line for people: what is read and written, and what to do; empty for NONE
 */
public record Overlap(Kind kind, String message) {

  /** How sure it is that source and target are one. */
  public enum Kind {
    /** They have nothing in common that could be found. */
    NONE,
    /** They may be one: the task runs, with a warning. */
    POSSIBLE,
    /** They are one: the task is refused. */
    CERTAIN
  }

  /** Nothing in common. */
  public static final Overlap NONE = new Overlap(Kind.NONE, "");
}
