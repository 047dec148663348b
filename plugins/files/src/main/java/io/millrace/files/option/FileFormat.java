package io.millrace.files.option;

import java.util.Locale;

/** The formats a task can name. */
public enum FileFormat {
  /** Values with quotes around where needed; a quote is doubled. */
  CSV,
  /** Values as they are, nothing is escaped. */
  TEXT;

  /** The format that a name's ending stands for; csv when it stands for none. */
  public static FileFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.matches(".*\\.txt(\\.[a-z0-9]+)?") ? TEXT : CSV;
  }
}
