package io.millrace.mysql.write;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.mysql.type.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Puts another table in the place of the target in the user's own statements. A statement is cut
 * into words, names, texts and comments as the server does it; only names are looked at. What
 * cannot be understood for certain is refused, because a guess might change the target itself.
 */
final class UserSql {

  /** How DataX users write the target's name. */
  private static final String PLACEHOLDER = "@table";

  private final TableName target;
  private final String defaultDatabase;
  private final boolean ansiQuotes;
  private final boolean backslashes;
  private final boolean ignoreCase;

  /**
   * @param target the table whose name is replaced
   * @param defaultDatabase the database that a bare name means
   * @param sqlMode the session's sql_mode, which says what quotes mean
   * @param ignoreCase true where the server's table names have no case
   */
  UserSql(TableName target, String defaultDatabase, String sqlMode, boolean ignoreCase) {
    this.target = target;
    this.defaultDatabase = defaultDatabase;
    String mode = sqlMode.toUpperCase(Locale.ROOT);
    this.ansiQuotes = mode.contains("ANSI_QUOTES");
    this.backslashes = !mode.contains("NO_BACKSLASH_ESCAPES");
    this.ignoreCase = ignoreCase;
  }

  private enum Kind {
    NAME,
    QUOTED_NAME,
    DOT,
    PLACEHOLDER,
    TEXT,
    COMMENT,
    CODE_IN_COMMENT,
    SPACE,
    OTHER
  }

  private record Token(Kind kind, String text, String name) {}

  /** The statement with {@code @table} replaced by the target's own name. */
  String named(String sql) {
    StringBuilder result = new StringBuilder();
    for (Token token : tokens(sql)) {
      result.append(token.kind == Kind.PLACEHOLDER ? target.quoted() : token.text);
    }
    return result.toString();
  }

  /**
   * The statement with {@code @table} and every name of the target replaced.
   *
   * @param other the quoted table that takes the target's place
   * @throws MillraceException with {@link StandardError#CONFIGURATION} when the statement cannot be
   *     understood for certain
   */
  String redirected(String sql, String other) {
    List<Token> tokens = tokens(sql);
    String verb =
        tokens.stream()
            .filter(token -> token.kind == Kind.NAME)
            .findFirst()
            .map(token -> token.text.toUpperCase(Locale.ROOT))
            .orElse("");
    if (List.of("USE", "PREPARE", "EXECUTE", "CALL", "DO", "BEGIN").contains(verb)) {
      throw refused(sql, "what " + verb + " does to the table cannot be told from its text");
    }
    StringBuilder result = new StringBuilder();
    int i = 0;
    while (i < tokens.size()) {
      Token token = tokens.get(i);
      if (token.kind == Kind.CODE_IN_COMMENT && mentions(token.text)) {
        throw refused(sql, "it names the table within a comment that the server executes");
      }
      int dot = nextCode(tokens, i);
      int second = dot < 0 ? -1 : nextCode(tokens, dot);
      boolean qualified =
          isName(token) && dot >= 0 && tokens.get(dot).kind == Kind.DOT && second >= 0;
      if (qualified
          && !afterDot(tokens, i)
          && same(token.name, target.database())
          && isName(tokens.get(second))
          && same(tokens.get(second).name, target.name())) {
        result.append(other);
        i = second + 1;
      } else if (token.kind == Kind.PLACEHOLDER
          || (isName(token)
              && !afterDot(tokens, i)
              && same(token.name, target.name())
              && same(defaultDatabase, target.database()))) {
        result.append(other);
        i++;
      } else {
        result.append(token.text);
        i++;
      }
    }
    return result.toString();
  }

  /**
   * A name in a statement, or a word of the language.
   *
   * @param database what stands before its dot; empty for a bare name
   * @param wordBefore the bare word that stands before it; empty for none
   */
  record Named(String database, String name, String wordBefore) {}

  /** Every name and word of a statement, in order; those in comments that are executed as well. */
  List<Named> names(String sql) {
    List<Named> names = new ArrayList<>();
    List<Token> tokens = tokens(sql);
    String before = "";
    int i = 0;
    while (i < tokens.size()) {
      Token token = tokens.get(i);
      int next = i + 1;
      if (isName(token)) {
        int dot = nextCode(tokens, i);
        int second = dot < 0 ? -1 : nextCode(tokens, dot);
        boolean qualified =
            second >= 0 && tokens.get(dot).kind == Kind.DOT && isName(tokens.get(second));
        names.add(
            qualified
                ? new Named(token.name, tokens.get(second).name, before)
                : new Named("", token.name, before));
        next = qualified ? second + 1 : next;
        before = qualified || token.kind == Kind.QUOTED_NAME ? "" : token.name;
      } else if (token.kind == Kind.CODE_IN_COMMENT) {
        names.addAll(names(token.text.substring(3, token.text.length() - 2)));
        before = "";
      } else if (token.kind != Kind.SPACE && token.kind != Kind.COMMENT) {
        before = "";
      }
      i = next;
    }
    return names;
  }

  private boolean mentions(String text) {
    return text.toLowerCase(Locale.ROOT).contains(target.name().toLowerCase(Locale.ROOT));
  }

  private static boolean isName(Token token) {
    return token.kind == Kind.NAME || token.kind == Kind.QUOTED_NAME;
  }

  private static boolean afterDot(List<Token> tokens, int index) {
    for (int i = index - 1; i >= 0; i--) {
      Kind kind = tokens.get(i).kind;
      if (kind != Kind.SPACE && kind != Kind.COMMENT) {
        return kind == Kind.DOT;
      }
    }
    return false;
  }

  private static int nextCode(List<Token> tokens, int index) {
    for (int i = index + 1; i < tokens.size(); i++) {
      Kind kind = tokens.get(i).kind;
      if (kind != Kind.SPACE && kind != Kind.COMMENT) {
        return i;
      }
    }
    return -1;
  }

  private boolean same(String a, String b) {
    return ignoreCase ? a.equalsIgnoreCase(b) : a.equals(b);
  }

  private List<Token> tokens(String sql) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      Token token = token(sql, at);
      tokens.add(token);
      at += token.text.length();
    }
    return tokens;
  }

  private Token token(String sql, int at) {
    char c = sql.charAt(at);
    Optional<Token> comment = comment(sql, at);
    if (comment.isPresent()) {
      return comment.get();
    }
    if (Character.isWhitespace(c)) {
      return new Token(Kind.SPACE, String.valueOf(c), "");
    }
    if (c == '`' || (c == '"' && ansiQuotes)) {
      String text = quoted(sql, at, c, false);
      String inner = text.substring(1, text.length() - 1);
      return new Token(
          Kind.QUOTED_NAME, text, inner.replace(String.valueOf(c) + c, String.valueOf(c)));
    }
    if (c == '\'' || c == '"') {
      return new Token(Kind.TEXT, quoted(sql, at, c, backslashes), "");
    }
    if (c == '.') {
      return new Token(Kind.DOT, ".", "");
    }
    if (c == '@') {
      String word = "@" + word(sql, at + 1);
      return new Token(word.equals(PLACEHOLDER) ? Kind.PLACEHOLDER : Kind.OTHER, word, "");
    }
    String word = word(sql, at);
    if (!word.isEmpty()) {
      return new Token(Kind.NAME, word, word);
    }
    return new Token(Kind.OTHER, String.valueOf(c), "");
  }

  private static String word(String sql, int from) {
    int at = from;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    return sql.substring(from, at);
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= 0x80;
  }

  private static Optional<Token> comment(String sql, int at) {
    if (sql.startsWith("/*", at)) {
      int end = sql.indexOf("*/", at + 2);
      if (end < 0) {
        throw refused(sql, "a comment has no end");
      }
      boolean code = sql.startsWith("/*!", at) || sql.startsWith("/*M!", at);
      return Optional.of(
          new Token(code ? Kind.CODE_IN_COMMENT : Kind.COMMENT, sql.substring(at, end + 2), ""));
    }
    boolean dashes =
        sql.startsWith("--", at)
            && (at + 2 == sql.length() || Character.isWhitespace(sql.charAt(at + 2)));
    if (dashes || sql.charAt(at) == '#') {
      int end = sql.indexOf('\n', at);
      return Optional.of(
          new Token(Kind.COMMENT, sql.substring(at, end < 0 ? sql.length() : end + 1), ""));
    }
    return Optional.empty();
  }

  private static String quoted(String sql, int at, char quote, boolean backslashEscapes) {
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '\\' && backslashEscapes) {
        i += 2;
      } else if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i += 2;
        } else {
          return sql.substring(at, i + 1);
        }
      } else {
        i++;
      }
    }
    throw refused(sql, "a quote has no end");
  }

  private static MillraceException refused(String sql, String why) {
    return new MillraceException(
        StandardError.CONFIGURATION,
        "this statement of preSql cannot run against the shadow table: "
            + why
            + "; write @table where the table is meant, or use publish: direct. Statement: "
            + Sensitive.mark(sql));
  }
}
