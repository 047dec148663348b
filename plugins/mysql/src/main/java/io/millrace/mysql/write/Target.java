package io.millrace.mysql.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Nearest;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.MySqlColumn;
import io.millrace.mysql.type.MySqlTable;
import io.millrace.mysql.type.TableName;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table that is written to, as its server describes it.
 *
 * @param name its database and name as the server writes them
 * @param view true for a view
 * @param columns the columns that are written, in the order of the source's
 * @param engine its storage engine; empty for a view
 * @param doubt why what is written may not be taken back; empty where it can
 */
record Target(
    TableName name, boolean view, List<TargetColumn> columns, String engine, String doubt) {

  Target {
    columns = List.copyOf(columns);
  }

  /**
   * Looks the table and the wanted columns up.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} when one is not there or
   *     cannot be written, or the table keeps nothing
   */
  static Target find(MySqlConnection connection, TableName wanted, List<String> columnNames)
      throws SQLException {
    MySqlTable table =
        MySqlTable.find(connection.jdbc(), wanted)
            .orElseThrow(
                () ->
                    wrong(
                        "there is no table "
                            + wanted
                            + ", or the account may not see it; create it or correct 'table'"));
    List<TargetColumn> columns = new ArrayList<>();
    for (MySqlColumn column : chosen(table, columnNames)) {
      Field field =
          column
              .supported()
              .orElseThrow(
                  () ->
                      wrong(
                          "column '"
                              + column.name()
                              + "' of "
                              + table.name()
                              + " has the type "
                              + column.columnType()
                              + ", which cannot be written; leave it out of 'column'"));
      columns.add(new TargetColumn(column, field));
    }
    String engine = table.view() ? "" : Engines.of(connection, table.name());
    return new Target(
        table.name(),
        table.view(),
        columns,
        engine,
        Engines.doubt(connection, table.name(), engine));
  }

  /** True when what is written can be taken back. */
  boolean transactional() {
    return doubt.isEmpty();
  }

  /**
   * The same columns for the table that takes the records.
   *
   * @param written this table or its shadow
   */
  Target written(MySqlConnection connection, TableName written) throws SQLException {
    if (written.equals(name)) {
      return this;
    }
    String itsEngine = Engines.of(connection, written);
    return new Target(
        name, view, columns, itsEngine, Engines.doubt(connection, written, itsEngine));
  }

  private static List<MySqlColumn> chosen(MySqlTable table, List<String> names) {
    if (names.isEmpty() || (names.size() == 1 && names.get(0).strip().equals("*"))) {
      return table.visibleColumns().stream().filter(column -> !column.generated()).toList();
    }
    Set<MySqlColumn> chosen = new LinkedHashSet<>();
    for (String name : names) {
      String bare = Identifiers.BACKTICK.unquote(name.strip());
      MySqlColumn column =
          table
              .column(bare)
              .orElseThrow(
                  () ->
                      wrong(
                          "table "
                              + table.name()
                              + " has no column '"
                              + bare
                              + "'"
                              + Nearest.hint(
                                  bare, table.columns().stream().map(MySqlColumn::name).toList())));
      if (column.generated()) {
        throw wrong(
            "column '"
                + bare
                + "' of "
                + table.name()
                + " is computed by the server and cannot be written; leave it out of 'column'");
      }
      if (!chosen.add(column)) {
        throw wrong("column '" + bare + "' stands twice in 'column'");
      }
    }
    List<MySqlColumn> result = List.copyOf(chosen);
    String missing =
        table.columns().stream()
            .filter(column -> !column.hasDefault() && !chosen.contains(column))
            .map(MySqlColumn::name)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw wrong(
          "table "
              + table.name()
              + " wants a value for "
              + missing
              + ", which 'column' leaves out; add it, or give it a default");
    }
    return result;
  }

  /**
   * Compares engine and written columns with what they are now in the table that is written to,
   * before a transaction commits.
   *
   * @param written this table or its shadow
   * @throws MillraceException with {@link StandardError#WRITE_REFUSED} when one has changed
   */
  void requireUnchanged(MySqlConnection connection, TableName written) throws SQLException {
    requireColumns(connection, written);
    String now = Engines.of(connection, written);
    if (!now.equals(engine)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "table "
              + written
              + " had the engine "
              + engine
              + " when the task began and has "
              + (now.isEmpty() ? "none" : now)
              + " now; run the task again from scratch");
    }
  }

  /**
   * Compares the written columns with what they are now in the table that is written to. Values are
   * checked against the columns as they were planned; the server rounds fractions of a second in
   * silence where they have become fewer. Before this is called a row must have been written in the
   * running transaction, so that nobody changes the table until it ends.
   *
   * @param written this table or its shadow
   * @throws MillraceException with {@link StandardError#WRITE_REFUSED} when one has changed
   */
  void requireColumns(MySqlConnection connection, TableName written) throws SQLException {
    Set<MySqlColumn> present = Set.copyOf(MySqlTable.columns(connection.jdbc(), written));
    String changed =
        columns.stream()
            .filter(column -> !present.contains(column.column()))
            .map(TargetColumn::name)
            .collect(Collectors.joining(", "));
    if (!changed.isEmpty()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the columns of table "
              + written
              + " changed while the task ran: "
              + changed
              + "; run or resume the task again");
    }
  }

  /** The columns as a schema. */
  Schema schema() {
    return new Schema(columns.stream().map(TargetColumn::field).toList());
  }

  /**
   * The plans for a source's columns and the statements that write them.
   *
   * @throws MillraceException when counts or types do not go together
   */
  WriteSql writeSql(Schema source, WriteOptions options, ZoneId zone) {
    if (source.size() != columns.size()) {
      throw wrong(
          "the source has "
              + source.size()
              + " columns and table "
              + name
              + " takes "
              + columns.size()
              + " ("
              + columns.stream().map(TargetColumn::name).collect(Collectors.joining(", "))
              + "); columns go by their order, so make the numbers equal");
    }
    Set<Integer> leftOut = new LinkedHashSet<>();
    if (options.nullMode() == NullMode.SKIP_NULL) {
      leftOut.addAll(indexes(options.skipNullColumns(), "skipNullColumn"));
    }
    if (!options.generateNumbers()) {
      // Left out, it would be made up as well.
      leftOut.removeIf(i -> columns.get(i).column().autoIncrement());
    }
    ColumnPlans plans = new ColumnPlans(options.zeroDate(), options.generateNumbers(), zone);
    List<ColumnPlan> planned = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      planned.add(plans.plan(source.field(i), columns.get(i)));
    }
    return new WriteSql(
        name.quoted(),
        planned,
        options.writeMode(),
        indexes(options.updateColumns(), "updateColumn"),
        leftOut);
  }

  private Set<Integer> indexes(List<String> names, String option) {
    Set<Integer> indexes = new LinkedHashSet<>();
    for (int i = 0; i < columns.size() && names.isEmpty(); i++) {
      indexes.add(i);
    }
    for (String name : names) {
      String bare = Identifiers.BACKTICK.unquote(name.strip());
      int found = -1;
      for (int i = 0; i < columns.size(); i++) {
        found = columns.get(i).name().equalsIgnoreCase(bare) ? i : found;
      }
      if (found < 0) {
        throw wrong(
            "'"
                + option
                + "' names '"
                + bare
                + "', which is not among the written columns"
                + Nearest.hint(bare, columns.stream().map(TargetColumn::name).toList()));
      }
      indexes.add(found);
    }
    return indexes;
  }

  static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
