package io.millrace.mysql.write;

/** What becomes of NULL. */
public enum NullMode {
  /** It is written. */
  WRITE_NULL,
  /** Its column is left out of the statement, so that a default or the present value counts. */
  SKIP_NULL
}
