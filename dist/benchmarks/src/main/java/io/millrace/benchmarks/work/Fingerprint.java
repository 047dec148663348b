package io.millrace.benchmarks.work;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What a table holds, as the server counts and sums it up over all rows and columns, whatever their
 * order.
 *
 * @param rows how many
 * @param sum sum of a checksum of each row
 * @param xor the same checksums, combined bit by bit
 */
record Fingerprint(long rows, String sum, String xor) {

  /**
   * Asks for it.
   *
   * @param condition which rows; empty for all
   */
  static Fingerprint of(Connection connection, String table, List<String> columns, String condition)
      throws SQLException {
    String row = "CRC32(CONCAT_WS('|', " + String.join(", ", columns) + "))";
    String sql =
        "SELECT COUNT(*), SUM(" + row + "), BIT_XOR(" + row + ") FROM " + table + where(condition);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return new Fingerprint(
          result.getLong(1), String.valueOf(result.getString(2)), result.getString(3));
    }
  }

  static String where(String condition) {
    return condition.isEmpty() ? "" : " WHERE " + condition;
  }

  /**
   * Compares a copy with this, its source.
   *
   * @throws MismatchException when they differ
   */
  void requireSame(Fingerprint copy) {
    if (!copy.equals(this)) {
      throw new MismatchException("the copy is not the source: " + copy + " instead of " + this);
    }
  }
}
