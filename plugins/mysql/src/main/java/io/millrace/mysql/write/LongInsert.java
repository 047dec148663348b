package io.millrace.mysql.write;

import java.util.List;

/**
 * An {@code INSERT} of one record whose texts and bytes are sent in pieces beside the statement, so
 * that they are neither copied nor escaped, and each may be as large as a packet.
 *
 * @param sql the statement with a {@code ?} for each value
 * @param values in the order of the marks
 */
record LongInsert(String sql, List<Value> values) {

  LongInsert {
    values = List.copyOf(values);
  }

  /** Bytes in a buffer of the batch. */
  record Value(byte[] buffer, int offset, int length) {}

  /** The size in bytes of the largest part that is sent at once. */
  long largest() {
    return values.stream().mapToLong(Value::length).reduce(sql.length(), Math::max);
  }
}
