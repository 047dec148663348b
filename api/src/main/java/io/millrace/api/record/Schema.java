package io.millrace.api.record;

import java.util.List;

/** The columns of a batch, in order. Immutable. */
public record Schema(List<Field> fields) {

  public Schema {
    fields = List.copyOf(fields);
  }

  /** A schema of these fields. */
  public static Schema of(Field... fields) {
    return new Schema(List.of(fields));
  }

  /** The number of columns. */
  public int size() {
    return fields.size();
  }

  /** The column at {@code index}, from 0. */
  public Field field(int index) {
    return fields.get(index);
  }
}
