package io.millrace.kafka.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.kafka.value.BadValueException;
import io.millrace.kafka.value.BinaryType;
import io.millrace.kafka.value.ByteSink;
import io.millrace.kafka.value.JsonText;
import io.millrace.kafka.value.TypedValues;
import io.millrace.kafka.write.WriteOptions.Form;
import io.millrace.kafka.write.WriteOptions.WriteMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Makes a message of a record. For one thread. */
final class RecordEncoder {

  private static final JsonFactory JSON = new JsonFactory();

  private final String topic;
  private final Form form;
  private final Target target;
  private final MessageLimits limits;
  private final RecordTimes times;
  private final List<Integer> columns = new ArrayList<>();
  private final List<byte[]> names = new ArrayList<>();
  private final byte[] delimiter;
  private final List<Header> fixed = new ArrayList<>();
  private final ByteSink out = new ByteSink();
  private final ValueText texts;
  private boolean last;

  /**
   * @param task whose clock and zone a message's time goes by; a task of DataX or DataWorks writes
   *     a TIMESTAMP in its zone, as {@link ValueText} has it
   */
  RecordEncoder(
      WriteOptions options, Target target, MessageLimits limits, Schema schema, TaskContext task) {
    this.texts = new ValueText(task.rules().isForeign() ? task.zone() : null);
    this.times = new RecordTimes(target.times(), task);
    this.topic = options.topic();
    this.form = options.form();
    this.target = target;
    this.limits = limits;
    this.delimiter = form.delimiter().getBytes(StandardCharsets.UTF_8);
    form.headers().forEach((name, value) -> fixed.add(new RecordHeader(name, value)));
    for (int i = 0; i < schema.size(); i++) {
      if (i != form.partitionIndex() && i != form.headersIndex() && i != form.timestampIndex()) {
        columns.add(i);
        ByteSink name = new ByteSink();
        JsonText.string(
            name, form.names().isEmpty() ? schema.field(i).name() : form.names().get(i));
        name.write(':');
        names.add(name.copy());
      }
    }
  }

  /**
   * Makes a message.
   *
   * @throws BadValueException when the topic would not take it
   */
  ProducerRecord<byte[], byte[]> encode(RecordBatch batch, int row) throws BadValueException {
    byte[] key = key(batch, row);
    if (key == null && target.needsKeys()) {
      throw new BadValueException(
          "NO_KEY", "the topic is compacted and takes no message without a key");
    }
    byte[] value = value(batch, row);
    List<Header> headers = headers(batch, row);
    last = limits.require(key, value, headers.toArray(Header[]::new));
    int time = form.timestampIndex();
    Long millis = time < 0 ? null : times.of(batch.column(time), row);
    return new ProducerRecord<>(topic, partition(batch, row), millis, key, value, headers);
  }

  /** True when nothing must come behind the last message in its batch. */
  boolean isLast() {
    return last;
  }

  private @Nullable Integer partition(RecordBatch batch, int row) throws BadValueException {
    if (form.partition() >= 0) {
      return form.partition();
    }
    if (form.partitionIndex() < 0 || batch.column(form.partitionIndex()).isNull(row)) {
      return null;
    }
    long wanted = integer(batch.column(form.partitionIndex()), row);
    if (wanted < 0 || wanted >= target.partitions()) {
      throw new BadValueException(
          "NO_PARTITION",
          "there is no partition "
              + Sensitive.mark(wanted)
              + ", the topic has "
              + target.partitions());
    }
    return (int) wanted;
  }

  private byte @Nullable [] key(RecordBatch batch, int row) throws BadValueException {
    if (form.key().isEmpty()) {
      return null;
    }
    if (form.key().size() == 1) {
      return single(batch.column(form.key().get(0)), row, form.keyType(), form.nullKey());
    }
    out.clear();
    for (int i = 0; i < form.key().size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      Column column = batch.column(form.key().get(i));
      if (!column.isNull(row)) {
        texts.text(out, column, row);
      } else if (form.nullKey() != null) {
        out.utf8(form.nullKey());
      }
    }
    return out.copy();
  }

  private byte @Nullable [] value(RecordBatch batch, int row) throws BadValueException {
    if (form.value() >= 0) {
      return single(batch.column(form.value()), row, form.valueType(), form.nullValue());
    }
    out.clear();
    if (form.mode() == WriteMode.JSON) {
      out.write('{');
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          out.write(',');
        }
        out.write(names.get(i));
        Column column = batch.column(columns.get(i));
        if (column.isNull(row)) {
          out.ascii("null");
        } else {
          texts.json(out, column, row);
        }
      }
      out.write('}');
    } else {
      delimited(batch, row);
    }
    return out.copy();
  }

  private void delimited(RecordBatch batch, int row) {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        out.write(delimiter);
      }
      Column column = batch.column(columns.get(i));
      if (column.isNull(row)) {
        if (form.nullValue() != null) {
          out.utf8(form.nullValue());
        }
      } else if (form.mode() == WriteMode.CSV) {
        texts.csv(out, column, row, delimiter);
      } else {
        texts.text(out, column, row);
      }
    }
  }

  /** One column in a form of its own. */
  private byte @Nullable [] single(
      Column column, int row, BinaryType type, @Nullable String nullText) throws BadValueException {
    if (column.isNull(row)) {
      return nullText == null ? null : nullText.getBytes(StandardCharsets.UTF_8);
    }
    return switch (type) {
      case STRING, BYTE_ARRAY -> {
        out.clear();
        if (column instanceof BytesColumn bytes) {
          ValueText.raw(out, bytes, row);
        } else {
          texts.text(out, column, row);
        }
        yield out.copy();
      }
      case DOUBLE -> ByteBuffer.allocate(8).putDouble(real(column, row)).array();
      case FLOAT -> {
        double value = real(column, row);
        if ((float) value != value && !Double.isNaN(value)) {
          throw loss(String.valueOf(value), type);
        }
        yield ByteBuffer.allocate(4).putFloat((float) value).array();
      }
      case LONG -> ByteBuffer.allocate(8).putLong(integer(column, row)).array();
      case INTEGER -> {
        long value = integer(column, row);
        if ((int) value != value) {
          throw loss(String.valueOf(value), type);
        }
        yield ByteBuffer.allocate(4).putInt((int) value).array();
      }
      case SHORT -> {
        long value = integer(column, row);
        if ((short) value != value) {
          throw loss(String.valueOf(value), type);
        }
        yield ByteBuffer.allocate(2).putShort((short) value).array();
      }
    };
  }

  private static BadValueException loss(String value, BinaryType type) {
    return new BadValueException("BAD_VALUE", Sensitive.mark(value) + " does not fit " + type);
  }

  private long integer(Column column, int row) throws BadValueException {
    if (column instanceof LongColumn longs
        && column.field().type() == ColumnType.INT64
        && !column.field().unsigned()) {
      return longs.get(row);
    }
    String text = text(column, row);
    try {
      // Of a number zeros behind the point are no change; a text has to be a whole number as it is.
      return column instanceof DecimalColumn || column instanceof DoubleColumn
          ? new BigDecimal(text).longValueExact()
          : Long.parseLong(text);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new BadValueException(
          "BAD_VALUE", "'" + Sensitive.mark(text) + "' is not a whole number of 64 bits");
    }
  }

  private String text(Column column, int row) {
    out.clear();
    texts.text(out, column, row);
    return new String(out.buffer(), 0, out.size(), StandardCharsets.UTF_8);
  }

  private double real(Column column, int row) throws BadValueException {
    if (column instanceof DoubleColumn doubles) {
      return doubles.get(row);
    }
    String text = text(column, row);
    try {
      double value = Double.parseDouble(text);
      boolean same =
          Double.isFinite(value)
              ? isSame(new BigDecimal(text), value)
              : text.equals("NaN") || text.endsWith("Infinity");
      if (!same) {
        throw loss(text, BinaryType.DOUBLE);
      }
      return value;
    } catch (NumberFormatException e) {
      throw new BadValueException("BAD_VALUE", "'" + Sensitive.mark(text) + "' is not a number");
    }
  }

  /**
   * The value is the one that was given, or the digits that were given are those that come back.
   */
  private static boolean isSame(BigDecimal given, double value) {
    return given.compareTo(new BigDecimal(Double.toString(value))) == 0
        || given.compareTo(new BigDecimal(value)) == 0;
  }

  private List<Header> headers(RecordBatch batch, int row) throws BadValueException {
    if (form.headersIndex() < 0 || batch.column(form.headersIndex()).isNull(row)) {
      return fixed;
    }
    List<Header> headers = new ArrayList<>(fixed);
    out.clear();
    texts.text(out, batch.column(form.headersIndex()), row);
    try (JsonParser parser = JSON.createParser(out.buffer(), 0, out.size())) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          headers.add(new RecordHeader(name, text(parser)));
        }
      } else if (token == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          headers.add(entry(parser));
        }
      } else {
        throw badHeaders("neither an object nor a list");
      }
      if (parser.nextToken() != null) {
        throw badHeaders("not one JSON value");
      }
      return headers;
    } catch (IOException | IllegalArgumentException e) {
      throw badHeaders("not JSON of this form");
    }
  }

  private static Header entry(JsonParser parser) throws IOException, BadValueException {
    String key = null;
    byte[] value = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      byte[] text = text(parser);
      switch (name) {
        case "key" -> key = text == null ? null : new String(text, StandardCharsets.UTF_8);
        case "value" -> value = text;
        case "base64" -> {
          value = text == null ? null : TypedValues.exactBase64(text);
          if (text != null && value == null) {
            throw badHeaders("not Base64");
          }
        }
        default -> throw badHeaders("'" + Sensitive.mark(name) + "' is unknown");
      }
    }
    if (key == null) {
      throw badHeaders("an entry has no key");
    }
    return new RecordHeader(key, value);
  }

  private static byte @Nullable [] text(JsonParser parser) throws IOException, BadValueException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == null || !token.isScalarValue()) {
      throw badHeaders("a value is no text");
    }
    return parser.getText().getBytes(StandardCharsets.UTF_8);
  }

  private static BadValueException badHeaders(String why) {
    return new BadValueException("BAD_HEADERS", "the column of headersIndex is " + why);
  }
}
