package io.millrace.files.parquet;

import java.io.IOException;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.OriginalType;
import org.jspecify.annotations.Nullable;

/** What a footer says about the meaning of a column's values. Stateless. */
final class LogicalTypes {

  private LogicalTypes() {}

  /**
   * The meaning, or null when there is none or one that is not known: the values stay as they are.
   */
  @SuppressWarnings("deprecation") // the older words are all that older files have
  static @Nullable LogicalTypeAnnotation read(SchemaElement element) throws IOException {
    try {
      if (element.isSetLogicalType() && element.getLogicalType().isSet()) {
        return logical(element.getLogicalType());
      }
      ConvertedType converted = element.getConverted_type();
      if (converted == null) {
        return null;
      }
      if (converted == ConvertedType.DECIMAL) {
        return LogicalTypeAnnotation.decimalType(element.getScale(), element.getPrecision());
      }
      return LogicalTypeAnnotation.fromOriginalType(OriginalType.valueOf(converted.name()), null);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "its column '" + element.getName() + "' has an impossible type: " + e.getMessage(), e);
    }
  }

  private static @Nullable LogicalTypeAnnotation logical(LogicalType type) {
    return switch (type.getSetField()) {
      case STRING -> LogicalTypeAnnotation.stringType();
      case MAP -> LogicalTypeAnnotation.mapType();
      case LIST -> LogicalTypeAnnotation.listType();
      case ENUM -> LogicalTypeAnnotation.enumType();
      case DECIMAL ->
          LogicalTypeAnnotation.decimalType(
              type.getDECIMAL().getScale(), type.getDECIMAL().getPrecision());
      case DATE -> LogicalTypeAnnotation.dateType();
      case TIME ->
          LogicalTypeAnnotation.timeType(
              type.getTIME().isIsAdjustedToUTC(), unit(type.getTIME().getUnit()));
      case TIMESTAMP ->
          LogicalTypeAnnotation.timestampType(
              type.getTIMESTAMP().isIsAdjustedToUTC(), unit(type.getTIMESTAMP().getUnit()));
      case INTEGER ->
          LogicalTypeAnnotation.intType(
              type.getINTEGER().getBitWidth(), type.getINTEGER().isIsSigned());
      case JSON -> LogicalTypeAnnotation.jsonType();
      case BSON -> LogicalTypeAnnotation.bsonType();
      case UUID -> LogicalTypeAnnotation.uuidType();
      case FLOAT16 -> LogicalTypeAnnotation.float16Type();
      case UNKNOWN -> LogicalTypeAnnotation.unknownType();
      default -> null;
    };
  }

  private static TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
    return unit.isSetMILLIS()
        ? TimeUnit.MILLIS
        : unit.isSetMICROS() ? TimeUnit.MICROS : TimeUnit.NANOS;
  }

  /** Says both what readers of today and of before understand. */
  static void write(@Nullable LogicalTypeAnnotation logical, SchemaElement element) {
    if (logical == null) {
      return;
    }
    ConvertedType converted = SchemaConversion.converted(logical);
    if (converted != null) {
      element.setConverted_type(converted);
    }
    element.setLogicalType(written(logical, element));
  }

  private static LogicalType written(LogicalTypeAnnotation logical, SchemaElement element) {
    var micros = org.apache.parquet.format.TimeUnit.MICROS(new MicroSeconds());
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      element.setPrecision(decimal.getPrecision());
      element.setScale(decimal.getScale());
      return LogicalType.DECIMAL(new DecimalType(decimal.getScale(), decimal.getPrecision()));
    }
    if (logical instanceof IntLogicalTypeAnnotation integer) {
      return LogicalType.INTEGER(new IntType((byte) integer.getBitWidth(), integer.isSigned()));
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return LogicalType.TIME(new TimeType(time.isAdjustedToUTC(), micros));
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      var unit =
          timestamp.getUnit() == TimeUnit.MILLIS
              ? org.apache.parquet.format.TimeUnit.MILLIS(new MilliSeconds())
              : micros;
      return LogicalType.TIMESTAMP(new TimestampType(timestamp.isAdjustedToUTC(), unit));
    }
    if (logical.equals(LogicalTypeAnnotation.dateType())) {
      return org.apache.parquet.format.LogicalTypes.DATE;
    }
    return logical.equals(LogicalTypeAnnotation.jsonType())
        ? org.apache.parquet.format.LogicalTypes.JSON
        : org.apache.parquet.format.LogicalTypes.UTF8;
  }
}
