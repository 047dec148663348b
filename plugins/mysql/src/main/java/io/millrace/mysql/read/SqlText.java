package io.millrace.mysql.read;

/**
 * Looks at the user's SQL only as far as is needed to put it into a statement: it must not reach
 * out of the place it is put into. What it means is the server's business.
 */
final class SqlText {

  private SqlText() {}

  /**
   * What is wrong with a text that is to stand within parentheses; empty when it can stand there.
   * Strings, quoted names and comments are passed over as MySQL does by default.
   */
  static String problem(String sql) {
    int depth = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      switch (c) {
        case '(' -> depth++;
        case ')' -> {
          if (--depth < 0) {
            return "a closing parenthesis has no opening one";
          }
        }
        case ';' -> {
          return "it must be one statement, without ';'";
        }
        default -> {
          int after = pass(sql, i);
          if (after < 0) {
            return "a quote or comment is not closed";
          }
          i = after - 1;
        }
      }
    }
    return depth == 0 ? "" : "an opening parenthesis has no closing one";
  }

  /**
   * The index behind the string, quoted name, comment or single character that begins at {@code i};
   * -1 when it does not end.
   */
  private static int pass(String sql, int i) {
    char c = sql.charAt(i);
    if (c == '\'' || c == '"' || c == '`') {
      return passQuoted(sql, i, c);
    }
    if (c == '#' || isDashComment(sql, i)) {
      int end = sql.indexOf('\n', i);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("/*", i)) {
      int end = sql.indexOf("*/", i + 2);
      return end < 0 ? -1 : end + 2;
    }
    return i + 1;
  }

  private static boolean isDashComment(String sql, int i) {
    return sql.startsWith("--", i)
        && (i + 2 == sql.length() || Character.isWhitespace(sql.charAt(i + 2)));
  }

  private static int passQuoted(String sql, int start, char quote) {
    for (int i = start + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\\' && quote != '`') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The statement without the semicolons and white space at its end. */
  static String withoutEnd(String sql) {
    int end = sql.length();
    while (end > 0 && (sql.charAt(end - 1) == ';' || Character.isWhitespace(sql.charAt(end - 1)))) {
      end--;
    }
    return sql.substring(0, end).strip();
  }

  /** True for a statement that can stand where a table is expected. */
  static boolean isQuery(String sql) {
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (Character.isWhitespace(c) || c == '(') {
        i++;
      } else if (c == '#' || isDashComment(sql, i) || sql.startsWith("/*", i)) {
        int after = pass(sql, i);
        if (after < 0) {
          return false;
        }
        i = after;
      } else {
        return sql.regionMatches(true, i, "SELECT", 0, 6)
            || sql.regionMatches(true, i, "WITH", 0, 4);
      }
    }
    return false;
  }
}
