package io.millrace.mysql.read;

import io.millrace.api.record.Field;
import java.util.List;

/**
 * One statement of the user to read. The server tells the character set in which it sends a text,
 * not the one it is stored in, so what the conversion to UTF-8 loses is not noticed here.
 *
 * @param source the index of its database among the task's
 * @param sql the statement as it is run
 * @param fields its columns
 */
record QueryTarget(int source, String sql, List<Field> fields) {

  QueryTarget {
    fields = List.copyOf(fields);
  }
}
