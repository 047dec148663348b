package io.millrace.mysql.read;

import io.millrace.mysql.type.MySqlTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One table or view to read.
 *
 * @param source the index of its database among the task's
 * @param table its description
 * @param from what stands for it in a FROM clause, without index hints
 * @param hints the user's index hints with a blank before each, or empty
 * @param items what is selected
 * @param where the user's condition, or empty
 * @param distinct true when the user asks for different rows only
 * @param undivided why one statement has to read the whole table; empty when it may be cut
 */
record TableTarget(
    int source,
    MySqlTable table,
    String from,
    String hints,
    List<SelectItem> items,
    String where,
    boolean distinct,
    String undivided) {

  TableTarget {
    items = List.copyOf(items);
  }

  /** Items whose values may be larger than {@code maxValueBytes}. */
  int[] itemsAbove(long maxValueBytes) {
    if (distinct) {
      // Two values that are left out would be taken for the same.
      return new int[0];
    }
    return IntStream.range(0, items.size())
        .filter(i -> items.get(i).maxBytes() > maxValueBytes)
        .toArray();
  }

  /** Items whose texts may have no form in UTF-8. */
  int[] lossyItems() {
    return IntStream.range(0, items.size())
        .filter(i -> items.get(i).lossyCharset() != null)
        .toArray();
  }

  /** The statement that reads all rows. */
  String sql() {
    return sql(list(new int[0], 0), "");
  }

  /**
   * The statement that reads the rows that meet a condition.
   *
   * @param list what {@link #list} gives
   * @param condition a condition of ours, or empty
   */
  String sql(String list, String condition) {
    return list + " FROM " + from + hints + whereClause(where, condition);
  }

  /**
   * The statement up to its FROM. Behind a row stand the sizes of {@code guarded} items, then what
   * {@link SelectItem#lossSql} says of {@link #lossyItems}.
   *
   * @param guarded items that are selected only up to {@code maxValueBytes}
   */
  String list(int[] guarded, int maxValueBytes) {
    Stream<String> columns =
        IntStream.range(0, items.size())
            .mapToObj(
                i ->
                    contains(guarded, i)
                        ? items.get(i).sqlUpTo(maxValueBytes)
                        : items.get(i).sql());
    Stream<String> sizes = IntStream.of(guarded).mapToObj(i -> items.get(i).sizeSql());
    Stream<String> losses = IntStream.of(lossyItems()).mapToObj(i -> items.get(i).lossSql());
    return (distinct ? "SELECT DISTINCT " : "SELECT ")
        + Stream.of(columns, sizes, losses).flatMap(part -> part).collect(Collectors.joining(", "));
  }

  /** A WHERE clause for the user's condition and one of ours; empty when both are. */
  static String whereClause(String where, String condition) {
    if (where.isEmpty()) {
      return condition.isEmpty() ? "" : " WHERE " + condition;
    }
    // The line break ends a comment at the end of the user's condition.
    String own = " WHERE (" + where + (where.contains("--") || where.contains("#") ? "\n)" : ")");
    return condition.isEmpty() ? own : own + " AND " + condition;
  }

  private static boolean contains(int[] values, int wanted) {
    return IntStream.of(values).anyMatch(value -> value == wanted);
  }
}
