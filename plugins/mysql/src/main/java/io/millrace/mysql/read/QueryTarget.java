package io.millrace.mysql.read;

import io.millrace.api.record.Field;
import java.util.List;
import java.util.Set;

/**
 * One statement of the user to read. The server tells the character set in which it sends a text,
 * not the one it is stored in, so what the conversion to UTF-8 loses is not noticed here.
 *
 * @param source the index of its database among the task's
 * @param sql the statement as it is run
 * @param fields its columns
 * @param wallClocks the indexes of those whose instants the server makes from a wall clock
 */
record QueryTarget(int source, String sql, List<Field> fields, Set<Integer> wallClocks) {

  QueryTarget {
    fields = List.copyOf(fields);
    wallClocks = Set.copyOf(wallClocks);
  }
}
