package io.millrace.server.source;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.engine.attempt.SourceLook;
import io.millrace.server.route.Verbatim;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task would read.
 *
 * @param connector as the task names it
 * @param businessDate the one that parameters were filled in for
 * @param records the values of each, as text, in the order of the columns; null for NULL
 * @param cut which of the values are not whole
 * @param dirty where each record stands that cannot be read, and why
 * @param notes what the connector warns of, and why there is not more
 */
public record SourceView(
    String connector,
    LocalDate businessDate,
    List<SourceColumn> columns,
    @Verbatim List<List<@Nullable String>> records,
    List<CutValue> cut,
    List<String> dirty,
    List<String> notes) {

  /** A value of which only the beginning is shown; the record counts from 0. */
  public record CutValue(int record, String column, long bytes) {}

  /**
   * A column.
   *
   * @param type in the words of a task's {@code column}, such as {@code long}, {@code uint32},
   *     {@code decimal(18,4)} or {@code timestamp}. A {@code datetime} is wall clock, a {@code
   *     timestamp} an instant
   * @param nullable false when the source promises that NULL cannot occur
   * @param precision the digits of a decimal; null when unknown or of another type
   * @param scale the digits after the point, or of the fraction of a second; null of another type
   * @param maxLength characters of a text, bytes of a binary; null when unknown or without bound
   * @param nativeType the source's own word; null when it has none
   */
  public record SourceColumn(
      String name,
      String type,
      boolean nullable,
      @Nullable Integer precision,
      @Nullable Integer scale,
      @Nullable Long maxLength,
      @Nullable String nativeType) {

    static SourceColumn of(Field field) {
      boolean decimal = field.type() == ColumnType.DECIMAL && field.precision() > 0;
      boolean scaled =
          switch (field.type()) {
            case DECIMAL -> decimal;
            case TIME, DATETIME, TIMESTAMP -> true;
            default -> false;
          };
      return new SourceColumn(
          field.name(),
          word(field),
          field.nullable(),
          decimal ? field.precision() : null,
          scaled ? field.scale() : null,
          field.maxLength() > 0 ? field.maxLength() : null,
          field.nativeType());
    }

    private static String word(Field field) {
      return switch (field.type()) {
        case BOOLEAN -> "boolean";
        case INT64 -> integer(field.bits(), field.unsigned());
        case FLOAT64 -> field.bits() == 32 ? "float" : "double";
        case DECIMAL ->
            field.precision() > 0
                ? "decimal(" + field.precision() + "," + field.scale() + ")"
                : "decimal";
        case STRING -> "string";
        case JSON -> "json";
        case BYTES -> "bytes";
        case TIME -> "time";
        case DATE -> "date";
        case DATETIME -> "datetime";
        case TIMESTAMP -> "timestamp";
      };
    }

    /** The narrowest word that has room: a BIT(5) is an {@code uint8}. */
    private static String integer(int bits, boolean unsigned) {
      int width = bits == 0 || bits > 32 ? 64 : (bits + 7) / 8 * 8;
      return unsigned ? "uint" + width : width == 64 ? "long" : "int" + width;
    }
  }

  /** As clients see it. */
  public static SourceView of(String connector, LocalDate businessDate, SourceLook.Seen seen) {
    return new SourceView(
        connector,
        businessDate,
        seen.columns().fields().stream().map(SourceColumn::of).toList(),
        seen.records(),
        seen.cut().stream()
            .map(
                one ->
                    new CutValue(
                        one.record(), seen.columns().field(one.column()).name(), one.bytes()))
            .toList(),
        seen.dirty(),
        seen.notes());
  }
}
