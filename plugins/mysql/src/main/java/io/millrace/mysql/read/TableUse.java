package io.millrace.mysql.read;

import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.read.SqlText.Kind;
import io.millrace.mysql.read.SqlText.Token;
import io.millrace.mysql.type.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out which tables a statement reads. The server is asked: it explains the statement and
 * writes it out with views resolved and every table under its full name.
 */
final class TableUse {

  private TableUse() {}

  /**
   * The tables that a SELECT reads, views resolved. The statement is not run.
   *
   * @return empty when the server does not tell, as of a view that the account may not look into
   * @throws SQLException when the server cannot be asked
   */
  static Optional<Set<TableName>> of(MySqlConnection connection, String select)
      throws SQLException {
    // MariaDB writes the statement out only when asked for more than usual; MySQL does so always.
    String explain =
        connection.server().version().mariaDb()
            ? "EXPLAIN EXTENDED "
            : "EXPLAIN FORMAT=TRADITIONAL ";
    try (Statement statement = connection.statement()) {
      statement.execute(explain + select);
      try (ResultSet row = statement.executeQuery("SHOW WARNINGS")) {
        Set<TableName> tables = new HashSet<>();
        boolean told = false;
        while (row.next()) {
          String line = row.getString(3);
          if (row.getInt(2) == WRITTEN_OUT && line != null) {
            told = true;
            tables.addAll(names(line));
          }
        }
        return told ? Optional.of(tables) : Optional.empty();
      }
    } catch (SQLException e) {
      if (MySqlErrors.isPassing(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The number of the note that holds the statement. */
  private static final int WRITTEN_OUT = 1003;

  /** Every {@code `database`.`table`}; names of columns have three parts. */
  private static Set<TableName> names(String written) {
    List<Token> tokens = SqlText.tokens(written, true);
    Set<TableName> names = new HashSet<>();
    for (int i = 0; i + 2 < tokens.size(); i++) {
      boolean pair =
          tokens.get(i + 1).is('.')
              && isName(tokens.get(i))
              && isName(tokens.get(i + 2))
              && (i == 0 || !tokens.get(i - 1).is('.'))
              && (i + 3 == tokens.size() || !tokens.get(i + 3).is('.'));
      if (pair) {
        names.add(new TableName(bare(tokens.get(i)), bare(tokens.get(i + 2))));
      }
    }
    return names;
  }

  /**
   * The tables that stand behind FROM or JOIN in the user's own SQL. The server leaves some out of
   * what it explains, such as those of a subquery that it answers by an index.
   *
   * @param database what a bare name belongs to
   */
  static Set<TableName> named(String select, String database) {
    List<Token> tokens = SqlText.tokens(select, true);
    Set<String> queries = queries(tokens);
    Set<TableName> names = new HashSet<>();
    // Whether the parentheses around a word hold a query: EXTRACT(YEAR FROM a) names no table.
    Deque<Boolean> query = new ArrayDeque<>(List.of(true));
    for (int i = 0; i + 1 < tokens.size(); i++) {
      Token token = tokens.get(i);
      Token next = tokens.get(i + 1);
      if (token.is('(')) {
        query.push(isWord(next, "SELECT") || isWord(next, "WITH") || next.is('('));
      } else if (token.is(')') && query.size() > 1) {
        query.pop();
      } else if ((isWord(token, "FROM") && query.element() || isWord(token, "JOIN"))
          && isName(next)) {
        boolean qualified = i + 3 < tokens.size() && tokens.get(i + 2).is('.');
        if (qualified) {
          names.add(new TableName(bare(next), bare(tokens.get(i + 3))));
        } else if (!queries.contains(bare(next).toLowerCase(Locale.ROOT))) {
          names.add(new TableName(database, bare(next)));
        }
      }
    }
    return names;
  }

  /**
   * What WITH calls queries, in lower case. A bare name among them is a query, also where a table
   * is called so; where a query of this name reads that table, the server tells.
   */
  private static Set<String> queries(List<Token> tokens) {
    Set<String> queries = new HashSet<>();
    boolean with = false;
    for (int i = 1; i < tokens.size(); i++) {
      Token before = tokens.get(i - 1);
      with |= isWord(before, "WITH");
      boolean begins = isWord(before, "WITH") || isWord(before, "RECURSIVE") || before.is(',');
      if (with && begins && isName(tokens.get(i)) && isQuery(tokens, i + 1)) {
        queries.add(bare(tokens.get(i)).toLowerCase(Locale.ROOT));
      }
    }
    return queries;
  }

  /** True for {@code AS (}, also behind a list of columns. */
  private static boolean isQuery(List<Token> tokens, int from) {
    int at = from;
    if (at < tokens.size() && tokens.get(at).is('(')) {
      while (at < tokens.size() && !tokens.get(at).is(')')) {
        at++;
      }
      at++;
    }
    return at + 1 < tokens.size() && isWord(tokens.get(at), "AS") && tokens.get(at + 1).is('(');
  }

  private static boolean isWord(Token token, String word) {
    return token.kind() == Kind.WORD && token.text().equalsIgnoreCase(word);
  }

  /** True when the user's own SQL names a table, whatever the server makes of it. */
  static boolean mentions(String sql, TableName table) {
    return SqlText.tokens(sql, true).stream()
        .anyMatch(token -> isName(token) && bare(token).equalsIgnoreCase(table.name()));
  }

  private static boolean isName(Token token) {
    return token.kind() == Kind.NAME || token.kind() == Kind.WORD || isDoubleQuoted(token);
  }

  /** With ANSI_QUOTES the server writes names so. */
  private static boolean isDoubleQuoted(Token token) {
    return token.kind() == Kind.STRING && token.text().startsWith("\"");
  }

  private static String bare(Token token) {
    if (token.kind() == Kind.WORD || token.text().length() < 2) {
      return token.text();
    }
    String quote = token.text().substring(0, 1);
    return token.text().substring(1, token.text().length() - 1).replace(quote + quote, quote);
  }
}
