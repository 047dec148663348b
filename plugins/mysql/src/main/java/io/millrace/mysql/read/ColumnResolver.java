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

/**
 * Tells names from expressions in a task's {@code column}: a text that is the name of one of the
 * table's columns is that column, however odd it looks; anything else is an expression.
 */
final class ColumnResolver {

  private ColumnResolver() {}

  /**
   * What a task selects.
   *
   * @param items the columns, in the user's order
   * @param distinct true when only different rows are wanted
   */
  record Selection(List<SelectItem> items, boolean distinct) {}

  /**
   * The items of one table, in the user's order.
   *
   * @param star the order of what {@code *} stands for
   * @throws MillraceException when a column cannot be carried, or the server does not understand an
   *     expression
   */
  static Selection resolve(
      MySqlConnection connection, MySqlTable table, List<String> columns, List<MySqlColumn> star) {
    List<SelectItem> items = new ArrayList<>();
    boolean distinct = false;
    for (String text : columns) {
      String column = text.strip();
      if (items.isEmpty() && isDistinct(column)) {
        // DataX puts the columns into the statement as they are, and so people write it there.
        distinct = true;
        column = column.substring("DISTINCT".length()).strip();
      }
      String wanted = column;
      Optional<MySqlColumn> named =
          table.column(wanted).or(() -> table.column(Identifiers.BACKTICK.unquote(wanted)));
      if (named.isPresent()) {
        items.add(SelectItem.of(named.get()));
      } else if (column.equals("*")) {
        star.forEach(each -> items.add(SelectItem.of(each)));
      } else {
        items.add(expression(connection, table, column));
      }
    }
    return new Selection(items, distinct);
  }

  private static boolean isDistinct(String column) {
    List<SqlText.Token> tokens = SqlText.tokens(column, true);
    return tokens.size() > 1
        && tokens.get(0).kind() == SqlText.Kind.WORD
        && tokens.get(0).text().equalsIgnoreCase("DISTINCT")
        && column.regionMatches(true, 0, "DISTINCT", 0, "DISTINCT".length());
  }

  private static SelectItem expression(
      MySqlConnection connection, MySqlTable table, String expression) {
    String problem = SqlText.problem(expression);
    if (!problem.isEmpty()) {
      throw refused(table, expression, problem, null);
    }
    List<com.mysql.cj.result.Field> columns;
    try {
      columns =
          Probe.columns(
              connection,
              "SELECT " + SelectItem.enclosed(expression) + " FROM " + table.name().quoted());
    } catch (SQLException e) {
      if (MySqlErrors.isPassing(e)) {
        throw MySqlErrors.translate(e, MySqlErrors.Doing.READING, "table " + table.name());
      }
      throw refused(table, expression, MySqlErrors.describe(e), e);
    }
    if (columns.size() != 1) {
      throw refused(
          table,
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

  private static MillraceException refused(
      MySqlTable table, String expression, String reason, SQLException cause) {
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
