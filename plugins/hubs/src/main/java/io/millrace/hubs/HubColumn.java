package io.millrace.hubs;

import io.millrace.api.TaskForm;
import io.millrace.api.record.Field;
import io.millrace.hubs.HubOptions.TimeStampUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a reader's {@code column} option.
 *
 * @param name what the column is called in messages and for the writer
 * @param key what it is read from: a log's key, a topic's field, a name of metadata; empty for a
 *     constant
 * @param type what its value is read as; null when the source's own type counts
 * @param precision of a decimal, else 0
 * @param scale of a decimal, else 0
 * @param path where in the value, which is then JSON; null for the whole value
 * @param constant the value itself; null when it is read
 */
public record HubColumn(
    String name,
    String key,
    @Nullable ValueType type,
    int precision,
    int scale,
    @Nullable JsonPath path,
    @Nullable String constant) {

  private static final Pattern DECIMAL =
      Pattern.compile("(?i)decimal\\((\\d{1,2}),\\s*(\\d{1,2})\\)");

  private static final Set<String> KEYS = Set.of("name", "type", "path", "key");

  /**
   * Reads the whole option: texts, or objects of name, key, type and path.
   *
   * @param connector begins the message of an error
   * @param form in documents of DataX and DataWorks a {@code date} may have a time of day
   * @param unit what numbers of the type timestamp count
   */
  public static List<HubColumn> list(
      Object option, String connector, TaskForm form, TimeStampUnit unit) {
    List<?> entries = option instanceof List<?> list ? list : List.of(option);
    if (entries.isEmpty()) {
      throw HubOptions.wrong(connector + ": option 'column' must name at least one column");
    }
    List<HubColumn> columns = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      try {
        HubColumn column = of(entries.get(i), form);
        columns.add(column.type == ValueType.TIMESTAMP ? column.withType(unit.type()) : column);
      } catch (IllegalArgumentException e) {
        throw HubOptions.wrong(
            connector + ": option 'column', entry " + (i + 1) + ": " + e.getMessage());
      }
    }
    return List.copyOf(columns);
  }

  private static HubColumn of(@Nullable Object entry, TaskForm form) {
    if (entry instanceof Map<?, ?> map) {
      return of(map, form);
    }
    if (entry == null || entry instanceof List || entry.toString().isBlank()) {
      throw new IllegalArgumentException("expected a name, or an object with a name");
    }
    String text = entry.toString();
    if (text.length() >= 2 && text.startsWith("'") && text.endsWith("'")) {
      String constant = text.substring(1, text.length() - 1);
      return new HubColumn(text, "", ValueType.STRING, 0, 0, null, constant);
    }
    return new HubColumn(text, text, null, 0, 0, null, null);
  }

  private static HubColumn of(Map<?, ?> map, TaskForm form) {
    for (Object key : map.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '" + key + "'; known are name, key, type, path");
      }
    }
    String name = text(map, "name");
    String key = text(map, "key");
    String type = text(map, "type");
    String path = text(map, "path");
    if (name == null && key == null) {
      throw new IllegalArgumentException("needs a name");
    }
    Matcher decimal = DECIMAL.matcher(type == null ? "" : type.strip());
    boolean isDecimal = decimal.matches();
    int precision = isDecimal ? Integer.parseInt(decimal.group(1)) : 0;
    int scale = isDecimal ? Integer.parseInt(decimal.group(2)) : 0;
    if (isDecimal && (precision < 1 || precision > 65 || scale > precision)) {
      throw new IllegalArgumentException("type '" + type + "' has no such precision or scale");
    }
    ValueType valueType = type == null ? null : ValueType.named(isDecimal ? "decimal" : type, form);
    if (valueType == ValueType.DECIMAL && !isDecimal) {
      throw new IllegalArgumentException("type 'decimal' needs its digits, such as decimal(12,2)");
    }
    return new HubColumn(
        Objects.requireNonNull(name == null ? key : name),
        Objects.requireNonNull(key == null ? name : key),
        valueType,
        precision,
        scale,
        path == null ? null : JsonPath.of(path),
        null);
  }

  private static @Nullable String text(Map<?, ?> map, String key) {
    Object value = map.get(key);
    if (value instanceof Map || value instanceof List) {
      throw new IllegalArgumentException(key + " must be a single text");
    }
    return value == null || value.toString().isBlank() ? null : value.toString();
  }

  /** The same, read as a type that the source has for it. */
  public HubColumn withType(ValueType known) {
    return new HubColumn(name, key, known, precision, scale, path, constant);
  }

  /** What its value is read as where the source has no types: a string by default. */
  public ValueType typeOrString() {
    return type == null ? ValueType.STRING : type;
  }

  /** The column as the reader delivers it where the source has no types. */
  public Field field() {
    ValueType known = typeOrString();
    return known == ValueType.DECIMAL
        ? Field.decimal(name, precision, scale)
        : Field.of(name, known.columnType());
  }
}
