package io.millrace.mysql.read;

import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.read.SqlText.Kind;
import io.millrace.mysql.read.SqlText.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A task's {@code table} that is more than a name: DataX puts the text into a FROM clause, and so
 * people write partitions, an alias and index hints there.
 *
 * @param name the table's name, perhaps behind its database and a dot, as it is written
 * @param partition {@code PARTITION (…)} with a blank before it, or empty
 * @param alias the alias without quotes, or empty
 * @param hints index hints with a blank before each, or empty
 */
record TableText(String name, String partition, String alias, String hints) {

  private static final Set<String> HINTS = Set.of("USE", "FORCE", "IGNORE");

  /** A text that is a name and nothing else. */
  static TableText ofName(String name) {
    return new TableText(name, "", "", "");
  }

  /** Takes the text apart; empty where it is anything but the parts of one table. */
  static Optional<TableText> parse(String text) {
    return new Parser(SqlText.tokens(text, true)).parse();
  }

  /**
   * What stands in a FROM clause, without the index hints.
   *
   * @param table the table's quoted name
   */
  String from(String table) {
    return table + partition + (alias.isEmpty() ? "" : " AS " + Identifiers.BACKTICK.quote(alias));
  }

  /** Reads tokens from left to right. */
  private static final class Parser {
    private final List<Token> tokens;
    private int at;

    Parser(List<Token> tokens) {
      this.tokens = tokens;
    }

    Optional<TableText> parse() {
      if (!isName(0)) {
        return Optional.empty();
      }
      String name = tokens.get(at++).text();
      if (isMark('.') && isName(1)) {
        name += "." + tokens.get(at + 1).text();
        at += 2;
      }
      String partition = "";
      if (isWord("PARTITION") && at + 1 < tokens.size() && tokens.get(at + 1).is('(')) {
        at++;
        Optional<String> names = names();
        if (names.isEmpty() || names.get().equals("()")) {
          return Optional.empty();
        }
        partition = " PARTITION " + names.get();
      }
      String alias = alias();
      StringBuilder hints = new StringBuilder();
      while (at < tokens.size()) {
        Optional<String> hint = hint();
        if (hint.isEmpty()) {
          return Optional.empty();
        }
        hints.append(hint.get());
      }
      return Optional.of(new TableText(name, partition, alias, hints.toString()));
    }

    private String alias() {
      if (isWord("AS") && isName(1)) {
        at++;
      } else if (!isName(0) || isHint()) {
        return "";
      }
      return Identifiers.BACKTICK.unquote(tokens.get(at++).text());
    }

    private boolean isHint() {
      return at < tokens.size()
          && tokens.get(at).kind() == Kind.WORD
          && HINTS.contains(tokens.get(at).text().toUpperCase(Locale.ROOT));
    }

    private Optional<String> hint() {
      if (!isHint()) {
        return Optional.empty();
      }
      StringBuilder hint = new StringBuilder(" ").append(tokens.get(at++).text());
      if (!isWord("INDEX") && !isWord("KEY")) {
        return Optional.empty();
      }
      hint.append(' ').append(tokens.get(at++).text());
      if (isWord("FOR")) {
        at++;
        boolean join = isWord("JOIN");
        boolean by = isWord("ORDER") || isWord("GROUP");
        if (!join && !by) {
          return Optional.empty();
        }
        hint.append(" FOR ").append(tokens.get(at++).text());
        if (by) {
          if (!isWord("BY")) {
            return Optional.empty();
          }
          hint.append(" BY");
          at++;
        }
      }
      return names().map(names -> hint.append(' ').append(names).toString());
    }

    /** Names in parentheses; an index hint may have none. */
    private Optional<String> names() {
      if (!isMark('(')) {
        return Optional.empty();
      }
      at++;
      List<String> names = new ArrayList<>();
      for (boolean more = isName(0); more; ) {
        names.add(
            Identifiers.BACKTICK.quote(Identifiers.BACKTICK.unquote(tokens.get(at++).text())));
        more = isMark(',') && isName(1);
        at += more ? 1 : 0;
      }
      if (!isMark(')')) {
        return Optional.empty();
      }
      at++;
      // PRIMARY names an index in quotes as well.
      return Optional.of("(" + String.join(", ", names) + ")");
    }

    private boolean isName(int ahead) {
      return at + ahead < tokens.size()
          && (tokens.get(at + ahead).kind() == Kind.NAME
              || tokens.get(at + ahead).kind() == Kind.WORD);
    }

    private boolean isWord(String word) {
      return at < tokens.size()
          && tokens.get(at).kind() == Kind.WORD
          && tokens.get(at).text().equalsIgnoreCase(word);
    }

    private boolean isMark(char mark) {
      return at < tokens.size() && tokens.get(at).is(mark);
    }
  }
}
