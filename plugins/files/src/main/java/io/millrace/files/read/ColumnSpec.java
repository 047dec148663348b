package io.millrace.files.read;

import io.millrace.api.Counted;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.option.TypeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the reader's {@code column}.
 *
 * @param source where values come from
 * @param field what is delivered; null when the file's own type counts
 * @param name how the column is called when the file does not say
 */
record ColumnSpec(ColumnSource source, @Nullable Field field, String name) {

  private static final Set<String> KEYS = Set.of("index", "name", "type", "value", "format");

  /**
   * Reads the option.
   *
   * @param dateHasTime whether a {@code date} may have a time of day whatever its format
   * @return empty for {@code *}, every column of the file
   * @throws IllegalArgumentException with a message that completes "option 'column': …"
   */
  static List<ColumnSpec> parse(Object raw, boolean dateHasTime) {
    List<?> entries = raw instanceof List<?> list ? list : List.of(raw);
    if (entries.isEmpty() || (entries.size() == 1 && "*".equals(entries.get(0)))) {
      return List.of();
    }
    List<ColumnSpec> specs = new ArrayList<>();
    for (Object entry : entries) {
      try {
        specs.add(entry instanceof Map<?, ?> map ? parse(map, dateHasTime) : named(entry));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("entry " + (specs.size() + 1) + ": " + e.getMessage());
      }
    }
    return specs;
  }

  private static ColumnSpec named(@Nullable Object entry) {
    if (!(entry instanceof String name) || name.isBlank() || name.equals("*")) {
      throw new IllegalArgumentException(
          "expected a column's name or {index: 0, type: string}; * stands alone");
    }
    return new ColumnSpec(new ColumnSource(-1, name, null, null), null, name);
  }

  private static ColumnSpec parse(Map<?, ?> entry, boolean dateHasTime) {
    for (Object key : entry.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '" + key + "'; known are index, name, type, value, format");
      }
    }
    String name = text(entry, "name");
    String index = text(entry, "index");
    String type = text(entry, "type");
    String given = text(entry, "format");
    String format = given == null || given.isBlank() ? null : given;
    boolean constant = entry.containsKey("value");
    if (constant && index != null) {
      throw new IllegalArgumentException("has both an index and a value: give one");
    }
    if (!constant && index == null && name == null) {
      throw new IllegalArgumentException("needs an index, a name or a value");
    }
    int place = index == null ? -1 : place(index);
    String own = name != null ? name : constant ? "constant" : "c" + place;
    String asked = constant || index != null ? null : name;
    ColumnSource source = new ColumnSource(place, asked, text(entry, "value"), format);
    Field field =
        type != null
            ? TypeNames.field(own, type, format)
            : constant ? TypeNames.field(own, "string", null) : null;
    if (dateHasTime && field != null && field.type() == ColumnType.DATE) {
      field = Field.of(own, ColumnType.DATETIME).withScale(0);
    }
    return new ColumnSpec(source, field, own);
  }

  /**
   * The same by name where it goes by index.
   *
   * @param names of the columns that the index counts
   * @throws IllegalArgumentException when there are not so many
   */
  ColumnSpec named(List<String> names) {
    if (source.index() < 0 || source.name() != null) {
      return this;
    }
    if (source.index() >= names.size()) {
      throw new IllegalArgumentException(
          "has "
              + Counted.of(names.size(), "column", "columns")
              + ", and column asks for index "
              + source.index());
    }
    String wanted = names.get(source.index());
    return new ColumnSpec(new ColumnSource(-1, wanted, null, source.format()), field, name);
  }

  private static int place(String index) {
    try {
      int place = Integer.parseInt(index.strip());
      if (place >= 0 && place < 65_536) {
        return place;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("index '" + index + "' is not a number from 0", e);
    }
    throw new IllegalArgumentException("index " + index + " is not between 0 and 65535");
  }

  private static @Nullable String text(Map<?, ?> entry, String key) {
    Object value = entry.get(key);
    if (value instanceof Map || value instanceof List) {
      throw new IllegalArgumentException(key + " must be a single value");
    }
    return value == null ? null : value.toString();
  }
}
