package io.millrace.kafka.read;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Gives the bytes of keys and values where they stand, without a copy. Stateless. */
final class Slices implements Deserializer<ByteBuffer> {

  @Override
  @SuppressWarnings("NullAway") // Kafka's own interface returns null for null
  public @Nullable ByteBuffer deserialize(String topic, byte @Nullable [] data) {
    return data == null ? null : ByteBuffer.wrap(data);
  }

  @Override
  public @Nullable ByteBuffer deserialize(
      String topic, Headers headers, @Nullable ByteBuffer data) {
    return data;
  }
}
