package io.millrace.mysql.split;

import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A sorted index, as far as cutting by its first column needs it.
 *
 * @param name the index's name
 * @param unique true when no two rows have the same values in all of its columns
 * @param primary true for the primary key
 * @param column its first column
 */
record KeyIndex(String name, boolean unique, boolean primary, String column) {

  /** Every index of a table that is sorted by the whole of its first column and may be used. */
  static List<KeyIndex> of(MySqlConnection connection, TableName table) throws SQLException {
    List<KeyIndex> indexes = new ArrayList<>();
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SHOW INDEX FROM " + table.quoted())) {
      Map<String, Integer> columns = columns(row.getMetaData());
      while (row.next()) {
        String column = text(row, columns, "column_name");
        boolean sorted =
            text(row, columns, "index_type").equalsIgnoreCase("BTREE")
                && text(row, columns, "sub_part").isEmpty();
        boolean usable =
            !text(row, columns, "visible").equalsIgnoreCase("NO")
                && !text(row, columns, "ignored").equalsIgnoreCase("YES");
        if (row.getInt(columns.get("seq_in_index")) == 1 && !column.isEmpty() && sorted && usable) {
          String name = text(row, columns, "key_name");
          boolean unique = row.getInt(columns.get("non_unique")) == 0;
          indexes.add(new KeyIndex(name, unique, name.equals("PRIMARY"), column));
        }
      }
    }
    return indexes;
  }

  /** Servers differ in the columns they show. */
  private static Map<String, Integer> columns(ResultSetMetaData metaData) throws SQLException {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 1; i <= metaData.getColumnCount(); i++) {
      columns.put(metaData.getColumnLabel(i).toLowerCase(Locale.ROOT), i);
    }
    return columns;
  }

  private static String text(ResultSet row, Map<String, Integer> columns, String name)
      throws SQLException {
    Integer index = columns.get(name);
    String value = index == null ? null : row.getString(index);
    return value == null ? "" : value;
  }
}
