package io.millrace.files.orc;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.files.columnar.Checks;
import io.millrace.files.columnar.Days;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.Decimal64ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.jspecify.annotations.Nullable;

/** The encoders for every type of column; what they put the sources read. Stateless. */
final class OrcEncoders {

  private OrcEncoders() {}

  static OrcEncoder of(Field field) {
    return switch (field.type()) {
      case BOOLEAN, TIME -> new Whole();
      case INT64 -> field.unsigned() && field.bits() > 32 ? new Unsigned64() : new Integers(field);
      case FLOAT64 -> field.bits() == 32 ? new Floats() : new Reals();
      case DECIMAL ->
          OrcTypes.precision(field) > OrcTypes.MAX_PRECISION
              ? new DecimalTexts(field)
              : new Decimals(field);
      case STRING, JSON, BYTES -> new Bytes();
      case DATE -> new Dates();
      case DATETIME -> new Moments(true);
      case TIMESTAMP -> new Moments(false);
    };
  }

  private static class Whole extends OrcEncoder {
    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      ((LongColumnVector) vector).vector[at] = ((LongColumn) column).get(row);
    }
  }

  private static final class Integers extends Whole {

    private final Field field;

    Integers(Field field) {
      this.field = field;
    }

    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.integer(((LongColumn) column).get(row), field);
    }
  }

  private static final class Unsigned64 extends OrcEncoder {
    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      long value = ((LongColumn) column).get(row);
      DecimalColumnVector decimals = (DecimalColumnVector) vector;
      if (value >= 0) {
        decimals.vector[at].setFromLong(value);
      } else {
        decimals.vector[at].set(
            HiveDecimal.create(new BigDecimal(new BigInteger(Long.toUnsignedString(value)))));
      }
    }
  }

  private static class Reals extends OrcEncoder {
    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      ((DoubleColumnVector) vector).vector[at] = ((DoubleColumn) column).get(row);
    }
  }

  private static final class Floats extends Reals {
    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.single(((DoubleColumn) column).get(row));
    }
  }

  private static final class Decimals extends OrcEncoder {

    private final int precision;
    private final int scale;

    Decimals(Field field) {
      this.precision = OrcTypes.precision(field);
      this.scale = field.scale();
    }

    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.decimal((DecimalColumn) column, row, precision, scale);
    }

    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      DecimalColumn decimals = (DecimalColumn) column;
      boolean wide = decimals.isWide(row);
      if (vector instanceof Decimal64ColumnVector narrow) {
        narrow.vector[at] =
            wide
                ? decimals.get(row).setScale(scale).unscaledValue().longValueExact()
                : decimals.unscaled(row);
      } else if (wide) {
        ((DecimalColumnVector) vector).vector[at].set(HiveDecimal.create(decimals.get(row)));
      } else {
        ((DecimalColumnVector) vector)
            .vector[at].setFromLongAndScale(decimals.unscaled(row), scale);
      }
    }
  }

  private static final class DecimalTexts extends OrcEncoder {

    private final int precision;
    private final int scale;

    DecimalTexts(Field field) {
      this.precision = OrcTypes.precision(field);
      this.scale = field.scale();
    }

    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.decimal((DecimalColumn) column, row, precision, scale);
    }

    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      String text = ((DecimalColumn) column).get(row).setScale(scale).toPlainString();
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      ((BytesColumnVector) vector).setRef(at, bytes, 0, bytes.length);
    }
  }

  private static final class Bytes extends OrcEncoder {
    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      BytesColumn bytes = (BytesColumn) column;
      ((BytesColumnVector) vector).setRef(at, bytes.buffer(), bytes.offset(row), bytes.length(row));
    }
  }

  private static final class Dates extends OrcEncoder {
    @Override
    public @Nullable String check(Column column, int row) {
      return Checks.date(((LongColumn) column).get(row));
    }

    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      ((LongColumnVector) vector).vector[at] = Days.day(((LongColumn) column).get(row));
    }
  }

  private static final class Moments extends OrcEncoder {

    private final boolean wallClock;
    private final LongUnaryOperator micros;

    Moments(boolean wallClock) {
      this.wallClock = wallClock;
      this.micros = wallClock ? Days::micros : LongUnaryOperator.identity();
    }

    @Override
    public @Nullable String check(Column column, int row) {
      long value = ((LongColumn) column).get(row);
      String wrong = wallClock ? Checks.dateTime(value) : Checks.timestamp(value);
      if (wrong != null) {
        return wrong;
      }
      long since = micros.applyAsLong(value);
      return since < 0 && since > -999_001
          ? "ORC has no number for the last second before 1970 that every reader understands"
          : null;
    }

    @Override
    void put(Column column, int row, ColumnVector vector, int at) {
      TimestampColumnVector times = (TimestampColumnVector) vector;
      long since = micros.applyAsLong(((LongColumn) column).get(row));
      times.time[at] = Math.floorDiv(since, 1000L);
      times.nanos[at] = (int) Math.floorMod(since, 1_000_000L) * 1000;
    }
  }
}
