package io.millrace.mysql.read;

import io.millrace.jdbc.Identifiers;
import java.util.List;

/** Takes qualified names apart. */
final class SqlNames {

  private SqlNames() {}

  /**
   * The parts of {@code database.table}, without their backticks; one part when there is no dot
   * outside of backticks, or more than one.
   */
  static List<String> parts(String name) {
    int dot = -1;
    boolean quoted = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        if (dot >= 0) {
          return List.of(Identifiers.BACKTICK.unquote(name));
        }
        dot = i;
      }
    }
    if (dot <= 0 || dot == name.length() - 1) {
      return List.of(Identifiers.BACKTICK.unquote(name));
    }
    return List.of(
        Identifiers.BACKTICK.unquote(name.substring(0, dot)),
        Identifiers.BACKTICK.unquote(name.substring(dot + 1)));
  }
}
