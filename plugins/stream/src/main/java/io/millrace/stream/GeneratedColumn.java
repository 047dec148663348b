package io.millrace.stream;

import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import java.util.SplittableRandom;

/**
 * A column that is made up.
 *
 * @param field its name and type
 * @param source makes its values
 */
record GeneratedColumn(Field field, ValueSource source) {

  /** Makes values. Stateless: all chance comes from the random it is given. */
  @FunctionalInterface
  interface ValueSource {

    /**
     * Appends one value.
     *
     * @param row the record's number over all splits, from 0
     */
    void append(Column column, long row, SplittableRandom random);
  }
}
