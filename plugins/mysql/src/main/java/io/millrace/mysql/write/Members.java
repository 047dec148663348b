package io.millrace.mysql.write;

import io.millrace.mysql.connect.MySqlConnection;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The members of an ENUM or SET. A text that is none of them letter by letter may still be one by
 * the column's collation; the server is asked once for each such text. It alone knows, and it would
 * take a text of digits that is no member for a member's number. Used by one thread.
 */
final class Members {

  private static final int MOST_REMEMBERED = 10_000;

  private final Lookup lookup;
  private final Set<String> others = new HashSet<>();
  private byte[][] sorted;

  /** Asks the server whether the column's collation takes a text for one of the members. */
  @FunctionalInterface
  interface Lookup {
    boolean isMember(String text) throws SQLException;
  }

  Members(List<byte[]> members, Lookup lookup) {
    this.lookup = lookup;
    this.sorted = members.stream().sorted(Arrays::compareUnsigned).toArray(byte[][]::new);
  }

  /** The members of a column, compared by the server on a connection. */
  static Members of(TargetColumn column, MySqlConnection connection) {
    return new Members(column.members(), text -> isMember(connection, column, text));
  }

  /** True when the server takes the bytes, which are UTF-8, for a member. */
  boolean contains(byte[] buffer, int from, int to) throws SQLException {
    if (find(buffer, from, to) >= 0) {
      return true;
    }
    int end = to;
    while (end > from && buffer[end - 1] == ' ') {
      // The server cuts them before it compares.
      end--;
    }
    String text = new String(buffer, from, end - from, StandardCharsets.UTF_8);
    if (others.contains(text)) {
      return false;
    }
    if (lookup.isMember(text)) {
      remember(Arrays.copyOfRange(buffer, from, to));
      return true;
    }
    if (others.size() >= MOST_REMEMBERED) {
      others.clear();
    }
    others.add(text);
    return false;
  }

  /** Another way to write a member, which is found without a question from now on. */
  private void remember(byte[] text) {
    if (sorted.length < MOST_REMEMBERED) {
      byte[][] more = Arrays.copyOf(sorted, sorted.length + 1);
      more[sorted.length] = text;
      Arrays.sort(more, Arrays::compareUnsigned);
      sorted = more;
    }
  }

  private int find(byte[] buffer, int from, int to) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      byte[] member = sorted[middle];
      int order = Arrays.compareUnsigned(member, 0, member.length, buffer, from, to);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private static boolean isMember(MySqlConnection connection, TargetColumn column, String text)
      throws SQLException {
    String charset = column.column().charset();
    if (charset == null || charset.equals("binary")) {
      return false;
    }
    String members =
        column.members().stream()
            .map(member -> converted(new String(member, StandardCharsets.UTF_8), charset))
            .collect(Collectors.joining(","));
    String value = converted(text, charset);
    try (Statement statement = connection.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT "
                    + value
                    + " COLLATE "
                    + column.column().collation()
                    + " IN ("
                    + members
                    // A character that the column's set lacks would be compared as a '?'.
                    + ") AND CAST(CONVERT("
                    + value
                    + " USING utf8mb4) AS BINARY) = CAST("
                    + Literals.text(text)
                    + " AS BINARY)")) {
      return row.next() && row.getInt(1) == 1;
    }
  }

  private static String converted(String text, String charset) {
    return "CONVERT(" + Literals.text(text) + " USING " + charset + ")";
  }
}
