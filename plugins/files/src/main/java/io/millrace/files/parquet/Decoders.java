package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.files.columnar.Days;
import io.millrace.files.columnar.FineMoment;
import io.millrace.files.format.Format;
import io.millrace.files.text.TextConversion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.BsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/** What a stored type is in records. Stateless. */
final class Decoders {

  private Decoders() {}

  /**
   * The decoder of a column.
   *
   * @param oldCalendar what is counted in another calendar
   */
  static Decoder of(PrimitiveType type, OldCalendar oldCalendar) {
    Field field =
        Field.of(type.getName(), ColumnType.BYTES)
            .withNullable(type.getRepetition() != Repetition.REQUIRED);
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return new DecimalDecoder(
          Field.decimal(type.getName(), decimal.getPrecision(), decimal.getScale())
              .withNullable(field.nullable()));
    }
    if (logical instanceof UnknownLogicalTypeAnnotation) {
      return new NothingDecoder(
          typed(field, ColumnType.STRING).withNativeType(Format.NO_TYPE).withNullable(true));
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> new BooleanDecoder(typed(field, ColumnType.BOOLEAN));
      case INT32, INT64 -> integer(type, logical, field, oldCalendar);
      case FLOAT -> new RealDecoder(typed(field, ColumnType.FLOAT64).withBits(32, false));
      case DOUBLE -> new RealDecoder(typed(field, ColumnType.FLOAT64));
      case INT96 -> new Int96Decoder(typed(field, ColumnType.TIMESTAMP), oldCalendar.int96());
      case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(logical, field);
    };
  }

  private static Field typed(Field field, ColumnType type) {
    return Field.of(field.name(), type).withNullable(field.nullable());
  }

  private static Decoder integer(
      PrimitiveType type,
      @Nullable LogicalTypeAnnotation logical,
      Field field,
      OldCalendar oldCalendar) {
    boolean wide = type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64;
    if (logical instanceof DateLogicalTypeAnnotation) {
      return new TemporalDecoders.Date(typed(field, ColumnType.DATE), oldCalendar.days());
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return new TemporalDecoders.Time(typed(field, ColumnType.TIME), time.getUnit());
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      ColumnType own = timestamp.isAdjustedToUTC() ? ColumnType.TIMESTAMP : ColumnType.DATETIME;
      return new TemporalDecoders.Timestamp(
          typed(field, own), timestamp.getUnit(), oldCalendar.days());
    }
    if (logical instanceof IntLogicalTypeAnnotation integer) {
      return new IntegerDecoder(
          typed(field, ColumnType.INT64).withBits(integer.getBitWidth(), !integer.isSigned()));
    }
    return new IntegerDecoder(typed(field, ColumnType.INT64).withBits(wide ? 64 : 32, false));
  }

  private static Decoder binary(@Nullable LogicalTypeAnnotation logical, Field field) {
    if (logical instanceof StringLogicalTypeAnnotation
        || logical instanceof EnumLogicalTypeAnnotation) {
      return new TextDecoder(typed(field, ColumnType.STRING));
    }
    if (logical instanceof JsonLogicalTypeAnnotation) {
      return new TextDecoder(typed(field, ColumnType.JSON));
    }
    if (logical instanceof UUIDLogicalTypeAnnotation) {
      return new UuidDecoder(typed(field, ColumnType.STRING).withMaxLength(36));
    }
    if (logical instanceof Float16LogicalTypeAnnotation) {
      return new HalfDecoder(typed(field, ColumnType.FLOAT64).withBits(32, false));
    }
    String nativeType = logical instanceof BsonLogicalTypeAnnotation ? "bson" : null;
    return new BytesDecoder(field.withNativeType(nativeType));
  }

  /** A column of nothing but NULL, whatever it is stored as; pandas writes such. */
  private static final class NothingDecoder extends Decoder {

    private static final String VALUE = "is a value in a column of the null type";

    NothingDecoder(Field field) {
      super(field);
    }

    @Override
    String bool(boolean value, Column into) {
      return VALUE;
    }

    @Override
    String int32(int value, Column into) {
      return VALUE;
    }

    @Override
    String int64(long value, Column into) {
      return VALUE;
    }

    @Override
    String real(double value, Column into) {
      return VALUE;
    }

    @Override
    String binary(Binary value, Column into) {
      return VALUE;
    }
  }

  private static final class BooleanDecoder extends Decoder {
    BooleanDecoder(Field field) {
      super(field);
    }

    @Override
    @Nullable String bool(boolean value, Column into) {
      ((LongColumn) into).append(value ? 1 : 0);
      return null;
    }
  }

  private static final class IntegerDecoder extends Decoder {

    private final boolean unsigned;
    private final long min;
    private final long max;

    IntegerDecoder(Field field) {
      super(field);
      int bits = field.bits();
      unsigned = field.unsigned();
      min = unsigned ? 0 : -1L << (bits - 1);
      max = unsigned ? (1L << bits) - 1 : ~min;
    }

    @Override
    @Nullable String int32(int value, Column into) {
      return int64(unsigned ? value & 0xffffffffL : value, into);
    }

    @Override
    @Nullable String int64(long value, Column into) {
      if (field().bits() < 64 && (value < min || value > max)) {
        return value + " does not fit into the " + field().bits() + " bits of the column";
      }
      ((LongColumn) into).append(value);
      return null;
    }
  }

  private static final class RealDecoder extends Decoder {
    RealDecoder(Field field) {
      super(field);
    }

    @Override
    @Nullable String real(double value, Column into) {
      ((DoubleColumn) into).append(value);
      return null;
    }
  }

  private static final class HalfDecoder extends Decoder {
    HalfDecoder(Field field) {
      super(field);
    }

    @Override
    @Nullable String binary(Binary value, Column into) {
      ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.remaining() != 2) {
        return "a half float has " + bytes.remaining() + " bytes";
      }
      int bits = bytes.getShort() & 0xffff;
      int exponent = bits >> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      double magnitude =
          switch (exponent) {
            case 0 -> fraction * 0x1p-24;
            case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb(1 + fraction * 0x1p-10, exponent - 15);
          };
      ((DoubleColumn) into).append((bits & 0x8000) == 0 ? magnitude : -magnitude);
      return null;
    }
  }

  private static final class UuidDecoder extends Decoder {
    UuidDecoder(Field field) {
      super(field);
    }

    @Override
    @Nullable String binary(Binary value, Column into) {
      ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.BIG_ENDIAN);
      if (bytes.remaining() != 16) {
        return "a UUID has " + bytes.remaining() + " bytes";
      }
      ((BytesColumn) into).append(new UUID(bytes.getLong(), bytes.getLong()).toString());
      return null;
    }
  }

  private static class BytesDecoder extends Decoder {
    BytesDecoder(Field field) {
      super(field);
    }

    @Override
    @Nullable String binary(Binary value, Column into) {
      ByteBuffer bytes = value.toByteBuffer();
      if (!bytes.hasArray()) {
        byte[] copy = value.getBytes();
        return append(copy, 0, copy.length, (BytesColumn) into);
      }
      return append(
          bytes.array(),
          bytes.arrayOffset() + bytes.position(),
          bytes.remaining(),
          (BytesColumn) into);
    }

    @Nullable String append(byte[] bytes, int offset, int length, BytesColumn into) {
      into.append(bytes, offset, length);
      return null;
    }
  }

  private static final class TextDecoder extends BytesDecoder {
    TextDecoder(Field field) {
      super(field);
    }

    @Override
    @Nullable String append(byte[] bytes, int offset, int length, BytesColumn into) {
      if (!TextConversion.isUtf8(bytes, offset, length)) {
        return "holds bytes that are no text in UTF-8";
      }
      into.append(bytes, offset, length);
      return null;
    }
  }

  private static final class Int96Decoder extends Decoder {

    /** The Julian day of 1970-01-01. */
    private static final long EPOCH = 2_440_588;

    private final boolean oldCalendar;

    Int96Decoder(Field field, boolean oldCalendar) {
      super(field);
      this.oldCalendar = oldCalendar;
    }

    @Override
    @Nullable String binary(Binary value, Column into) {
      ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.remaining() != 12) {
        return "an INT96 has " + bytes.remaining() + " bytes";
      }
      long nanos = bytes.getLong();
      long day = (bytes.getInt() & 0xffffffffL) - EPOCH;
      return TemporalDecoders.instant(day, nanos, oldCalendar, (LongColumn) into);
    }

    @Override
    RawValue rejected(Binary value) {
      ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.remaining() != 12) {
        return super.rejected(value);
      }
      long nanos = bytes.getLong();
      long day = (bytes.getInt() & 0xffffffffL) - EPOCH;
      return oldCalendar && day < Days.GREGORIAN
          ? super.rejected(value)
          : FineMoment.of(
              field().type(), day * 86_400 + Math.floorDiv(nanos, 1_000_000_000L), nanos);
    }
  }
}
