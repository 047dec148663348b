package io.millrace.kafka.read;

import io.millrace.api.DirtyRecords;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.kafka.value.BadValueException;
import io.millrace.kafka.value.BinaryType;
import io.millrace.kafka.value.FieldParser;
import io.millrace.kafka.value.Fields;
import io.millrace.kafka.value.TypedValues;
import io.millrace.kafka.value.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Turns messages into records of a batch; one that cannot be turned is dirty. For one thread. */
final class MessageRows {

  private final List<Layout.Item> items;
  private final Layout.Types types;
  private final Charset charset;
  private final int[] dataFields;
  private final Fields fields;
  private final FieldParser parser;
  private final Fields constants;
  private final HeaderText headers;
  private final PartitionRange range;
  private final int maxValueBytes;
  private final DirtyRecords dirty;
  private final boolean hasData;
  private final Slice slice = new Slice();

  MessageRows(Layout layout, PartitionRange range, int maxValueBytes, DirtyRecords dirty) {
    this.items = layout.items();
    this.types = layout.types();
    this.charset = layout.charset();
    this.dataFields = layout.dataFields();
    int count = (int) items.stream().filter(i -> i.source() instanceof ColumnSource.Data).count();
    this.hasData = count > 0;
    this.fields = new Fields(count);
    this.parser = layout.parser(maxValueBytes);
    this.constants = new Fields(1);
    this.headers = new HeaderText(layout.headerCharset());
    this.range = range;
    this.maxValueBytes = maxValueBytes;
    this.dirty = dirty;
  }

  /** Bytes that stand somewhere. */
  private static final class Slice {
    byte[] bytes = new byte[0];
    int offset;
    int length;

    void of(ByteBuffer buffer) {
      if (buffer.hasArray()) {
        bytes = buffer.array();
        offset = buffer.arrayOffset() + buffer.position();
        length = buffer.remaining();
      } else {
        bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        offset = 0;
        length = bytes.length;
      }
    }

    void recode(Charset from) {
      bytes = new String(bytes, offset, length, from).getBytes(StandardCharsets.UTF_8);
      offset = 0;
      length = bytes.length;
    }
  }

  void append(ConsumerRecord<ByteBuffer, ByteBuffer> message, RecordBatch into) {
    int column = 0;
    try {
      if (hasData) {
        cut(message.value());
      }
      for (; column < items.size(); column++) {
        append(message, column, into.column(column));
      }
      into.endRecord(message.offset());
    } catch (BadValueException e) {
      into.discardRecord();
      dirty.add(
          message.offset(),
          new RawValues(items, dataFields, fields, types).of(message),
          new DirtyRecords.Reason(
              e.code(),
              "partition "
                  + range.partition().partition()
                  + ", offset "
                  + message.offset()
                  + ": "
                  + e.getMessage(),
              isWhole(e) ? null : items.get(column).field().name()));
    }
  }

  private static boolean isWhole(BadValueException e) {
    return switch (e.code()) {
      case "NOT_JSON", "TOO_FEW_FIELDS", "BAD_CSV" -> true;
      default -> false;
    };
  }

  /** Cuts the value into fields; one that is not there has none. */
  private void cut(@Nullable ByteBuffer value) throws BadValueException {
    if (value == null) {
      fields.clear();
      return;
    }
    slice.of(value);
    if (!charset.equals(StandardCharsets.UTF_8)) {
      slice.recode(charset);
    }
    parser.parse(slice.bytes, slice.offset, slice.length, fields);
  }

  private void append(ConsumerRecord<ByteBuffer, ByteBuffer> message, int index, Column column)
      throws BadValueException {
    ColumnSource source = items.get(index).source();
    if (dataFields[index] >= 0) {
      requireSize(fields.length(dataFields[index]));
      TypedValues.append(column, fields, dataFields[index]);
    } else if (source instanceof ColumnSource.Part part) {
      part(message, part, column);
    } else if (source instanceof ColumnSource.Header header) {
      header(message.headers().lastHeader(header.name()), column);
    } else if (source instanceof ColumnSource.Constant constant) {
      constant(constant.text(), column);
    }
  }

  private void part(
      ConsumerRecord<ByteBuffer, ByteBuffer> message, ColumnSource.Part part, Column column)
      throws BadValueException {
    switch (part) {
      case KEY -> binary(message.key(), types.key(), column);
      case VALUE -> binary(message.value(), types.value(), column);
      case PARTITION -> ((LongColumn) column).append(message.partition());
      case OFFSET -> ((LongColumn) column).append(message.offset());
      case TIMESTAMP ->
          ((LongColumn) column)
              .append(
                  column.field().type() == ColumnType.TIMESTAMP
                      ? message.timestamp() * 1000
                      : message.timestamp());
      case HEADERS -> headers.append(message.headers(), (BytesColumn) column);
    }
  }

  private void binary(@Nullable ByteBuffer buffer, BinaryType type, Column column)
      throws BadValueException {
    if (buffer == null) {
      column.appendNull();
      return;
    }
    slice.of(buffer);
    requireSize(slice.length);
    switch (type) {
      case STRING, BYTE_ARRAY -> text((BytesColumn) column);
      case DOUBLE ->
          ((DoubleColumn) column)
              .append(Double.longBitsToDouble(type.bits(slice.bytes, slice.offset, slice.length)));
      case FLOAT ->
          ((DoubleColumn) column)
              .append(
                  Float.intBitsToFloat((int) type.bits(slice.bytes, slice.offset, slice.length)));
      case INTEGER, LONG, SHORT ->
          ((LongColumn) column).append(type.bits(slice.bytes, slice.offset, slice.length));
    }
  }

  private void text(BytesColumn column) throws BadValueException {
    if (column.field().type() != ColumnType.BYTES) {
      if (charset.equals(StandardCharsets.UTF_8)) {
        Utf8.require(slice.bytes, slice.offset, slice.length);
      } else {
        slice.recode(charset);
      }
    }
    column.append(slice.bytes, slice.offset, slice.length);
  }

  private void header(@Nullable Header header, Column column) throws BadValueException {
    if (header == null || header.value() == null) {
      column.appendNull();
      return;
    }
    byte[] value = header.value();
    requireSize(value.length);
    if (column.field().type() == ColumnType.BYTES) {
      ((BytesColumn) column).append(value);
    } else {
      constant(headers.decoded(value), column);
    }
  }

  private void constant(byte @Nullable [] text, Column column) throws BadValueException {
    if (text == null) {
      column.appendNull();
    } else if (column.field().type() == ColumnType.BYTES) {
      ((BytesColumn) column).append(text);
    } else {
      constants.setText(text);
      TypedValues.append(column, constants, 0);
    }
  }

  private void requireSize(int length) throws BadValueException {
    if (length > maxValueBytes) {
      throw new BadValueException(
          "VALUE_TOO_LARGE",
          "the value has " + length + " bytes, more than the " + maxValueBytes + " allowed");
    }
  }
}
