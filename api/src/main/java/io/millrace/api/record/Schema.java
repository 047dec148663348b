package io.millrace.api.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a batch, in order. Immutable.
 *
 * @param fields the columns
 * @param star what stood behind {@code *}; null when the task lists its columns, so that their
 *     order counts and not their names
 */
public record Schema(List<Field> fields, @Nullable Star star) {

  public Schema {
    fields = List.copyOf(fields);
  }

  /** Columns that the task lists, or that have no names of their own. */
  public Schema(List<Field> fields) {
    this(fields, null);
  }

  /**
   * What an end found behind {@code *}, where all columns of one thing are meant and their names
   * are known.
   *
   * @param generated names of fields whose values the end computes itself
   * @param hidden names of columns that {@code *} does not hold, such as invisible ones
   */
  public record Star(List<String> generated, List<String> hidden) {

    public Star {
      generated = List.copyOf(generated);
      hidden = List.copyOf(hidden);
    }
  }

  /** The same columns as what stood behind {@code *}. */
  public Schema withStar(Star found) {
    return new Schema(fields, found);
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
