package io.millrace.kafka.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a column's values come from. */
sealed interface ColumnSource {

  /** A part of the message that is not its value's content. */
  enum Part implements ColumnSource {
    KEY,
    VALUE,
    PARTITION,
    HEADERS,
    OFFSET,
    TIMESTAMP
  }

  /** The value of one header, the last one of this name. */
  record Header(String name) implements ColumnSource {}

  /** The same for every record; null for NULL. */
  record Constant(byte @Nullable [] text) implements ColumnSource {}

  /**
   * A part of the value's content.
   *
   * @param path what leads to it in JSON: a String for each name, an Integer for each place in a
   *     list
   * @param index its place in a line of text, from 0
   */
  record Data(List<Object> path, int index) implements ColumnSource {}
}
