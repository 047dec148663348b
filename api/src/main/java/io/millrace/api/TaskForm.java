package io.millrace.api;

/**
 * The kind of document that a task was written as. DataX and DataWorks documents mean what those
 * products make of them, also where Millrace's own form is stricter.
 */
public enum TaskForm {
  /** Millrace's own short form. */
  OWN,
  /** A DataX job. */
  DATAX,
  /** A DataWorks code-editor job. */
  DATAWORKS
}
