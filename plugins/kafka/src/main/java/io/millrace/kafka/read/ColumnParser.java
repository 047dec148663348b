package io.millrace.kafka.read;

import static io.millrace.kafka.read.Window.wrong;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.kafka.read.DeclaredOptions.TimeStampUnit;
import io.millrace.kafka.value.BinaryType;
import io.millrace.kafka.value.JsonPath;
import io.millrace.kafka.value.NumberUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the option {@code column}. For one thread. */
final class ColumnParser {

  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");
  private static final String HEADER = "__headers__.";
  private static final List<String> PARTS =
      List.of(
          "__key__", "__value__", "__partition__", "__headers__", "__offset__", "__timestamp__");

  private final BinaryType keyType;
  private final BinaryType valueType;
  private final boolean json;
  private final NumberUnit unit;
  private int nextIndex;

  /**
   * @param json whether names are paths into JSON, and not only what a field of a line is called
   * @param unit what numbers of the type timestamp count
   */
  ColumnParser(BinaryType keyType, BinaryType valueType, boolean json, NumberUnit unit) {
    this.keyType = keyType;
    this.valueType = valueType;
    this.json = json;
    this.unit = unit;
  }

  List<Layout.Item> parse(@Nullable Object raw) {
    List<?> given = raw == null ? List.of("*") : raw instanceof List<?> list ? list : List.of(raw);
    List<Layout.Item> items = new ArrayList<>();
    for (Object each : given) {
      if ("*".equals(each)) {
        PARTS.forEach(part -> items.add(item(part)));
      } else if (each instanceof Map<?, ?> map) {
        items.add(item(map));
      } else if (each instanceof Number number) {
        items.add(constant(number.toString(), number.toString()));
      } else if (each instanceof String text && !text.isBlank()) {
        items.add(item(text.strip()));
      } else {
        throw wrong("option 'column', entry " + (items.size() + 1) + " is empty");
      }
    }
    if (items.isEmpty()) {
      throw wrong("option 'column' is empty");
    }
    return items;
  }

  private Layout.Item item(String text) {
    if (text.length() >= 2 && text.startsWith("'") && text.endsWith("'")) {
      return constant(text, text.substring(1, text.length() - 1));
    }
    if (text.startsWith("__")) {
      return part(text, text, null);
    }
    return item(
        Field.of(text, ColumnType.STRING), new ColumnSource.Data(steps(text), nextIndex++), null);
  }

  private List<Object> steps(String path) {
    if (!json) {
      return List.of(path);
    }
    try {
      return JsonPath.parse(path);
    } catch (IllegalArgumentException e) {
      throw wrong("option 'column': " + e.getMessage());
    }
  }

  private Layout.Item item(Field field, ColumnSource source, @Nullable String type) {
    TimeStampUnit own =
        switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
          case "seconds" -> TimeStampUnit.SECOND;
          case "millis" -> TimeStampUnit.MILLISECOND;
          case "micros" -> TimeStampUnit.MICROSECOND;
          default -> null;
        };
    return new Layout.Item(field, source, own == null ? unit : new NumberUnit(own.micros, true));
  }

  private Layout.Item constant(String name, String text) {
    return item(
        Field.of(name, ColumnType.STRING),
        new ColumnSource.Constant(text.getBytes(StandardCharsets.UTF_8)),
        null);
  }

  private Layout.Item item(Map<?, ?> map) {
    for (Object key : map.keySet()) {
      if (!Set.of("name", "type", "path", "index", "value").contains(key)) {
        throw wrong(
            "option 'column': unknown key '" + key + "'; known are name, type, path, index, value");
      }
    }
    String type = string(map, "type");
    String name = string(map, "name");
    if (map.containsKey("value")) {
      Object value = map.get("value");
      String text = value == null ? null : value.toString();
      return item(
          field(name == null ? String.valueOf(text) : name, type),
          new ColumnSource.Constant(text == null ? null : text.getBytes(StandardCharsets.UTF_8)),
          type);
    }
    Object path = map.get("path");
    String whole = path instanceof String text ? text : name;
    if (whole != null && whole.startsWith("__")) {
      return part(whole, name == null ? whole : name, type);
    }
    int index = index(map.get("index"));
    List<Object> names =
        path instanceof List<?> list
            ? list.stream().map(ColumnParser::step).toList()
            : whole == null ? List.of() : steps(whole);
    if (names.isEmpty() && !map.containsKey("index")) {
      throw wrong("option 'column': an entry has neither name, path, index nor value");
    }
    String title = name != null ? name : names.isEmpty() ? "field " + index : names.toString();
    return item(
        field(name == null && whole != null ? whole : title, type),
        new ColumnSource.Data(names, index),
        type);
  }

  /** A number is a place in a list; a name of digits is written in quotes. */
  private static Object step(@Nullable Object raw) {
    return raw instanceof Integer || raw instanceof Long
        ? Math.toIntExact(((Number) raw).longValue())
        : String.valueOf(raw);
  }

  private int index(@Nullable Object raw) {
    if (raw == null) {
      return nextIndex++;
    }
    if (!raw.toString().matches("\\d{1,5}")) {
      throw wrong("option 'column': index '" + raw + "' is not a number from 0");
    }
    nextIndex = Integer.parseInt(raw.toString()) + 1;
    return nextIndex - 1;
  }

  private static @Nullable String string(Map<?, ?> map, String key) {
    Object value = map.get(key);
    if (value instanceof Map || value instanceof List) {
      throw wrong("option 'column': " + key + " must be a single value");
    }
    return value == null ? null : value.toString().strip();
  }

  private Layout.Item part(String source, String name, @Nullable String type) {
    if (source.startsWith(HEADER) && source.length() > HEADER.length()) {
      return item(
          field(name, type), new ColumnSource.Header(source.substring(HEADER.length())), type);
    }
    int part = PARTS.indexOf(source);
    if (part < 0) {
      throw wrong(
          "option 'column': there is no '" + source + "'; known are " + String.join(", ", PARTS));
    }
    ColumnSource.Part found = ColumnSource.Part.values()[part];
    return item(partField(found, name, type), found, type);
  }

  private Field partField(ColumnSource.Part part, String name, @Nullable String type) {
    Field usual =
        switch (part) {
          case KEY -> keyType.field(name);
          case VALUE -> valueType.field(name);
          case PARTITION ->
              Field.of(name, ColumnType.INT64).withBits(32, false).withNullable(false);
          case HEADERS -> Field.of(name, ColumnType.JSON).withNullable(false);
          case OFFSET, TIMESTAMP -> Field.of(name, ColumnType.INT64).withNullable(false);
        };
    if (type == null) {
      return usual;
    }
    Field wanted = field(name, type);
    boolean suits =
        switch (part) {
          case KEY, VALUE ->
              switch (usual.type()) {
                case STRING, BYTES ->
                    wanted.type() == ColumnType.STRING
                        || wanted.type() == ColumnType.BYTES
                        || wanted.type() == ColumnType.JSON;
                default -> wanted.type() == usual.type();
              };
          case TIMESTAMP ->
              wanted.type() == ColumnType.TIMESTAMP || wanted.type() == ColumnType.INT64;
          default -> wanted.type() == usual.type();
        };
    if (!suits) {
      throw wrong("option 'column': " + name + " cannot be read as " + type);
    }
    return wanted.withNullable(usual.nullable());
  }

  private static Field field(String name, @Nullable String type) {
    if (type == null) {
      return Field.of(name, ColumnType.STRING);
    }
    String word = type.toLowerCase(Locale.ROOT);
    Matcher decimal = DECIMAL.matcher(word);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      if (precision < 1 || scale > precision) {
        throw wrong("option 'column': " + type + " is no type of " + name);
      }
      return Field.decimal(name, precision, scale);
    }
    return switch (word) {
      case "string" -> Field.of(name, ColumnType.STRING);
      case "long", "bigint", "int", "integer" -> Field.of(name, ColumnType.INT64);
      case "double", "float" -> Field.of(name, ColumnType.FLOAT64);
      case "decimal" -> Field.decimal(name, 38, 10);
      case "bool", "boolean" -> Field.of(name, ColumnType.BOOLEAN);
      case "date" -> Field.of(name, ColumnType.DATE);
      case "datetime" -> Field.of(name, ColumnType.DATETIME);
      case "timestamp", "seconds", "millis", "micros" -> Field.of(name, ColumnType.TIMESTAMP);
      case "time" -> Field.of(name, ColumnType.TIME);
      case "json" -> Field.of(name, ColumnType.JSON);
      case "bytes" -> Field.of(name, ColumnType.BYTES);
      default ->
          throw wrong(
              "option 'column': "
                  + name
                  + " has the unknown type '"
                  + type
                  + "'; known are string, long, double, decimal(p,s), bool, date, datetime,"
                  + " timestamp, seconds, millis, micros, time, json, bytes");
    };
  }
}
