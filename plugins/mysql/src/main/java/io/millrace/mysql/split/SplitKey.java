package io.millrace.mysql.split;

import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.MySqlColumn;
import org.jspecify.annotations.Nullable;

/**
 * The column a table is cut by.
 *
 * @param table the table as it stands in a FROM clause
 * @param column the column
 * @param nullable true when it may be NULL
 * @param index an index that begins with it, or null when there is none
 */
record SplitKey(String table, MySqlColumn column, boolean nullable, @Nullable KeyIndex index) {

  /** The column's name in backticks. */
  String quoted() {
    return Identifiers.BACKTICK.quote(column.name());
  }

  /** The table for a statement that should walk along the index. */
  String tableByIndex() {
    return index == null
        ? table
        : table + " FORCE INDEX (" + Identifiers.BACKTICK.quote(index.name()) + ")";
  }
}
