package io.millrace.mysql.type;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A table or view as its server describes it.
 *
 * @param name its database and name as the server writes them
 * @param view true for a view
 * @param columns all columns in order, invisible ones included
 */
public record MySqlTable(TableName name, boolean view, List<MySqlColumn> columns) {

  public MySqlTable {
    columns = List.copyOf(columns);
  }

  private static final String COLUMNS =
      "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH,"
          + " CHARACTER_OCTET_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION,"
          + " CHARACTER_SET_NAME, COLLATION_NAME, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION,"
          + " TABLE_SCHEMA, TABLE_NAME"
          + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
          + " ORDER BY ORDINAL_POSITION";

  /**
   * Reads a table's description.
   *
   * @return empty when there is no such table, or none that the account may see
   */
  public static Optional<MySqlTable> find(Connection connection, TableName name)
      throws SQLException {
    Map<TableName, List<MySqlColumn>> found = columnsByTable(connection, name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TableName exact = exact(found, name);
    return Optional.of(
        new MySqlTable(exact, isView(connection, exact), Objects.requireNonNull(found.get(exact))));
  }

  /**
   * Reads a table's columns by one query.
   *
   * @return empty when there is no such table, or none that the account may see
   */
  public static List<MySqlColumn> columns(Connection connection, TableName name)
      throws SQLException {
    Map<TableName, List<MySqlColumn>> found = columnsByTable(connection, name);
    return found.isEmpty() ? List.of() : Objects.requireNonNull(found.get(exact(found, name)));
  }

  private static TableName exact(Map<TableName, ?> found, TableName name) {
    return found.containsKey(name) ? name : found.keySet().iterator().next();
  }

  private static Map<TableName, List<MySqlColumn>> columnsByTable(
      Connection connection, TableName name) throws SQLException {
    // Where the server compares names without their case, it may answer for two tables.
    Map<TableName, List<MySqlColumn>> found = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, name.database());
      statement.setString(2, name.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          TableName exact = new TableName(row.getString(15), row.getString(16));
          found.computeIfAbsent(exact, key -> new ArrayList<>()).add(column(row));
        }
      }
    }
    return found;
  }

  private static boolean isView(Connection connection, TableName name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT TABLE_TYPE FROM information_schema.TABLES"
                + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
      statement.setString(1, name.database());
      statement.setString(2, name.name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getString(1).contains("VIEW");
      }
    }
  }

  private static MySqlColumn column(ResultSet row) throws SQLException {
    String name = row.getString(1);
    String dataType = row.getString(2).toLowerCase(Locale.ROOT);
    String columnType = row.getString(3);
    boolean nullable = "YES".equalsIgnoreCase(row.getString(4));
    long octets = row.getLong(6);
    String charset = row.getString(10);
    String defaultValue = row.getString(12);
    String extra = String.valueOf(row.getString(13)).toLowerCase(Locale.ROOT);
    String generation = row.getString(14);
    boolean generated =
        (generation != null && !generation.isEmpty())
            || extra.contains("virtual generated")
            || extra.contains("stored generated");
    boolean autoIncrement = extra.contains("auto_increment");
    MySqlTypes.Definition definition =
        new MySqlTypes.Definition(
            name,
            dataType,
            columnType,
            nullable,
            row.getLong(5),
            octets,
            row.getInt(7),
            row.getInt(8),
            row.getInt(9),
            charset);
    return new MySqlColumn(
        name,
        dataType,
        columnType,
        charset,
        row.getString(11),
        octets,
        autoIncrement,
        generated,
        extra.contains("invisible"),
        nullable || autoIncrement || generated || defaultValue != null,
        MySqlTypes.field(definition));
  }

  /** The column with this name, whatever its case: column names are not case-sensitive. */
  public Optional<MySqlColumn> column(String wanted) {
    return columns.stream().filter(c -> c.name().equalsIgnoreCase(wanted)).findFirst();
  }

  /** The columns that {@code SELECT *} gives. */
  public List<MySqlColumn> visibleColumns() {
    return columns.stream().filter(c -> !c.invisible()).toList();
  }
}
