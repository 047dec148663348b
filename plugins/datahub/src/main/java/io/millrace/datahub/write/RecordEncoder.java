package io.millrace.datahub.write;

import com.aliyun.datahub.client.exception.InvalidParameterException;
import com.aliyun.datahub.client.model.BlobRecordData;
import com.aliyun.datahub.client.model.Field;
import com.aliyun.datahub.client.model.RecordData;
import com.aliyun.datahub.client.model.RecordSchema;
import com.aliyun.datahub.client.model.TupleRecordData;
import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.ValueType;
import io.millrace.hubs.WallClock;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the service's records of ours. Used by one thread. */
final class RecordEncoder {

  private static final int SHOWN = 100;

  private final TopicFields fields;
  private final ZoneId zone;
  private final @Nullable ZoneId textZone;
  private final Narrowing narrowing;
  private final Map<String, Long> rounded = new HashMap<>();

  /** The fields whose values were changed in the record that is made. */
  private final List<String> changed = new ArrayList<>();

  RecordEncoder(TopicFields fields, TaskContext task) {
    this.fields = fields;
    this.zone = task.zone();
    // As DataX writes it, where a task of its kind is run.
    this.textZone = task.rules().isForeign() ? task.zone() : null;
    this.narrowing = task.rules().narrowing();
  }

  /** How many values were changed, by field. */
  Map<String, Long> rounded() {
    return rounded;
  }

  /**
   * One record.
   *
   * @throws BadValueException when a value does not suit its field
   */
  RecordData data(RecordBatch batch, int row) throws BadValueException {
    RecordSchema schema = fields.schema();
    if (schema == null) {
      if (batch.column(0).isNull(row)) {
        throw new BadValueException("NULL", "a BLOB record cannot be NULL");
      }
      return new BlobRecordData(batch.bytes(0).get(row));
    }
    changed.clear();
    TupleRecordData data = new TupleRecordData(schema);
    for (int i = 0; i < fields.indexes().size(); i++) {
      int index = fields.indexes().get(i);
      Field field = schema.getField(index);
      if (batch.column(i).isNull(row)) {
        if (!field.isAllowNull()) {
          throw new BadValueException("NULL", "the topic's field may not be NULL")
              .in(field.getName());
        }
      } else {
        set(data, index, field, batch, i, row);
      }
    }
    for (String name : changed) {
      rounded.merge(name, 1L, Long::sum);
    }
    return data;
  }

  private void set(
      TupleRecordData data, int index, Field field, RecordBatch batch, int column, int row)
      throws BadValueException {
    try {
      data.setField(index, value(field, batch.column(column), row));
    } catch (BadValueException e) {
      throw e.in(field.getName());
    } catch (NumberFormatException
        | ArithmeticException
        | DateTimeException
        | InvalidParameterException e) {
      throw new BadValueException(
              "NOT_" + field.getType(),
              "'"
                  + shown(batch.column(column), row)
                  + "' is no "
                  + field.getType().name().toLowerCase(Locale.ROOT))
          .in(field.getName());
    }
  }

  private static String shown(Column column, int row) {
    String text = String.valueOf(Texts.text(column, row));
    return Sensitive.mark(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
  }

  private Object value(Field field, Column column, int row) throws BadValueException {
    if (column.field().type() == ColumnType.BYTES) {
      requireText(((BytesColumn) column).get(row));
    }
    String text =
        column instanceof BytesColumn bytes
            ? bytes.getString(row)
            : WallClock.text(column, row, textZone);
    return switch (field.getType()) {
      case STRING -> text;
      case BIGINT -> whole(field, column, row, text);
      case INTEGER -> Math.toIntExact(whole(field, column, row, text));
      case SMALLINT -> {
        long value = whole(field, column, row, text);
        yield (short) within(value, Short.MIN_VALUE, Short.MAX_VALUE);
      }
      case TINYINT -> {
        long value = whole(field, column, row, text);
        yield (byte) within(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      }
      case DOUBLE -> real(field, column, row, text);
      case FLOAT -> single(field, column, row, text);
      case BOOLEAN -> bool(text);
      case DECIMAL -> new BigDecimal(plain(text));
      case TIMESTAMP -> micros(field, column, row, text);
    };
  }

  private static void requireText(byte[] value) throws BadValueException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
    } catch (CharacterCodingException e) {
      throw new BadValueException(
          "NOT_UTF8", "the bytes are not UTF-8, and the fields of a topic are text or numbers");
    }
  }

  /** A value is taken that is not the one that was read, or the record is dirty. */
  private void change(Field field, Column column, int row) throws BadValueException {
    if (narrowing != Narrowing.ROUND) {
      throw new BadValueException(
          "NARROWED",
          "'"
              + shown(column, row)
              + "' would be changed to be a "
              + field.getType().name().toLowerCase(Locale.ROOT)
              + "; see narrowing");
    }
    changed.add(field.getName());
  }

  private long whole(Field field, Column column, int row, String text) throws BadValueException {
    BigDecimal exact =
        column instanceof DecimalColumn
            ? new BigDecimal(text)
            : column instanceof DoubleColumn doubles ? new BigDecimal(doubles.get(row)) : null;
    if (exact == null) {
      return Long.parseLong(text.strip());
    }
    BigDecimal rounded = exact.setScale(0, RoundingMode.HALF_UP);
    long value = rounded.longValueExact();
    if (rounded.compareTo(exact) != 0) {
      change(field, column, row);
    }
    return value;
  }

  private static long within(long value, long least, long most) {
    if (value < least || value > most) {
      throw new ArithmeticException("out of range");
    }
    return value;
  }

  private Double real(Field field, Column column, int row, String text) throws BadValueException {
    if (column instanceof DoubleColumn doubles) {
      return doubles.get(row);
    }
    String plain = plain(text);
    double value = Double.parseDouble(plain);
    if (Double.isFinite(value)) {
      requireExact(plain, value, Double.toString(value), field, column, row);
    } else {
      requireSaid(plain);
    }
    return value;
  }

  private Float single(Field field, Column column, int row, String text) throws BadValueException {
    if (column instanceof DoubleColumn doubles) {
      double value = doubles.get(row);
      float nearest = (float) value;
      if (Float.isInfinite(nearest) && !Double.isInfinite(value)) {
        throw new NumberFormatException("out of range");
      }
      if (nearest != value && !Double.isNaN(value)) {
        change(field, column, row);
      }
      return nearest;
    }
    String plain = plain(text);
    float value = Float.parseFloat(plain);
    if (Float.isFinite(value)) {
      requireExact(plain, value, Float.toString(value), field, column, row);
    } else {
      requireSaid(plain);
    }
    return value;
  }

  /** What is no number must say so itself: it may have been too large. */
  private static void requireSaid(String text) {
    if (!text.equals("NaN") && !text.endsWith("Infinity")) {
      throw new NumberFormatException("out of range");
    }
  }

  /**
   * The value is the one that was given, or the digits that were given are those that come back.
   */
  private void requireExact(
      String given, double value, String back, Field field, Column column, int row)
      throws BadValueException {
    if (given.equals(back)) {
      return;
    }
    BigDecimal exact = new BigDecimal(given);
    if (exact.compareTo(new BigDecimal(back)) != 0 && exact.compareTo(new BigDecimal(value)) != 0) {
      change(field, column, row);
    }
  }

  /** A number as people write it: Java's own suffixes and hex digits are no one else's. */
  private static String plain(String text) {
    String stripped = text.strip();
    char last = stripped.isEmpty() ? 0 : stripped.charAt(stripped.length() - 1);
    if (stripped.length() > 400 || "dDfF".indexOf(last) >= 0 || stripped.indexOf('x') >= 0) {
      throw new NumberFormatException("not plain");
    }
    return stripped;
  }

  private static Boolean bool(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new NumberFormatException("neither true nor false");
    };
  }

  /** TIMESTAMP fields count microseconds since 1970. */
  private Long micros(Field field, Column column, int row, String text) throws BadValueException {
    return switch (column.field().type()) {
      case TIMESTAMP -> Calendars.timestamp(Calendars.toInstant(longs(column, row)));
      case DATETIME, DATE ->
          Calendars.timestamp(Calendars.toLocalDateTime(longs(column, row)), null, zone);
      case STRING, JSON, BYTES -> ValueType.micros(text, zone);
      default -> whole(field, column, row, text);
    };
  }

  private static long longs(Column column, int row) {
    return ((LongColumn) column).get(row);
  }
}
