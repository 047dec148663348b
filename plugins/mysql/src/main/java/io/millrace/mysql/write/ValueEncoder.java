package io.millrace.mysql.write;

import io.millrace.api.record.Column;

/** Writes the values of one kind of column in the form the server reads. Stateless. */
interface ValueEncoder {

  /** How the form stands in an SQL statement. */
  enum Literal {
    /** As it is: digits, sign, point. */
    NUMBER,
    /** In quotes; nothing in it needs a backslash. */
    QUOTED,
    /** In quotes, UTF-8 that may need backslashes. */
    TEXT,
    /** In quotes, bytes without a character set that may need backslashes. */
    BINARY
  }

  /** How the form stands in an SQL statement. */
  Literal literal();

  /** True when NULL is to be written. */
  default boolean isNull(Column column, int row) {
    return column.isNull(row);
  }

  /** Appends a value that is not NULL. */
  void append(Column column, int row, ByteSink sink, Escape escape);
}
