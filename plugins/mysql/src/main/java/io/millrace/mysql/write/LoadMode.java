package io.millrace.mysql.write;

/** Whether {@code LOAD DATA LOCAL INFILE} is used. */
public enum LoadMode {
  /** Where the server allows it. */
  AUTO,
  /** Not even then. */
  NEVER
}
