package io.millrace.files.option;

/** Whose defaults count where a task says nothing. */
public enum Dialect {
  /**
   * The format is told by the ending of a name, else it is csv; values are not trimmed; a {@code *}
   * stays within a folder; a {@code date} has no time of day.
   */
  OWN,
  /**
   * Those of DataX and DataWorks: csv is read and text is written whatever a name ends in, values
   * of csv without quotes are trimmed, text of one column may hold the delimiter, a {@code *}
   * crosses folders, a {@code date} may have a time of day.
   */
  DATAX
}
