package io.millrace.kafka.write;

import io.millrace.kafka.value.BadValueException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecord;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * How large a message may be: for the producer before it is compressed, for the topic as it is sent
 * alone. What is larger must not get to a producer with a transaction, which would be lost with it.
 * Immutable.
 */
final class MessageLimits {

  private final int mostOfProducer;
  private final int mostOfTopic;
  private final Compression compression;

  private MessageLimits(int mostOfProducer, int mostOfTopic, Compression compression) {
    this.mostOfProducer = mostOfProducer;
    this.mostOfTopic = mostOfTopic;
    this.compression = compression;
  }

  /**
   * The limits of a producer with these properties.
   *
   * @param mostOfTopic its {@code max.message.bytes}
   * @throws org.apache.kafka.common.config.ConfigException when a property has no such value
   */
  static MessageLimits of(Map<String, Object> producer, int mostOfTopic) {
    Map<String, Object> properties = new HashMap<>(producer);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    ProducerConfig config = new ProducerConfig(properties);
    long memory = config.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG);
    int request = config.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    return new MessageLimits((int) Math.min(request, memory), mostOfTopic, compression(config));
  }

  /** As the producer compresses. */
  private static Compression compression(ProducerConfig config) {
    CompressionType type =
        CompressionType.forName(config.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG));
    return switch (type) {
      case GZIP ->
          Compression.gzip()
              .level(config.getInt(ProducerConfig.COMPRESSION_GZIP_LEVEL_CONFIG))
              .build();
      case LZ4 ->
          Compression.lz4()
              .level(config.getInt(ProducerConfig.COMPRESSION_LZ4_LEVEL_CONFIG))
              .build();
      case ZSTD ->
          Compression.zstd()
              .level(config.getInt(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG))
              .build();
      default -> Compression.of(type).build();
    };
  }

  /**
   * Makes sure that a message is taken.
   *
   * @return true when no other must come behind it in its batch. The producer leaves room for a
   *     small one, and would send a batch that is then too large, cut in the same two, without end
   * @throws BadValueException when it is too large
   */
  boolean require(byte @Nullable [] key, byte @Nullable [] value, Header[] headers)
      throws BadValueException {
    int asked =
        AbstractRecords.estimateSizeInBytesUpperBound(
            RecordBatch.CURRENT_MAGIC_VALUE, compression.type(), key, value, headers);
    if (asked > mostOfProducer) {
      throw tooLarge(
          asked, "", mostOfProducer, "one request of the producer holds", "max.request.size");
    }
    int plain =
        DefaultRecordBatch.RECORD_BATCH_OVERHEAD
            + DefaultRecord.sizeInBytes(0, 0, length(key), length(value), headers);
    boolean isLast = asked > mostOfTopic;
    if (compression.type() == CompressionType.NONE) {
      if (plain > mostOfTopic) {
        throw tooLarge(plain, "", mostOfTopic, "the topic takes", "max.message.bytes");
      }
    } else if (mayExceed(plain)) {
      isLast = true;
      int size =
          MemoryRecords.withRecords(compression, new SimpleRecord(0, key, value, headers))
              .sizeInBytes();
      if (size > mostOfTopic) {
        throw tooLarge(
            size, " when compressed", mostOfTopic, "the topic takes", "max.message.bytes");
      }
    }
    return isLast;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? -1 : bytes.length;
  }

  /** What cannot be compressed becomes larger, with Snappy by a sixth at most. */
  private boolean mayExceed(int plain) {
    return plain + plain / 6L + 64 > mostOfTopic;
  }

  private static BadValueException tooLarge(
      int size, String when, int most, String whose, String setting) {
    return new BadValueException(
        "RECORD_TOO_LARGE",
        "the message has "
            + size
            + " bytes"
            + when
            + ", more than the "
            + most
            + " that "
            + whose
            + " ("
            + setting
            + ")");
  }
}
