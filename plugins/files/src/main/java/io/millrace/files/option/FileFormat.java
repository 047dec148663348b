package io.millrace.files.option;

/** The formats a task can name. */
public enum FileFormat {
  /** Values with quotes around where needed; a quote is doubled. */
  CSV,
  /** Values as they are, nothing is escaped. */
  TEXT,
  /** A JSON object on each line. */
  JSONL,
  /** Columns in row groups, with types and a footer. */
  PARQUET,
  /** Columns in stripes, with types and a footer. */
  ORC;
}
