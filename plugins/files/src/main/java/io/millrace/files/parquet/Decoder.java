package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import io.millrace.files.format.RawValues;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Turns values as they are stored into values of a column; the one method that suits the stored
 * type is called. What a method returns is null, or what is wrong with the value: nothing was
 * appended then.
 */
abstract class Decoder {

  private final Field field;

  Decoder(Field field) {
    this.field = field;
  }

  /** What the values are in records. */
  final Field field() {
    return field;
  }

  @Nullable String bool(boolean value, Column into) {
    throw unsuited();
  }

  @Nullable String int32(int value, Column into) {
    throw unsuited();
  }

  @Nullable String int64(long value, Column into) {
    throw unsuited();
  }

  @Nullable String real(double value, Column into) {
    throw unsuited();
  }

  @Nullable String binary(Binary value, Column into) {
    throw unsuited();
  }

  /** A whole number as it is kept when something is wrong with it. */
  RawValue rejected(long value) {
    return new RawValue(field.type().name(), Long.BYTES, Long.toString(value));
  }

  /** A number as it is kept when something is wrong with it. */
  final RawValue rejected(double value) {
    return new RawValue(field.type().name(), Double.BYTES, Double.toString(value));
  }

  /** Bytes as they are kept when something is wrong with them. */
  RawValue rejected(Binary value) {
    byte[] bytes = value.getBytes();
    return RawValues.bytes(field.type().name(), bytes, 0, bytes.length);
  }

  private IllegalStateException unsuited() {
    return new IllegalStateException("column " + field.name() + " is stored in another type");
  }
}
