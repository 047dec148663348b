package io.millrace.mysql.write;

import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table that is written to, as its server describes it.
 *
 * @param name its database and name as the server writes them
 * @param view true for a view
 * @param columns the columns that are written: those that the task lists, in its order, or all that
 *     can be
 * @param rest the other columns where the task says {@code *}; null where it lists the columns
 * @param engine its storage engine; empty for a view
 * @param doubt why what is written may not be taken back; empty where it can
 */
record Target(
    TableName name,
    boolean view,
    List<TargetColumn> columns,
    @Nullable Rest rest,
    String engine,
    String doubt) {

  Target {
    columns = List.copyOf(columns);
  }

  /**
   * The columns that {@code *} does not stand for.
   *
   * @param generated those that the server computes
   * @param invisible those that have to be named
   */
  record Rest(List<MySqlColumn> generated, List<MySqlColumn> invisible) {
    Rest {
      generated = List.copyOf(generated);
      invisible = List.copyOf(invisible);
    }
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
                            + Sensitive.name(wanted.toString())
                            + ", or the account may not see it; create it before the task runs"
                            + " (preSql comes after this check) or correct 'table'"));
    Rest rest = null;
    if (isAll(columnNames)) {
      requireAllSeen(connection, table);
      rest =
          new Rest(
              table.columns().stream().filter(MySqlColumn::generated).toList(),
              table.columns().stream()
                  .filter(column -> column.invisible() && !column.generated())
                  .toList());
    }
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
        rest,
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
        name, view, columns, rest, itsEngine, Engines.doubt(connection, written, itsEngine));
  }

  private static boolean isAll(List<String> names) {
    return names.isEmpty() || (names.size() == 1 && names.get(0).strip().equals("*"));
  }

  /**
   * Refuses {@code *} where the account sees a part of the columns only: a server describes just
   * the columns on which an account has a privilege, and one that is not known keeps its default.
   */
  private static void requireAllSeen(MySqlConnection connection, MySqlTable table)
      throws SQLException {
    SQLException refusal;
    try {
      connection.execute("SELECT * FROM " + table.name().quoted() + " LIMIT 0");
      return;
    } catch (SQLException e) {
      if (!ServerErrors.isDenied(e)) {
        throw e;
      }
      refusal = e;
    }
    // Who may insert everything need not be allowed to read.
    String nulls = String.join(",", Collections.nCopies(table.visibleColumns().size(), "NULL"));
    try {
      connection.execute(
          "EXPLAIN INSERT INTO "
              + table.name().quoted()
              + " SELECT "
              + nulls
              + " FROM DUAL WHERE FALSE");
    } catch (SQLException e) {
      if (ServerErrors.isDenied(e) || e.getErrorCode() == ServerErrors.OTHER_NUMBER_OF_COLUMNS) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "column '*' cannot be used, because the account does not see every column of table "
                + table.name()
                + " ("
                + Sensitive.message(refusal)
                + "); list the columns, or grant the account INSERT on the whole table",
            refusal);
      }
      // Another refusal, such as that of a generated column, comes after the privileges.
    }
  }

  private static List<MySqlColumn> chosen(MySqlTable table, List<String> names) {
    if (isAll(names)) {
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
   * @param connection is asked while values are checked; used by the same thread
   * @throws MillraceException when counts or types do not go together
   */
  WriteSql writeSql(
      MySqlConnection connection, Schema source, WriteOptions options, TaskContext task) {
    ColumnMatch match = ColumnMatch.of(this, source, task.rules());
    List<TargetColumn> written = match.pairs().stream().map(ColumnMatch.Pair::target).toList();
    Set<Integer> leftOut = new LinkedHashSet<>();
    if (options.nullMode() == NullMode.SKIP_NULL) {
      leftOut.addAll(indexes(written, options.skipNullColumns(), "skipNullColumn"));
    }
    if (!options.generateNumbers()) {
      // Left out, it would be made up as well.
      leftOut.removeIf(i -> written.get(i).column().autoIncrement());
    }
    ColumnPlans plans =
        new ColumnPlans(
            options.zeroDate(),
            options.generateNumbers(),
            task.rules().narrowing() == Narrowing.ROUND,
            task.zone(),
            task.rules().isForeign(),
            column -> Members.of(column, connection));
    List<ColumnPlan> planned = new ArrayList<>();
    for (ColumnMatch.Pair pair : match.pairs()) {
      planned.add(plans.plan(source.field(pair.source()), pair.source(), pair.target()));
    }
    return new WriteSql(
        name.quoted(),
        planned,
        options.writeMode(),
        indexes(written, options.updateColumns(), "updateColumn"),
        leftOut);
  }

  private static Set<Integer> indexes(
      List<TargetColumn> columns, List<String> names, String option) {
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
