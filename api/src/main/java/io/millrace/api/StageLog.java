package io.millrace.api;

/**
 * The detailed log of one stage, which an operator reads after the fact. Safe for use by several
 * threads. Never pass a secret. Statements are written as they ran, and are marked with {@link
 * Sensitive#mark}, as is everything else that comes from data or from the other end: viewers see
 * the line without it.
 */
public interface StageLog {

  /** Writes one line to the stage's detailed log. */
  void info(String line);

  /** Writes one line to the detailed log and to the run log, marked as a warning. */
  void warn(String line);
}
