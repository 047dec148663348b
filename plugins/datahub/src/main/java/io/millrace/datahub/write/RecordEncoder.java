package io.millrace.datahub.write;

import com.aliyun.datahub.client.exception.InvalidParameterException;
import com.aliyun.datahub.client.model.BlobRecordData;
import com.aliyun.datahub.client.model.Field;
import com.aliyun.datahub.client.model.RecordData;
import com.aliyun.datahub.client.model.RecordSchema;
import com.aliyun.datahub.client.model.TupleRecordData;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import io.millrace.hubs.BadValueException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

/** Makes the service's records of ours. Used by one thread. */
final class RecordEncoder {

  private static final int SHOWN = 100;

  private final TopicFields fields;
  private final ZoneId zone;

  RecordEncoder(TopicFields fields, ZoneId zone) {
    this.fields = fields;
    this.zone = zone;
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
      String text = String.valueOf(Texts.text(batch.column(column), row));
      throw new BadValueException(
              "NOT_" + field.getType(),
              "'"
                  + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
                  + "' is no "
                  + field.getType().name().toLowerCase(Locale.ROOT))
          .in(field.getName());
    }
  }

  private Object value(Field field, Column column, int row) throws BadValueException {
    if (column.field().type() == ColumnType.BYTES) {
      requireText(((BytesColumn) column).get(row));
    }
    String text =
        column instanceof BytesColumn bytes
            ? bytes.getString(row)
            : String.valueOf(Texts.text(column, row));
    return switch (field.getType()) {
      case STRING -> text;
      case BIGINT -> whole(column, text);
      case INTEGER -> Math.toIntExact(whole(column, text));
      case SMALLINT -> Short.valueOf(text.strip());
      case TINYINT -> Byte.valueOf(text.strip());
      case DOUBLE -> Double.valueOf(plain(text));
      case FLOAT -> exactFloat(plain(text));
      case BOOLEAN -> bool(text);
      case DECIMAL -> new BigDecimal(plain(text));
      case TIMESTAMP -> micros(column, row, text);
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

  private static long whole(Column column, String text) {
    if (column.field().type() == ColumnType.DECIMAL) {
      return new BigDecimal(text).longValueExact();
    }
    return Long.parseLong(text.strip());
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

  private static Float exactFloat(String text) {
    float value = Float.parseFloat(text);
    if (Float.isInfinite(value) && !text.endsWith("Infinity")) {
      throw new NumberFormatException("out of range");
    }
    return value;
  }

  private static Boolean bool(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new NumberFormatException("neither true nor false");
    };
  }

  /** TIMESTAMP fields count microseconds since 1970. */
  private Long micros(Column column, int row, String text) {
    return switch (column.field().type()) {
      case TIMESTAMP -> Calendars.timestamp(Calendars.toInstant(longs(column, row)));
      case DATETIME ->
          Calendars.timestamp(
              Calendars.toLocalDateTime(longs(column, row)).atZone(zone).toInstant());
      case DATE ->
          Calendars.timestamp(
              Calendars.toLocalDate(longs(column, row)).atStartOfDay(zone).toInstant());
      default ->
          text.indexOf('T') > 0
              ? Calendars.timestamp(Instant.parse(text.strip()))
              : Long.parseLong(text.strip());
    };
  }

  private static long longs(Column column, int row) {
    return ((LongColumn) column).get(row);
  }
}
