package io.millrace.kafka.read;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.TaskContext;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.kafka.value.BadValueException;
import io.millrace.kafka.value.BinaryType;
import io.millrace.kafka.value.FieldParser;
import io.millrace.kafka.value.Fields;
import io.millrace.kafka.value.NumberUnit;
import io.millrace.kafka.value.Recoder;
import io.millrace.kafka.value.TypedValues;
import io.millrace.kafka.value.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Turns messages into records of a batch; one that cannot be turned is dirty. For one thread. */
final class MessageRows {

  private final List<Layout.Item> items;
  private final Layout.Types types;
  private final @Nullable Recoder recoder;
  private final int[] dataFields;
  private final Fields fields;
  private final FieldParser parser;
  private final Fields constants;
  private final HeaderText headers;
  private final PartitionRange range;
  private final int maxValueBytes;
  private final ZoneId zone;
  private final DirtyRecords dirty;
  private final boolean hasData;
  private final Slice slice = new Slice();
  private final RawValues raw;

  /**
   * @param task whose zone and whose bound of a value count
   */
  MessageRows(Layout layout, PartitionRange range, TaskContext task, DirtyRecords dirty) {
    this.maxValueBytes = task.limits().maxValueBytes();
    this.zone = task.zone();
    this.items = layout.items();
    this.types = layout.types();
    this.recoder =
        layout.charset().equals(StandardCharsets.UTF_8) ? null : new Recoder(layout.charset());
    this.raw = new RawValues(layout.charset(), maxValueBytes);
    this.dataFields = layout.dataFields();
    int count = (int) items.stream().filter(i -> i.source() instanceof ColumnSource.Data).count();
    this.hasData = count > 0;
    this.fields = new Fields(count);
    this.parser = layout.parser(maxValueBytes);
    this.constants = new Fields(1);
    this.headers = new HeaderText(layout.headerCharset());
    this.range = range;
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

    void recode(Recoder from) throws BadValueException {
      bytes = from.utf8(bytes, offset, length);
      offset = 0;
      length = bytes.length;
    }
  }

  void append(ConsumerRecord<ByteBuffer, ByteBuffer> message, RecordBatch into) {
    int column = 0;
    boolean isCut = !hasData;
    try {
      if (hasData) {
        cut(message.value());
        isCut = true;
      }
      for (; column < items.size(); column++) {
        append(message, column, into.column(column));
      }
      into.endRecord(message.offset());
    } catch (BadValueException e) {
      into.discardRecord();
      dirty.add(
          message.offset(),
          kept(message, isCut),
          new DirtyRecords.Reason(
              e.code(),
              "partition "
                  + range.partition().partition()
                  + ", offset "
                  + message.offset()
                  + ": "
                  + e.getMessage(),
              isCut ? items.get(column).field().name() : null));
    }
  }

  /**
   * What is kept of a message that is dirty. Where it could not be cut into fields, its first
   * column holds all of it, and nothing is known of the others.
   */
  private List<RawValue> kept(ConsumerRecord<ByteBuffer, ByteBuffer> message, boolean isCut) {
    List<RawValue> values = new ArrayList<>(items.size());
    boolean shown = false;
    for (int i = 0; i < items.size(); i++) {
      ByteBuffer whole = message.value();
      if (isCut || dataFields[i] < 0) {
        values.add(kept(message, i));
      } else if (!shown && whole != null) {
        shown = true;
        slice.of(whole);
        values.add(raw.message(slice.bytes, slice.offset, slice.length));
      } else {
        values.add(new RawValue(items.get(i).field().type().name(), 0, null, Kept.CUT));
      }
    }
    return values;
  }

  /** One column: its value where it has become one, else what was to become one. */
  private RawValue kept(ConsumerRecord<ByteBuffer, ByteBuffer> message, int index) {
    Field field = items.get(index).field();
    RecordBatch one = new RecordBatch(new Schema(List.of(field)), 1, 1);
    try {
      append(message, index, one.column(0));
      String text = Texts.text(one.column(0), 0);
      Kept kept = text == null && isAbsent(message, index) ? Kept.ABSENT : Kept.WHOLE;
      return new RawValue(field.type().name(), text == null ? 0 : one.bytes(), text, kept);
    } catch (BadValueException e) {
      return bad(message, index, field.type().name());
    }
  }

  private boolean isAbsent(ConsumerRecord<ByteBuffer, ByteBuffer> message, int index) {
    return dataFields[index] >= 0
        ? !fields.isPresent(dataFields[index])
        : items.get(index).source() instanceof ColumnSource.Header header
            && message.headers().lastHeader(header.name()) == null;
  }

  private RawValue bad(ConsumerRecord<ByteBuffer, ByteBuffer> message, int index, String type) {
    ColumnSource source = items.get(index).source();
    int field = dataFields[index];
    if (field >= 0) {
      return switch (fields.kind(field)) {
        case TRUE -> new RawValue(type, 4, "true");
        case FALSE -> new RawValue(type, 5, "false");
        default -> raw.value(type, fields.buffer(field), fields.start(field), fields.length(field));
      };
    }
    ByteBuffer buffer =
        source == ColumnSource.Part.KEY
            ? message.key()
            : source == ColumnSource.Part.VALUE ? message.value() : null;
    if (buffer != null) {
      slice.of(buffer);
      return raw.value(type, slice.bytes, slice.offset, slice.length);
    }
    byte[] bytes =
        source instanceof ColumnSource.Header header
            ? message.headers().lastHeader(header.name()).value()
            : source instanceof ColumnSource.Constant constant ? constant.text() : null;
    return bytes == null
        ? new RawValue(type, 0, null, Kept.CUT)
        : raw.value(type, bytes, 0, bytes.length);
  }

  /** Cuts the value into fields; one that is not there has none. */
  private void cut(@Nullable ByteBuffer value) throws BadValueException {
    if (value == null) {
      fields.clear();
      return;
    }
    slice.of(value);
    if (recoder != null) {
      slice.recode(recoder);
    }
    parser.parse(slice.bytes, slice.offset, slice.length, fields);
  }

  private void append(ConsumerRecord<ByteBuffer, ByteBuffer> message, int index, Column column)
      throws BadValueException {
    ColumnSource source = items.get(index).source();
    if (dataFields[index] >= 0) {
      requireSize(fields.length(dataFields[index]));
      TypedValues.append(column, fields, dataFields[index], zone, items.get(index).unit());
    } else if (source instanceof ColumnSource.Part part) {
      part(message, part, column);
    } else if (source instanceof ColumnSource.Header header) {
      header(message.headers().lastHeader(header.name()), column, items.get(index).unit());
    } else if (source instanceof ColumnSource.Constant constant) {
      constant(constant.text(), column, items.get(index).unit());
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
                      ? TypedValues.micros(message.timestamp(), 1000)
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
      if (recoder == null) {
        Utf8.require(slice.bytes, slice.offset, slice.length);
      } else {
        slice.recode(recoder);
      }
    }
    column.append(slice.bytes, slice.offset, slice.length);
  }

  private void header(@Nullable Header header, Column column, NumberUnit unit)
      throws BadValueException {
    if (header == null || header.value() == null) {
      column.appendNull();
      return;
    }
    byte[] value = header.value();
    requireSize(value.length);
    if (column.field().type() == ColumnType.BYTES) {
      ((BytesColumn) column).append(value);
    } else {
      constant(headers.decoded(value), column, unit);
    }
  }

  private void constant(byte @Nullable [] text, Column column, NumberUnit unit)
      throws BadValueException {
    if (text == null) {
      column.appendNull();
    } else if (column.field().type() == ColumnType.BYTES) {
      ((BytesColumn) column).append(text);
    } else {
      constants.setText(text);
      TypedValues.append(column, constants, 0, zone, unit);
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
