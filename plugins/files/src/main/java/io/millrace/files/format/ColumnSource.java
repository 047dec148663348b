package io.millrace.files.format;

import org.jspecify.annotations.Nullable;

/**
 * Where the values of one delivered column come from: an index, a name or a constant. When every
 * column of the file is wanted there are both index and name; a format with names in each file goes
 * by the name then.
 *
 * @param index the column's place in the first file, from 0; -1 when it is not by index
 * @param name the column's name in the file, or null
 * @param constant a text that stands for every record, or null; null with neither index nor name is
 *     a constant NULL
 * @param format how texts of it are written, such as {@code yyyy/MM/dd}; null for the usual forms
 */
public record ColumnSource(
    int index, @Nullable String name, @Nullable String constant, @Nullable String format) {

  /** True when only the name says which column is meant. */
  public boolean isByName() {
    return index < 0 && name != null;
  }

  /** True when the file is not asked for it. */
  public boolean isConstant() {
    return index < 0 && name == null;
  }
}
