package io.millrace.mysql.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.TableName;

/** Understands a table's name as a user writes it. */
final class TableReference {

  private TableReference() {}

  /**
   * The table's name, with the database that the URL names where the name holds none.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} when no database is named
   */
  static TableName parse(String text, String database) {
    int dot = dot(text);
    String inDatabase =
        dot < 0 ? database : Identifiers.BACKTICK.unquote(text.substring(0, dot).strip());
    String name = Identifiers.BACKTICK.unquote(text.substring(dot + 1).strip());
    if (inDatabase.isEmpty() || name.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "table '"
              + text
              + "': name its database in the URL, or before the table's name and a dot");
    }
    return new TableName(inDatabase, name);
  }

  /** The first dot outside backticks, or -1. */
  private static int dot(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        return i;
      }
    }
    return -1;
  }
}
