package io.millrace.kafka.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A column of the JSON that is written. DataWorks' files may say its type as well; it has to be the
 * one that the source's column gives, because a value is not converted on its way.
 *
 * @param type such as {@code JSON_NUMBER}; empty where the task says none
 */
record JsonColumn(String name, String type) {

  /**
   * The columns that an option names.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} for what names none
   */
  static List<JsonColumn> all(Object option) {
    List<?> items = option instanceof List<?> list ? list : List.of(option);
    return items.equals(List.of("*")) ? List.of() : items.stream().map(JsonColumn::of).toList();
  }

  private static JsonColumn of(Object item) {
    if (item instanceof Map<?, ?> map) {
      String type = text(map, "type").orElse("").toUpperCase(Locale.ROOT);
      return new JsonColumn(text(map, "name").orElseThrow(() -> wrong("has no name")), type);
    }
    if (item instanceof List<?>) {
      throw wrong("is a list");
    }
    return new JsonColumn(item.toString(), "");
  }

  private static Optional<String> text(Map<?, ?> map, String key) {
    return Optional.ofNullable(map.get(key)).map(Object::toString).filter(text -> !text.isBlank());
  }

  /** Refuses a type that the column's values would not have. */
  void check(Field field) {
    String written =
        switch (field.type()) {
          case INT64, FLOAT64, DECIMAL -> "JSON_NUMBER";
          case BOOLEAN -> "JSON_BOOLEAN";
          case JSON -> "JSON_MAP";
          case STRING, BYTES, TIME, DATE, DATETIME, TIMESTAMP -> "JSON_STRING";
        };
    boolean same =
        type.isEmpty()
            || type.equals(written)
            || written.equals("JSON_BOOLEAN") && type.equals("JSON_BOOL")
            || written.equals("JSON_MAP") && (type.equals("JSON_ARRAY") || type.equals("JSON"));
    if (!same) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "option 'column': the type of '"
              + name
              + "' is "
              + type
              + ", and the source's column "
              + field.name()
              + " is written as "
              + written
              + ": leave the type out, or convert the column in the source");
    }
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(
        StandardError.CONFIGURATION,
        "option 'column': an entry " + what + "; write its name, or {name: id, type: JSON_NUMBER}");
  }
}
