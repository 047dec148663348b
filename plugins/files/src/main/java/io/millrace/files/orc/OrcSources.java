package io.millrace.files.orc;

import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.Sensitive;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.files.columnar.Checks;
import io.millrace.files.columnar.Days;
import io.millrace.files.columnar.FineMoment;
import io.millrace.files.format.RawValues;
import io.millrace.files.text.TextConversion;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.Objects;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.Decimal64ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.jspecify.annotations.Nullable;

/** Turns values of vectors into values of columns. Stateless. */
final class OrcSources {

  private static final String TOO_FINE =
      "has parts of a microsecond, which would be lost: a record holds six digits of a second";
  private static final String BEYOND = "lies beyond the years that a record holds";

  private OrcSources() {}

  /**
   * Appends a value that is not NULL; null, or what is wrong with it: nothing was appended then.
   * Used by one thread.
   */
  @FunctionalInterface
  interface Decoder {
    @Nullable String append(ColumnVector vector, int row, Column into);
  }

  /**
   * The decoder of a column that is not nested.
   *
   * @param field as {@link OrcTypes#field} gives it
   */
  static Decoder of(TypeDescription type, Field field) {
    return switch (field.type()) {
      case BOOLEAN -> OrcSources::whole;
      case INT64 ->
          type.getCategory() == TypeDescription.Category.DECIMAL
              ? unsigned(field)
              : field.unsigned() ? checked(field) : OrcSources::whole;
      case TIME -> OrcSources::whole;
      case FLOAT64 -> OrcSources::real;
      case DECIMAL ->
          type.getCategory() == TypeDescription.Category.STRING
              ? decimalText(field)
              : decimal(field);
      case STRING, JSON -> OrcSources::text;
      case BYTES -> OrcSources::bytes;
      case DATE -> OrcSources::date;
      case DATETIME -> (vector, row, into) -> timestamp(vector, row, (LongColumn) into, true);
      case TIMESTAMP -> (vector, row, into) -> timestamp(vector, row, (LongColumn) into, false);
    };
  }

  /** A value that is not NULL, as it is kept when something is wrong with it. */
  static RawValue rejected(Field field, ColumnVector vector, int row) {
    String type = field.type().name();
    if (vector instanceof BytesColumnVector bytes) {
      Objects.checkFromIndexSize(bytes.start[row], bytes.length[row], bytes.vector[row].length);
      return RawValues.bytes(type, bytes.vector[row], bytes.start[row], bytes.length[row]);
    }
    if (vector instanceof TimestampColumnVector times) {
      return FineMoment.of(field.type(), Math.floorDiv(times.time[row], 1000L), times.nanos[row]);
    }
    if (vector instanceof DecimalColumnVector decimals) {
      String text = new BigDecimal(decimals.vector[row].toString()).toPlainString();
      return new RawValue(type, text.length(), text);
    }
    if (vector instanceof DoubleColumnVector reals) {
      return new RawValue(type, Double.BYTES, Double.toString(reals.vector[row]));
    }
    if (vector instanceof LongColumnVector whole) {
      long value = whole.vector[row];
      return field.type() == ColumnType.DATE
          ? RawValues.said(type, Long.BYTES, "day " + value + " since 1970-01-01")
          : new RawValue(type, Long.BYTES, Long.toString(value));
    }
    return RawValues.lost(type);
  }

  private static @Nullable String whole(ColumnVector vector, int row, Column into) {
    ((LongColumn) into).append(((LongColumnVector) vector).vector[row]);
    return null;
  }

  private static Decoder checked(Field field) {
    return (vector, row, into) -> {
      long value = ((LongColumnVector) vector).vector[row];
      String wrong = Checks.integer(value, field);
      if (wrong == null) {
        ((LongColumn) into).append(value);
      }
      return wrong;
    };
  }

  private static Decoder unsigned(Field field) {
    byte[] scratch = new byte[HiveDecimal.SCRATCH_BUFFER_LEN_TO_BYTES];
    return (vector, row, into) -> {
      var value = ((DecimalColumnVector) vector).vector[row];
      int from = value.toFormatBytes(0, scratch);
      String text =
          new String(
              scratch, from, scratch.length - from, java.nio.charset.StandardCharsets.US_ASCII);
      return TextConversion.parse(text, field, null, ZoneOffset.UTC, into);
    };
  }

  private static @Nullable String real(ColumnVector vector, int row, Column into) {
    ((DoubleColumn) into).append(((DoubleColumnVector) vector).vector[row]);
    return null;
  }

  private static Decoder decimal(Field field) {
    byte[] scratch = new byte[HiveDecimal.SCRATCH_BUFFER_LEN_TO_BYTES];
    int scale = field.scale();
    return (vector, row, into) -> {
      DecimalColumn decimals = (DecimalColumn) into;
      if (vector instanceof Decimal64ColumnVector narrow) {
        decimals.append(narrow.vector[row]);
        return null;
      }
      var value = ((DecimalColumnVector) vector).vector[row];
      if (value.scale() > scale) {
        return Sensitive.mark(value)
            + " has more than the "
            + Counted.of(scale, "digit", "digits")
            + " of its column behind the point";
      }
      int from = value.toFormatBytes(scale, scratch);
      decimals.appendText(scratch, from, scratch.length - from);
      return null;
    };
  }

  private static Decoder decimalText(Field field) {
    return (vector, row, into) -> {
      BytesColumnVector bytes = (BytesColumnVector) vector;
      String text =
          new String(
              bytes.vector[row],
              bytes.start[row],
              Math.min(bytes.length[row], 400),
              java.nio.charset.StandardCharsets.UTF_8);
      return TextConversion.parse(text, field, null, ZoneOffset.UTC, into);
    };
  }

  private static @Nullable String text(ColumnVector vector, int row, Column into) {
    BytesColumnVector bytes = (BytesColumnVector) vector;
    Objects.checkFromIndexSize(bytes.start[row], bytes.length[row], bytes.vector[row].length);
    if (!TextConversion.isUtf8(bytes.vector[row], bytes.start[row], bytes.length[row])) {
      return "holds bytes that are no text in UTF-8";
    }
    return bytes(vector, row, into);
  }

  private static @Nullable String bytes(ColumnVector vector, int row, Column into) {
    BytesColumnVector bytes = (BytesColumnVector) vector;
    Objects.checkFromIndexSize(bytes.start[row], bytes.length[row], bytes.vector[row].length);
    ((BytesColumn) into).append(bytes.vector[row], bytes.start[row], bytes.length[row]);
    return null;
  }

  private static @Nullable String date(ColumnVector vector, int row, Column into) {
    long packed = Days.packed(((LongColumnVector) vector).vector[row]);
    if (packed == Days.NONE) {
      return BEYOND;
    }
    ((LongColumn) into).append(packed);
    return null;
  }

  private static @Nullable String timestamp(
      ColumnVector vector, int row, LongColumn into, boolean wallClock) {
    TimestampColumnVector times = (TimestampColumnVector) vector;
    int nanos = times.nanos[row];
    if (nanos % 1000 != 0) {
      return TOO_FINE;
    }
    long seconds = Math.floorDiv(times.time[row], 1000L);
    if (seconds > Long.MAX_VALUE / 2_000_000 || seconds < -Long.MAX_VALUE / 2_000_000) {
      return BEYOND;
    }
    long micros = seconds * 1_000_000 + nanos / 1000;
    if (wallClock) {
      micros = Days.packedDateTime(micros);
    }
    if (micros == Calendars.ZERO_TIMESTAMP) {
      return BEYOND;
    }
    into.append(micros);
    return null;
  }
}
