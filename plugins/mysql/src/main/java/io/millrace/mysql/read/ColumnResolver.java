package io.millrace.mysql.read;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.type.MySqlColumn;
import io.millrace.mysql.type.MySqlTable;
import io.millrace.mysql.type.MySqlTypes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tells names from expressions in a task's {@code column}: a text that is the name of one of the
 * table's columns is that column, however odd it looks; anything else is an expression.
 */
final class ColumnResolver {

  private static final int SYNTAX = 1064;

  private final MySqlConnection connection;
  private final MySqlTable table;
  private final String from;
  private final Predicate<String> qualifiers;
  private final Supplier<List<MySqlColumn>> star;
  private final List<SelectItem> items = new ArrayList<>();
  private boolean distinct;

  /**
   * For one table; used once.
   *
   * @param from what stands for the table in a FROM clause
   * @param qualifiers true for a name that may stand before the dot of a column
   * @param star gives what {@code *} stands for, in its order; asked where it is there
   */
  ColumnResolver(
      MySqlConnection connection,
      MySqlTable table,
      String from,
      Predicate<String> qualifiers,
      Supplier<List<MySqlColumn>> star) {
    this.connection = connection;
    this.table = table;
    this.from = from;
    this.qualifiers = qualifiers;
    this.star = star;
  }

  /**
   * What a task selects.
   *
   * @param items the columns, in the user's order
   * @param distinct true when only different rows are wanted
   */
  record Selection(List<SelectItem> items, boolean distinct) {}

  /**
   * The items of the table, in the user's order.
   *
   * @throws MillraceException when a column cannot be carried, or the server does not understand an
   *     expression
   */
  Selection resolve(List<String> columns) {
    for (String text : columns) {
      String column = text.strip();
      if (items.isEmpty() && isDistinct(column)) {
        // DataX puts the columns into the statement as they are, and so people write it there.
        distinct = true;
        column = column.substring("DISTINCT".length()).strip();
      }
      if (named(column).isPresent()) {
        add(column);
      } else {
        // So they write several columns into one text as well.
        SqlText.listed(column).forEach(this::add);
      }
    }
    return new Selection(items, distinct);
  }

  private void add(String column) {
    Optional<MySqlColumn> named = named(column);
    List<SqlText.Token> tokens = SqlText.tokens(column, true);
    if (named.isPresent()) {
      items.add(SelectItem.of(named.get()));
    } else if (column.equals("*") || isQualified(tokens) && tokens.get(2).is('*')) {
      star.get().forEach(each -> items.add(SelectItem.of(each)));
    } else {
      items.add(aliased(column, tokens));
    }
  }

  /** The column of this name, or of this name behind the table's. */
  private Optional<MySqlColumn> named(String text) {
    return table
        .column(text)
        .or(() -> table.column(Identifiers.BACKTICK.unquote(text)))
        .or(
            () -> {
              List<SqlText.Token> tokens = SqlText.tokens(text, true);
              return isQualified(tokens)
                  ? table.column(Identifiers.BACKTICK.unquote(tokens.get(2).text()))
                  : Optional.empty();
            });
  }

  private boolean isQualified(List<SqlText.Token> tokens) {
    return tokens.size() == 3
        && tokens.get(1).is('.')
        && isName(tokens.get(0))
        && qualifiers.test(Identifiers.BACKTICK.unquote(tokens.get(0).text()));
  }

  private static boolean isName(SqlText.Token token) {
    return token.kind() == SqlText.Kind.WORD || token.kind() == SqlText.Kind.NAME;
  }

  /** An expression, or a column or expression with a name for its values. */
  private SelectItem aliased(String text, List<SqlText.Token> tokens) {
    String alias = tokens.isEmpty() ? "" : tokens.get(tokens.size() - 1).text();
    if (tokens.size() < 2 || !text.endsWith(alias) || !isAlias(tokens.get(tokens.size() - 1))) {
      return expression(text);
    }
    String before = text.substring(0, text.length() - alias.length()).strip();
    SqlText.Token last = tokens.get(tokens.size() - 2);
    boolean as =
        last.kind() == SqlText.Kind.WORD && last.text().equalsIgnoreCase("AS") && tokens.size() > 2;
    String value = as ? before.substring(0, before.length() - "AS".length()).strip() : before;
    boolean name = isName(tokens.get(tokens.size() - 1));
    if (!as && (!name || named(value).isEmpty())) {
      return withoutAs(text, value, alias);
    }
    return value(value).named(bare(alias));
  }

  /** Where the whole is no expression, its last word may be a name that stands without AS. */
  private SelectItem withoutAs(String text, String value, String alias) {
    try {
      return expression(text);
    } catch (MillraceException e) {
      if (!(e.getCause() instanceof SQLException cause) || cause.getErrorCode() != SYNTAX) {
        throw e;
      }
      SelectItem item;
      try {
        item = value(value);
      } catch (MillraceException other) {
        throw e;
      }
      return item.named(bare(alias));
    }
  }

  private static boolean isAlias(SqlText.Token token) {
    return token.kind() == SqlText.Kind.STRING
        || isName(token) && !token.text().equalsIgnoreCase("AS");
  }

  private static String bare(String alias) {
    char quote = alias.charAt(0);
    return quote == '\'' || quote == '"'
        ? alias.substring(1, Math.max(1, alias.length() - 1))
        : Identifiers.BACKTICK.unquote(alias);
  }

  private SelectItem value(String text) {
    return named(text).map(SelectItem::of).orElseGet(() -> expression(text));
  }

  private static boolean isDistinct(String column) {
    List<SqlText.Token> tokens = SqlText.tokens(column, true);
    return tokens.size() > 1
        && tokens.get(0).kind() == SqlText.Kind.WORD
        && tokens.get(0).text().equalsIgnoreCase("DISTINCT")
        && column.regionMatches(true, 0, "DISTINCT", 0, "DISTINCT".length());
  }

  private SelectItem expression(String expression) {
    String problem = SqlText.problem(expression);
    if (!problem.isEmpty()) {
      throw refused(expression, problem, null);
    }
    List<com.mysql.cj.result.Field> columns;
    try {
      columns =
          Probe.columns(connection, "SELECT " + SelectItem.enclosed(expression) + " FROM " + from);
    } catch (SQLException e) {
      if (MySqlErrors.isPassing(e)) {
        throw MySqlErrors.translate(e, MySqlErrors.Doing.READING, "table " + table.name());
      }
      throw refused(expression, MySqlErrors.describe(e), e);
    }
    if (columns.size() != 1) {
      throw refused(
          expression,
          "it gives " + columns.size() + " columns; write each as an entry of its own",
          null);
    }
    Field field =
        MySqlTypes.field(columns.get(0))
            .orElseThrow(
                () ->
                    MySqlTypes.unsupported(
                        Sensitive.mark(expression),
                        columns.get(0).getMysqlType().getName().toLowerCase()));
    return SelectItem.of(expression, field);
  }

  private MillraceException refused(String expression, String reason, SQLException cause) {
    return new MillraceException(
        StandardError.READ_REFUSED,
        "column '"
            + Sensitive.mark(expression)
            + "' is no column of "
            + table.name()
            + " and cannot be used as an expression: "
            + reason
            + "; its columns are "
            + String.join(", ", table.columns().stream().map(MySqlColumn::name).limit(50).toList()),
        cause);
  }
}
