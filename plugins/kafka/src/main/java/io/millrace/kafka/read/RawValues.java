package io.millrace.kafka.read;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.kafka.value.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message that is dirty. Where the value could not be cut, its first column
 * shows the beginning of the whole.
 */
record RawValues(List<Layout.Item> items, int[] dataFields, Fields fields, Layout.Types types) {

  private static final int SHOWN_BYTES = 1024;

  List<RawValue> of(ConsumerRecord<ByteBuffer, ByteBuffer> message) {
    boolean cut = false;
    for (int i = 0; i < fields.size(); i++) {
      cut |= fields.kind(i) != Fields.Kind.NULL;
    }
    List<RawValue> values = new ArrayList<>(items.size());
    boolean wholeShown = cut;
    for (int i = 0; i < items.size(); i++) {
      String type = items.get(i).field().type().name();
      if (dataFields[i] < 0) {
        values.add(part(message, items.get(i).source(), type));
      } else if (!wholeShown) {
        wholeShown = true;
        values.add(bytes("VALUE", message.value()));
      } else {
        values.add(field(type, dataFields[i]));
      }
    }
    return values;
  }

  private RawValue field(String type, int field) {
    return switch (fields.kind(field)) {
      case NULL -> new RawValue(type, 0, null);
      case TRUE -> new RawValue(type, 4, "true");
      case FALSE -> new RawValue(type, 5, "false");
      default -> shown(type, fields.buffer(field), fields.start(field), fields.length(field));
    };
  }

  private static RawValue part(
      ConsumerRecord<ByteBuffer, ByteBuffer> message, ColumnSource source, String type) {
    if (source instanceof ColumnSource.Part part) {
      return switch (part) {
        case KEY -> bytes(type, message.key());
        case VALUE -> bytes(type, message.value());
        case PARTITION -> number(type, message.partition());
        case OFFSET -> number(type, message.offset());
        case TIMESTAMP -> number(type, message.timestamp());
        case HEADERS -> new RawValue(type, 0, message.headers().toArray().length + " headers");
      };
    }
    if (source instanceof ColumnSource.Constant constant && constant.text() != null) {
      return shown(type, constant.text(), 0, constant.text().length);
    }
    return new RawValue(type, 0, null);
  }

  private static RawValue number(String type, long value) {
    return new RawValue(type, 8, String.valueOf(value));
  }

  private static RawValue bytes(String type, @Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return new RawValue(type, 0, null);
    }
    byte[] copy = new byte[Math.min(buffer.remaining(), SHOWN_BYTES)];
    buffer.duplicate().get(copy);
    RawValue shown = shown(type, copy, 0, copy.length);
    boolean whole = copy.length == buffer.remaining();
    return new RawValue(type, buffer.remaining(), whole ? shown.text() : shown.text() + "…");
  }

  private static RawValue shown(String type, byte[] bytes, int start, int length) {
    int size = Math.min(length, SHOWN_BYTES);
    boolean binary = false;
    for (int i = start; i < start + size && !binary; i++) {
      binary = bytes[i] == 0;
    }
    String text =
        binary
            ? "0x" + HexFormat.of().formatHex(bytes, start, start + size)
            : new String(bytes, start, size, StandardCharsets.UTF_8);
    return new RawValue(type, length, size < length ? text + "…" : text);
  }
}
