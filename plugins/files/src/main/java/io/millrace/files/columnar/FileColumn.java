package io.millrace.files.columnar;

import io.millrace.api.record.Field;

/**
 * A column as a file has it.
 *
 * @param field what it is in records, without loss
 * @param values its values, in the form of {@code field}
 */
public record FileColumn(Field field, ValueSource values) {}
