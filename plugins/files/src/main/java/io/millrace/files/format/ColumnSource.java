package io.millrace.files.format;

import org.jspecify.annotations.Nullable;

/**
 * Where the values of one delivered column come from: exactly one of index, name and constant.
 *
 * @param index the column's place in the file, from 0; -1 when it is not by index
 * @param name the column's name in the file, or null
 * @param constant a text that stands for every record, or null; null with neither index nor name is
 *     a constant NULL
 * @param format how texts of it are written, such as {@code yyyy/MM/dd}; null for the usual forms
 */
public record ColumnSource(
    int index, @Nullable String name, @Nullable String constant, @Nullable String format) {

  /** True when the file is not asked for it. */
  public boolean isConstant() {
    return index < 0 && name == null;
  }
}
