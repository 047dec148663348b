package io.millrace.mysql.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks at the user's SQL only as far as is needed to put it into a statement: it must not reach
 * out of the place it is put into. What it means is the server's business.
 */
public final class SqlText {

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
    return pass(sql, i, true);
  }

  private static int pass(String sql, int i, boolean backslashes) {
    char c = sql.charAt(i);
    if (c == '\'' || c == '"' || c == '`') {
      return passQuoted(sql, i, c, backslashes && c != '`');
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

  private static int passQuoted(String sql, int start, char quote, boolean backslashes) {
    for (int i = start + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\\' && backslashes) {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return -1;
  }

  /** What a piece of SQL is. */
  enum Kind {
    /** A bare name, keyword or number. */
    WORD,
    /** A name in backticks. */
    NAME,
    /** A string, or a name where the server takes double quotes for that. */
    STRING,
    /** A comment whose content the server runs. */
    CODE,
    /** Any other single character. */
    MARK
  }

  /** A piece of SQL as it is written. White space and comments are none. */
  record Token(Kind kind, String text) {

    boolean is(char mark) {
      return kind == Kind.MARK && text.charAt(0) == mark;
    }
  }

  /**
   * Cuts SQL into pieces. What is not closed reaches to the end.
   *
   * @param backslashes false where the session's sql_mode holds NO_BACKSLASH_ESCAPES
   */
  static List<Token> tokens(String sql, boolean backslashes) {
    List<Token> tokens = new ArrayList<>();
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      int end = pass(sql, i, backslashes);
      end = end < 0 ? sql.length() : end;
      if (c == '\'' || c == '"' || c == '`') {
        // A doubled quote goes on.
        while (end < sql.length() && sql.charAt(end) == c) {
          int more = pass(sql, end, backslashes);
          end = more < 0 ? sql.length() : more;
        }
        tokens.add(new Token(c == '`' ? Kind.NAME : Kind.STRING, sql.substring(i, end)));
      } else if (isCode(sql, i)) {
        tokens.add(new Token(Kind.CODE, sql.substring(i, end)));
      } else if (isWordPart(c)) {
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
          end++;
        }
        tokens.add(new Token(Kind.WORD, sql.substring(i, end)));
      } else if (end == i + 1 && !Character.isWhitespace(c)) {
        tokens.add(new Token(Kind.MARK, String.valueOf(c)));
      }
      i = end;
    }
    return tokens;
  }

  private static boolean isWordPart(char c) {
    return c == '_' || c == '$' || c >= 0x80 || Character.isLetterOrDigit(c);
  }

  /** The parts of a text between commas that stand in no parentheses. */
  static List<String> listed(String sql) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(sql.substring(begin, i).strip());
        begin = i + 1;
      }
      int after = pass(sql, i);
      i = after < 0 ? sql.length() : after;
    }
    parts.add(sql.substring(begin).strip());
    return parts;
  }

  /** What a CREATE may make whose body has semicolons. */
  private static final Set<String> WITH_BODY =
      Set.of("PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE");

  /** What it makes else. */
  private static final Set<String> WITHOUT_BODY =
      Set.of(
          "TABLE",
          "TEMPORARY",
          "VIEW",
          "INDEX",
          "UNIQUE",
          "FULLTEXT",
          "SPATIAL",
          "DATABASE",
          "SCHEMA",
          "USER",
          "ROLE",
          "SEQUENCE",
          "SERVER",
          "TABLESPACE",
          "LOGFILE");

  /** What begins a compound statement of its own. */
  private static final Set<String> COMPOUND =
      Set.of("IF", "CASE", "FOR", "WHILE", "LOOP", "REPEAT", "DECLARE");

  /**
   * The statements of a text in which a semicolon stands between them, each without one. A
   * statement whose body has semicolons, such as CREATE TRIGGER, is not cut: it reaches to the end
   * of the text. A text whose cuts depend on what a backslash means to the server stays whole.
   */
  public static List<String> statements(String sql) {
    List<String> statements = statements(sql, true);
    boolean certain = sql.indexOf('\\') < 0 || statements.equals(statements(sql, false));
    return certain || statements.size() < 2 ? statements : List.of(withoutEnd(sql));
  }

  private static List<String> statements(String sql, boolean backslashes) {
    List<String> statements = new ArrayList<>();
    int begin = 0;
    int i = 0;
    while (i < sql.length()) {
      if (sql.charAt(i) != ';') {
        int after = pass(sql, i, backslashes);
        i = after < 0 ? sql.length() : after;
      } else if (hasBody(tokens(sql.substring(begin, i), backslashes))) {
        i = sql.length();
      } else {
        addStatement(sql.substring(begin, i), backslashes, statements);
        begin = ++i;
      }
    }
    addStatement(sql.substring(begin), backslashes, statements);
    return statements;
  }

  private static void addStatement(String text, boolean backslashes, List<String> into) {
    if (!tokens(text, backslashes).isEmpty()) {
      into.add(withoutEnd(text));
    }
  }

  private static boolean hasBody(List<Token> tokens) {
    List<String> words =
        tokens.stream()
            .filter(token -> token.kind() == Kind.WORD)
            .map(token -> token.text().toUpperCase(Locale.ROOT))
            .limit(20)
            .toList();
    if (words.isEmpty()) {
      return false;
    }
    String first = words.get(0);
    if (first.equals("CREATE") || first.equals("ALTER")) {
      return words.stream()
          .filter(word -> WITH_BODY.contains(word) || WITHOUT_BODY.contains(word))
          .findFirst()
          .filter(WITH_BODY::contains)
          .isPresent();
    }
    return COMPOUND.contains(first)
        || first.equals("BEGIN") && words.size() > 1 && words.get(1).equals("NOT");
  }

  /**
   * The SQL without a semicolon at its end and what may follow it: further ones, white space and
   * comments. A semicolon that code follows stays.
   */
  static String withoutEnd(String sql) {
    int end = sql.length();
    int i = 0;
    while (i < sql.length()) {
      int after = pass(sql, i);
      if (after < 0) {
        return sql.strip();
      }
      if (sql.charAt(i) == ';') {
        end = Math.min(end, i);
      } else if (!Character.isWhitespace(sql.charAt(i)) && !isComment(sql, i)) {
        end = sql.length();
      }
      i = after;
    }
    return sql.substring(0, end).strip();
  }

  /** True where a comment begins whose content the server does not run. */
  private static boolean isComment(String sql, int i) {
    return sql.charAt(i) == '#'
        || isDashComment(sql, i)
        || sql.startsWith("/*", i) && !isCode(sql, i);
  }

  private static boolean isCode(String sql, int i) {
    return sql.startsWith("/*!", i) || sql.startsWith("/*M!", i);
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
