package io.millrace.files.parquet;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** What columns of records are in a file. Stateless. */
final class ParquetTypes {

  /** The digits of a decimal whose number of digits is not known, and the most that others read. */
  private static final int WIDEST = 38;

  /** The native type of a column whose moments are counted in milliseconds. */
  private static final String MILLIS = "parquet.timestamp_millis";

  private ParquetTypes() {}

  /**
   * The columns of a schema in parquet's own words.
   *
   * @throws IllegalArgumentException when it is none, or has a type that is not written
   */
  static Schema parse(String text) {
    List<Field> fields = new ArrayList<>();
    for (Type type : message(text).getFields()) {
      fields.add(written(type));
    }
    return new Schema(fields);
  }

  /**
   * A schema in parquet's own words.
   *
   * @throws IllegalArgumentException when it is none
   */
  static MessageType message(String text) {
    try {
      return MessageTypeParser.parseMessageType(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "is not a schema such as 'message m { required int64 id; optional binary name (UTF8); }': "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  private static Field written(Type type) {
    if (type.isPrimitive() && !type.isRepetition(Repetition.REPEATED)) {
      PrimitiveType asked = type.asPrimitiveType();
      LogicalTypeAnnotation logical = asked.getLogicalTypeAnnotation();
      boolean millis =
          logical instanceof TimestampLogicalTypeAnnotation moment
              && moment.getUnit() == TimeUnit.MILLIS;
      Field field = Decoders.of(asked, OldCalendar.NONE).field();
      Field own = millis ? field.withNativeType(MILLIS) : field.withNativeType(null);
      PrimitiveType ours = type(own);
      boolean plain = logical == null && own.type() == ColumnType.INT64;
      if (ours.getPrimitiveTypeName() == asked.getPrimitiveTypeName()
          && ours.getTypeLength() == asked.getTypeLength()
          && (plain || Objects.equals(logical, ours.getLogicalTypeAnnotation()))) {
        return own;
      }
    }
    throw new IllegalArgumentException(
        "its column '"
            + type.getName()
            + "' has a type that is not written: "
            + String.join(" ", type.toString().split("\\s+")));
  }

  /** What stands in the file, as a reader would tell it. */
  static Schema check(Schema source) {
    Set<String> names = new HashSet<>();
    List<Field> fields = new ArrayList<>();
    for (Field field : source.fields()) {
      if (field.name().isEmpty() || !names.add(field.name())) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "a parquet file needs a name of its own for each column: '"
                + field.name()
                + "' is "
                + (field.name().isEmpty() ? "none" : "there twice")
                + "; give names in the reader's option column");
      }
      fields.add(Decoders.of(type(field), OldCalendar.NONE).field());
    }
    return new Schema(fields);
  }

  /** Names the columns whose decimals few other programs read. */
  static List<String> warnings(Schema source) {
    List<String> warnings = new ArrayList<>();
    for (Field field : source.fields()) {
      if (field.type() == ColumnType.DECIMAL && precision(field) > WIDEST) {
        warnings.add(
            "column '"
                + Sensitive.name(field.name())
                + "' is written as decimal("
                + precision(field)
                + ","
                + field.scale()
                + "): Spark, Hive, Trino and most other programs read no parquet decimal of more"
                + " than "
                + WIDEST
                + " digits; if one of them will, give the writer's option column a type of at most"
                + " 38 digits, or string");
      }
    }
    return warnings;
  }

  static MessageType schema(Schema source) {
    List<Type> types = new ArrayList<>();
    for (Field field : source.fields()) {
      types.add(type(field));
    }
    return new MessageType("millrace", types);
  }

  static PrimitiveType type(Field field) {
    Repetition repetition = field.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    return switch (field.type()) {
      case BOOLEAN -> plain(PrimitiveTypeName.BOOLEAN, repetition, field);
      case INT64 -> integer(field, repetition);
      case FLOAT64 ->
          plain(
              field.bits() == 32 ? PrimitiveTypeName.FLOAT : PrimitiveTypeName.DOUBLE,
              repetition,
              field);
      case DECIMAL -> decimal(field, repetition);
      case STRING ->
          logical(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType(), repetition, field);
      case JSON ->
          logical(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.jsonType(), repetition, field);
      case BYTES -> plain(PrimitiveTypeName.BINARY, repetition, field);
      case TIME ->
          logical(
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timeType(false, TimeUnit.MICROS),
              repetition,
              field);
      case DATE ->
          logical(PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType(), repetition, field);
      case DATETIME, TIMESTAMP ->
          logical(
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timestampType(
                  field.type() == ColumnType.TIMESTAMP,
                  MILLIS.equals(field.nativeType()) ? TimeUnit.MILLIS : TimeUnit.MICROS),
              repetition,
              field);
    };
  }

  private static PrimitiveType plain(PrimitiveTypeName type, Repetition repetition, Field field) {
    return Types.primitive(type, repetition).named(field.name());
  }

  private static PrimitiveType logical(
      PrimitiveTypeName type, LogicalTypeAnnotation logical, Repetition repetition, Field field) {
    return Types.primitive(type, repetition).as(logical).named(field.name());
  }

  private static PrimitiveType integer(Field field, Repetition repetition) {
    int bits = field.bits() <= 8 ? 8 : field.bits() <= 16 ? 16 : field.bits() <= 32 ? 32 : 64;
    PrimitiveTypeName type = bits == 64 ? PrimitiveTypeName.INT64 : PrimitiveTypeName.INT32;
    return logical(type, LogicalTypeAnnotation.intType(bits, !field.unsigned()), repetition, field);
  }

  /** The digits of a decimal column in a file. */
  static int precision(Field field) {
    int asked = field.precision() == 0 ? WIDEST : field.precision();
    return Math.max(asked, field.scale());
  }

  private static PrimitiveType decimal(Field field, Repetition repetition) {
    if (field.scale() < 0) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "column '"
              + Sensitive.name(field.name())
              + "' has a negative scale, which parquet does not know");
    }
    int precision = precision(field);
    LogicalTypeAnnotation logical = LogicalTypeAnnotation.decimalType(field.scale(), precision);
    if (precision <= 18) {
      PrimitiveTypeName type = precision <= 9 ? PrimitiveTypeName.INT32 : PrimitiveTypeName.INT64;
      return logical(type, logical, repetition, field);
    }
    return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
        .length(BigInteger.TEN.pow(precision).bitLength() / 8 + 1)
        .as(logical)
        .named(field.name());
  }
}
