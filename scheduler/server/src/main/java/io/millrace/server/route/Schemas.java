package io.millrace.server.route;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The JSON schemas of records, as {@link Json} writes and reads them. */
final class Schemas {

  private static final String REFERENCE = "#/components/schemas/";

  private final Map<String, Class<?>> types = new LinkedHashMap<>();
  private final Map<String, Object> named = new TreeMap<>();

  /** All that were referred to. */
  Map<String, Object> named() {
    return named;
  }

  /** The schema of a type: written out when it is simple, a reference when it has a name. */
  Map<String, Object> of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(generic);
    }
    if (type instanceof WildcardType wildcard) {
      return of(wildcard.getUpperBounds()[0]);
    }
    if (type instanceof Class<?> plain) {
      return plain(plain);
    }
    return Map.of();
  }

  private Map<String, Object> generic(ParameterizedType type) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (Collection.class.isAssignableFrom(raw)) {
      return Map.of("type", "array", "items", of(arguments[0]));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return Map.of("type", "object", "additionalProperties", of(arguments[1]));
    }
    if (raw == Optional.class) {
      return of(arguments[0]);
    }
    return plain(raw);
  }

  private Map<String, Object> plain(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == int.class || type == Integer.class) {
      return Map.of("type", "integer", "format", "int32");
    }
    if (type == long.class || type == Long.class) {
      return Map.of("type", "integer", "format", "int64");
    }
    if (type == double.class || type == Double.class) {
      return Map.of("type", "number", "format", "double");
    }
    if (type == Instant.class || type == LocalDateTime.class) {
      // A wall-clock time has no zone, which date-time demands.
      return type == Instant.class
          ? Map.of("type", "string", "format", "date-time")
          : Map.of("type", "string");
    }
    if (type == LocalDate.class) {
      return Map.of("type", "string", "format", "date");
    }
    if (type == Duration.class) {
      return Map.of("type", "string", "format", "duration");
    }
    if (type.isEnum()) {
      List<String> names =
          Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name())
              .toList();
      return Map.of("type", "string", "enum", names);
    }
    if (type.isRecord()) {
      return reference(type);
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return Map.of("type", "string");
    }
    // Anything, such as a tree of JSON.
    return Map.of();
  }

  private Map<String, Object> reference(Class<?> type) {
    String name = type.getSimpleName();
    Class<?> known = types.putIfAbsent(name, type);
    if (known == null) {
      named.put(name, object(type));
    } else if (known != type) {
      throw new IllegalStateException(
          "two records of the API have one name: " + known.getName() + ", " + type.getName());
    }
    return Map.of("$ref", REFERENCE + name);
  }

  private Map<String, Object> object(Class<?> type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      properties.put(component.getName(), of(component.getGenericType()));
      if (!Json.isNullable(component) && !isOptional(component)) {
        required.add(component.getName());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static boolean isOptional(RecordComponent component) {
    return component.getType() == Optional.class;
  }
}
