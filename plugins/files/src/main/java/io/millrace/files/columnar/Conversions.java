package io.millrace.files.columnar;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.text.TextConversion;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Delivers the values of a column in another type than the file has. Stateless. */
final class Conversions {

  private Conversions() {}

  static ValueSource of(FileColumn column, Field target, @Nullable String format, ZoneId zone) {
    Field field = column.field();
    if (format == null && isSame(field, target)) {
      return column.values();
    }
    return new Converted(column, converter(field, target, format, zone));
  }

  /** Whether every value of one type stands as it is in a column of the other. */
  private static boolean isSame(Field from, Field to) {
    ColumnType type = from.type();
    if (type == ColumnType.JSON && to.type() == ColumnType.STRING) {
      return true;
    }
    if (type != to.type()) {
      return false;
    }
    return switch (type) {
      case INT64 -> fits(from, to);
      case FLOAT64 -> to.bits() != 32 || from.bits() == 32;
      case DECIMAL ->
          from.scale() == to.scale()
              && (to.precision() == 0
                  || (from.precision() > 0 && from.precision() <= to.precision()));
      default -> true;
    };
  }

  private static boolean fits(Field from, Field to) {
    if (from.unsigned() == to.unsigned()) {
      return from.bits() <= to.bits();
    }
    return from.unsigned() && from.bits() < to.bits();
  }

  /** Appends the one value of a column to another; null, or why it cannot be. */
  private interface Converter {
    @Nullable String convert(Column from, Column into);
  }

  private static Converter converter(Field from, Field to, @Nullable String format, ZoneId zone) {
    if (from.type() == ColumnType.BYTES && to.type() == ColumnType.STRING && format == null) {
      // What older programs wrote without saying that it is text.
      return Conversions::text;
    }
    if (from.type() == ColumnType.STRING && to.type() == ColumnType.BYTES && format == null) {
      return Conversions::bytes;
    }
    if (from.type() == ColumnType.TIMESTAMP && to.type() == ColumnType.DATETIME) {
      return (value, into) -> wallClock((LongColumn) value, (LongColumn) into, zone);
    }
    if (from.type() == ColumnType.DATETIME && to.type() == ColumnType.TIMESTAMP) {
      return (value, into) -> instant((LongColumn) value, (LongColumn) into, zone);
    }
    TextConversion conversion = new TextConversion(from, to, format, zone);
    return (value, into) -> conversion.convert(value, 0, into);
  }

  private static @Nullable String text(Column from, Column into) {
    BytesColumn values = (BytesColumn) from;
    if (!TextConversion.isUtf8(values.buffer(), values.offset(0), values.length(0))) {
      return "holds bytes that are no text in UTF-8: use the type bytes";
    }
    return bytes(from, into);
  }

  private static @Nullable String bytes(Column from, Column into) {
    BytesColumn values = (BytesColumn) from;
    ((BytesColumn) into).append(values.buffer(), values.offset(0), values.length(0));
    return null;
  }

  private static @Nullable String wallClock(LongColumn from, LongColumn into, ZoneId zone) {
    try {
      into.append(
          Calendars.dateTime(Calendars.toInstant(from.get(0)).atZone(zone).toLocalDateTime()));
      return null;
    } catch (DateTimeException | ArithmeticException e) {
      return "the instant is beyond the calendar of datetime";
    }
  }

  /** A time that clocks in the zone never showed, or showed twice, is no instant. */
  private static @Nullable String instant(LongColumn from, LongColumn into, ZoneId zone) {
    var wall = Calendars.toLocalDateTime(from.get(0));
    var offsets = zone.getRules().getValidOffsets(wall);
    if (offsets.size() != 1) {
      return wall + (offsets.isEmpty() ? " never was" : " was twice") + " on clocks in " + zone;
    }
    into.append(Calendars.timestamp(wall.toInstant(offsets.get(0))));
    return null;
  }

  /** Goes by way of a column that holds one value. */
  private static final class Converted implements ValueSource {

    private final ValueSource values;
    private final Converter converter;
    private final RecordBatch one;

    Converted(FileColumn column, Converter converter) {
      this.values = column.values();
      this.converter = converter;
      this.one = new RecordBatch(Schema.of(column.field()), 1 << 20, 1);
    }

    @Override
    public @Nullable String next(Column into) throws java.io.IOException {
      one.clear();
      Column value = one.column(0);
      String wrong = values.next(value);
      if (wrong != null) {
        return wrong;
      }
      if (value.isNull(0)) {
        into.appendNull();
        return null;
      }
      return converter.convert(value, into);
    }
  }
}
