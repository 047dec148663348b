package io.millrace.files.option;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How tasks call the types of columns. Stateless. */
public final class TypeNames {

  private static final Pattern TYPE =
      Pattern.compile("([a-z0-9 ]+?)\\s*(?:\\(\\s*(\\d{1,3})\\s*(?:,\\s*(\\d{1,3})\\s*)?\\))?");

  private TypeNames() {}

  /**
   * The column of a type's name, such as {@code long} or {@code decimal(18,4)}.
   *
   * @param format of dates, which may say that they have a time of day
   * @throws IllegalArgumentException when no type is called so
   */
  public static Field field(String name, String type, @Nullable String format) {
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
