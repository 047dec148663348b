package io.millrace.files.columnar;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.RawValues;
import io.millrace.files.store.FileFault;
import io.millrace.files.text.TextConversion;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the values of a column in another type than the file has: the same value, or none.
 * Stateless.
 */
final class Conversions {

  private Conversions() {}

  /**
   * The values in another type.
   *
   * @param format how a column of texts is written, or null
   * @throws IOException when no value of the one type is one of the other
   */
  static ValueSource of(FileColumn column, Field target, @Nullable String format, TaskContext task)
      throws IOException {
    Field field = column.field();
    String form = isText(field.type()) ? format : null;
    boolean asBytes = field.type() == ColumnType.BYTES && target.type() == ColumnType.BYTES;
    if ((form == null || asBytes) && isSame(field, target)) {
      return column.values();
    }
    return new Converted(column, converter(field, target, form, task));
  }

  /** Only texts have a form: a date of a file is one however the task would write it. */
  private static boolean isText(ColumnType type) {
    return type == ColumnType.STRING || type == ColumnType.JSON || type == ColumnType.BYTES;
  }

  /** Whether every value of one type stands as it is in a column of the other. */
  static boolean isSame(Field from, Field to) {
    ColumnType type = from.type();
    if (type == ColumnType.JSON && to.type() == ColumnType.STRING) {
      return to.maxLength() == 0;
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
      case TIME, DATETIME, TIMESTAMP -> from.scale() <= to.scale();
      case STRING ->
          to.maxLength() == 0 || (from.maxLength() > 0 && from.maxLength() <= to.maxLength());
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
  interface Converter {
    @Nullable String convert(Column from, Column into);
  }

  static Converter converter(Field from, Field to, @Nullable String format, TaskContext task)
      throws IOException {
    ColumnType type = from.type();
    if (to.type() == ColumnType.BYTES && format == null) {
      return bytes(from);
    }
    if (type == ColumnType.BYTES) {
      // What older programs wrote without saying that it is text.
      TextConversion conversion =
          new TextConversion(Field.of(from.name(), ColumnType.STRING), to, format, task);
      return NarrowChecks.length(to, (value, into) -> text(value, into, conversion));
    }
    if (format == null && type == to.type() && NarrowChecks.isTime(type)) {
      return NarrowChecks.fraction(to);
    }
    if (type == ColumnType.TIMESTAMP && to.type() == ColumnType.DATETIME) {
      return NarrowChecks.fraction(
          to, (value, into) -> wallClock((LongColumn) value, (LongColumn) into, task.zone()));
    }
    boolean wall = type == ColumnType.DATETIME || type == ColumnType.DATE;
    if (wall && to.type() == ColumnType.TIMESTAMP) {
      return NarrowChecks.fraction(
          to, (value, into) -> instant((LongColumn) value, (LongColumn) into, task.zone()));
    }
    TextConversion conversion = new TextConversion(from, to, format, task);
    Converter byText = (value, into) -> conversion.convert(value, 0, into);
    return switch (to.type()) {
      case INT64 ->
          type == ColumnType.DECIMAL || type == ColumnType.FLOAT64
              ? NarrowChecks.whole(to)
              : byText;
      case FLOAT64 -> NarrowChecks.real(from, to, byText);
      case STRING -> NarrowChecks.length(to, byText);
      default -> byText;
    };
  }

  private static @Nullable String text(Column from, Column into, TextConversion conversion) {
    BytesColumn values = (BytesColumn) from;
    return TextConversion.isUtf8(values.buffer(), values.offset(0), values.length(0))
        ? conversion.convert(from, 0, into)
        : "holds bytes that are no text in UTF-8: use the type bytes";
  }

  private static Converter bytes(Field from) throws IOException {
    return switch (from.type()) {
      case STRING, JSON, BYTES ->
          (value, into) -> {
            BytesColumn values = (BytesColumn) value;
            ((BytesColumn) into).append(values.buffer(), values.offset(0), values.length(0));
            return null;
          };
      default ->
          throw new FileFault(
              "its column '"
                  + Sensitive.name(from.name())
                  + "' holds "
                  + from.type()
                  + ", which are no bytes");
    };
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

  /** A time that clocks in the zone never showed is no instant. */
  private static @Nullable String instant(LongColumn from, LongColumn into, ZoneId zone) {
    try {
      var wall = Calendars.toLocalDateTime(from.get(0));
      into.append(Calendars.timestamp(Calendars.toInstant(wall, zone)));
      return null;
    } catch (DateTimeException | ArithmeticException e) {
      return "is no instant: " + Sensitive.message(e);
    }
  }

  /** Goes by way of a column that holds one value. */
  private static final class Converted implements ValueSource {

    private final ValueSource values;
    private final Converter converter;
    private final RecordBatch one;
    private boolean read;

    Converted(FileColumn column, Converter converter) {
      this.values = column.values();
      this.converter = converter;
      this.one = new RecordBatch(Schema.of(column.field()), 1 << 20, 1);
    }

    @Override
    public @Nullable String next(Column into) throws IOException {
      one.clear();
      Column value = one.column(0);
      String wrong = values.next(value);
      read = wrong == null;
      if (wrong != null) {
        return wrong;
      }
      if (value.isNull(0)) {
        into.appendNull();
        return null;
      }
      return converter.convert(value, into);
    }

    @Override
    public RawValue rejected() {
      return read ? RawValues.of(one.column(0), 0) : values.rejected();
    }
  }
}
