package io.millrace.files.option;

import java.util.Locale;

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

  /** The format that a name's ending stands for; csv when it stands for none. */
  public static FileFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.matches(".*\\.(jsonl|ndjson)(\\.[a-z0-9]+)?")) {
      return JSONL;
    }
    if (lower.endsWith(".parquet")) {
      return PARQUET;
    }
    if (lower.endsWith(".orc")) {
      return ORC;
    }
    return lower.matches(".*\\.txt(\\.[a-z0-9]+)?") ? TEXT : CSV;
  }
}
