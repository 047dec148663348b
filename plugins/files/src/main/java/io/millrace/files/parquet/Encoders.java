package io.millrace.files.parquet;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.files.columnar.Checks;
import io.millrace.files.columnar.Days;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** The encoders for every type of column; what they write the decoders read. Stateless. */
final class Encoders {

  private Encoders() {}

  static Encoder of(Field field, PrimitiveType type) {
    return switch (field.type()) {
      case BOOLEAN -> new BooleanEncoder();
      case INT64 -> new IntegerEncoder(field, type);
      case FLOAT64 -> field.bits() == 32 ? new FloatEncoder() : new DoubleEncoder();
      case DECIMAL -> new DecimalEncoder(field, type);
      case STRING, JSON, BYTES -> new BytesEncoder();
      case TIME -> new TimeEncoder();
      case DATE -> new DateEncoder();
      case DATETIME -> new DateTimeEncoder(unit(type));
      case TIMESTAMP -> new TimestampEncoder(unit(type));
    };
  }

  /** The microseconds of one step. */
  private static long unit(PrimitiveType type) {
    return type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation moment
            && moment.getUnit() == TimeUnit.MILLIS
        ? 1000
        : 1;
  }

  private static @Nullable String tooFine(long micros, long unit) {
    return micros % unit == 0 ? null : "has parts of a millisecond, which its column does not hold";
  }

  private static final class BooleanEncoder extends Encoder {
    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write(((LongColumn) column).get(row) != 0, 0, level);
    }
  }

  private static final class IntegerEncoder extends Encoder {

    private final Field field;
    private final boolean narrow;

    IntegerEncoder(Field field, PrimitiveType type) {
      this.field = field;
      this.narrow = type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32;
    }

    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.integer(((LongColumn) column).get(row), field);
    }

    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      long value = ((LongColumn) column).get(row);
      if (narrow) {
        out.write((int) value, 0, level);
      } else {
        out.write(value, 0, level);
      }
    }
  }

  private static final class FloatEncoder extends Encoder {
    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.single(((DoubleColumn) column).get(row));
    }

    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write((float) ((DoubleColumn) column).get(row), 0, level);
    }
  }

  private static final class DoubleEncoder extends Encoder {
    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write(((DoubleColumn) column).get(row), 0, level);
    }
  }

  private static final class BytesEncoder extends Encoder {
    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      BytesColumn bytes = (BytesColumn) column;
      out.write(
          Binary.fromReusedByteArray(bytes.buffer(), bytes.offset(row), bytes.length(row)),
          0,
          level);
    }
  }

  private static final class TimeEncoder extends Encoder {
    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.timeOfDay(((LongColumn) column).get(row));
    }

    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write(((LongColumn) column).get(row), 0, level);
    }
  }

  private static final class DateEncoder extends Encoder {
    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.date(((LongColumn) column).get(row));
    }

    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write((int) Days.day(((LongColumn) column).get(row)), 0, level);
    }
  }

  private static final class DateTimeEncoder extends Encoder {

    private final long unit;

    DateTimeEncoder(long unit) {
      this.unit = unit;
    }

    @Override
    public @Nullable String check(Column column, int row) {
      long packed = ((LongColumn) column).get(row);
      String wrong = Checks.dateTime(packed);
      return wrong == null ? tooFine(Calendars.micro(packed), unit) : wrong;
    }

    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write(Math.floorDiv(Days.micros(((LongColumn) column).get(row)), unit), 0, level);
    }
  }

  private static final class TimestampEncoder extends Encoder {

    private final long unit;

    TimestampEncoder(long unit) {
      this.unit = unit;
    }

    @Override
    public @Nullable String check(Column column, int row) {
      long micros = ((LongColumn) column).get(row);
      String wrong = Checks.timestamp(micros);
      return wrong == null ? tooFine(micros, unit) : wrong;
    }

    @Override
    void write(Column column, int row, int level, ColumnWriter out) {
      out.write(Math.floorDiv(((LongColumn) column).get(row), unit), 0, level);
    }
  }
}
