package io.millrace.files.option;

import java.util.Locale;

/** The formats a task can name. */
public enum FileFormat {
  /** Values with quotes around where needed; a quote is doubled. */
  CSV,
  /** Values as they are, nothing is escaped. */
  TEXT,
  /** A JSON object on each line. */
  JSONL;

  /** The format that a name's ending stands for; csv when it stands for none. */
  public static FileFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.matches(".*\\.(jsonl|ndjson)(\\.[a-z0-9]+)?")) {
      return JSONL;
    }
    return lower.matches(".*\\.txt(\\.[a-z0-9]+)?") ? TEXT : CSV;
  }
}
