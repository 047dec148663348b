package io.millrace.files.read;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.files.format.ColumnSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern TYPE =
      Pattern.compile("([a-z0-9 ]+?)\\s*(?:\\(\\s*(\\d{1,3})\\s*(?:,\\s*(\\d{1,3})\\s*)?\\))?");

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
        type != null ? field(own, type, format) : constant ? field(own, "string", null) : null;
    if (dateHasTime && field != null && field.type() == ColumnType.DATE) {
      field = Field.of(own, ColumnType.DATETIME).withScale(0);
    }
    return new ColumnSpec(source, field, own);
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

  /** The column of a type's name, such as {@code long} or {@code decimal(18,4)}. */
  static Field field(String name, String type, @Nullable String format) {
    Matcher matcher = TYPE.matcher(type.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw unknown(type);
    }
    String precision = matcher.group(2);
    String scale = matcher.group(3);
    return switch (matcher.group(1)) {
      case "string", "varchar", "char", "text" -> Field.of(name, ColumnType.STRING);
      case "json" -> Field.of(name, ColumnType.JSON);
      case "bytes", "binary" -> Field.of(name, ColumnType.BYTES);
      case "boolean", "bool" -> Field.of(name, ColumnType.BOOLEAN);
      case "tinyint", "int8" -> integer(name, 8, false);
      case "smallint", "int16" -> integer(name, 16, false);
      case "mediumint", "int24" -> integer(name, 24, false);
      case "int", "integer", "int32" -> integer(name, 32, false);
      case "long", "bigint", "int64" -> integer(name, 64, false);
      case "unsigned tinyint", "uint8" -> integer(name, 8, true);
      case "unsigned smallint", "uint16" -> integer(name, 16, true);
      case "unsigned mediumint", "uint24" -> integer(name, 24, true);
      case "unsigned int", "uint32" -> integer(name, 32, true);
      case "unsigned long", "unsigned bigint", "uint64" -> integer(name, 64, true);
      case "float", "float32" -> Field.of(name, ColumnType.FLOAT64).withBits(32, false);
      case "double", "float64" -> Field.of(name, ColumnType.FLOAT64);
      case "decimal", "numeric" ->
          Field.decimal(
              name,
              precision == null ? 0 : Integer.parseInt(precision),
              scale == null ? 0 : Integer.parseInt(scale));
      case "time" -> Field.of(name, ColumnType.TIME);
      case "date" -> Field.of(name, hasTimeOfDay(format) ? ColumnType.DATETIME : ColumnType.DATE);
      case "datetime" -> Field.of(name, ColumnType.DATETIME);
      case "timestamp" -> Field.of(name, ColumnType.TIMESTAMP);
      default -> throw unknown(type);
    };
  }

  private static IllegalArgumentException unknown(String type) {
    return new IllegalArgumentException(
        "type '"
            + type
            + "' is not one of string, long, double, decimal(p,s), boolean, date, datetime,"
            + " timestamp, time, bytes, json, int, float");
  }

  private static Field integer(String name, int bits, boolean unsigned) {
    return Field.of(name, ColumnType.INT64).withBits(bits, unsigned);
  }

  /** DataX calls everything with a calendar a date. */
  private static boolean hasTimeOfDay(@Nullable String format) {
    return format != null && format.replaceAll("'[^']*'", "").matches(".*[HhKkms].*");
  }
}
