package io.millrace.kafka.write;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Escapes;
import io.millrace.api.option.Options;
import io.millrace.kafka.connect.ClientConfig;
import io.millrace.kafka.connect.ConnectionOptions;
import io.millrace.kafka.value.BinaryType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a task says about writing.
 *
 * @param client how to connect
 * @param topic the topic
 * @param form how a record becomes a message
 * @param producer Kafka's own properties of producers
 * @param exactlyOnce whether each split is one transaction
 * @param prefix begins the names of transactions and of the ledger
 * @param transactionSeconds the longest transaction; 0 for the most that the brokers allow
 */
record WriteOptions(
    ClientConfig client,
    String topic,
    Form form,
    Map<String, String> producer,
    boolean exactlyOnce,
    String prefix,
    long transactionSeconds) {

  /** How all columns together become a value. */
  enum WriteMode {
    JSON,
    TEXT,
    CSV
  }

  /** Kafka's compressions. */
  enum Compression {
    NONE,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD
  }

  static final ConfigOption<String> TOPIC =
      ConfigOption.string("topic", "The topic to write to; it must be there.").mandatory();

  static final ConfigOption<WriteMode> WRITE_MODE =
      ConfigOption.choice(
              "writeMode",
              WriteMode.class,
              "How a record becomes a value: json (an object), text (values with a delimiter"
                  + " between) or csv.")
          .withAliases("dataFormat")
          .withDefault(WriteMode.TEXT);

  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "Names of the columns in JSON, in order, or {name: id, type: JSON_NUMBER}; without it"
                  + " the reader's.")
          .withAliases("columns")
          .withOpenContent();

  static final ConfigOption<String> FIELD_DELIMITER =
      ConfigOption.string("fieldDelimiter", "Stands between the values of text and CSV.")
          .withDefault(",");

  static final ConfigOption<Long> VALUE_INDEX =
      ConfigOption.integer(
          "valueIndex", 0, 9999, "This column alone is the value; counted from 0.");

  static final ConfigOption<BinaryType> VALUE_TYPE =
      ConfigOption.choice("valueType", BinaryType.class, "The form of the column of valueIndex.")
          .withDefault(BinaryType.STRING);

  static final ConfigOption<Long> KEY_INDEX =
      ConfigOption.integer("keyIndex", 0, 9999, "This column is the key; counted from 0.");

  static final ConfigOption<List<String>> KEY_INDEXES =
      ConfigOption.strings("keyIndexes", "These columns are the key, as text with commas between.");

  static final ConfigOption<BinaryType> KEY_TYPE =
      ConfigOption.choice("keyType", BinaryType.class, "The form of the column of keyIndex.")
          .withDefault(BinaryType.STRING);

  static final ConfigOption<String> NULL_KEY_FORMAT =
      ConfigOption.string("nullKeyFormat", "The key where it is NULL; without it there is no key.");

  static final ConfigOption<String> NULL_VALUE_FORMAT =
      ConfigOption.string(
          "nullValueFormat",
          "The text of a NULL in text and CSV, and of a value that is NULL. Without it nothing, and"
              + " a message without a value.");

  static final ConfigOption<Long> PARTITION =
      ConfigOption.integer(
          "partition",
          0,
          1_000_000,
          "The partition to write to. Without it the key decides, or the producer.");

  static final ConfigOption<Long> PARTITION_INDEX =
      ConfigOption.integer(
          "partitionIndex",
          0,
          9999,
          "This column tells the partition; it is no part of the value.");

  static final ConfigOption<Object> HEADERS =
      ConfigOption.json("headers", "Headers of every message: an object of names and texts.")
          .withPrivateContent();

  static final ConfigOption<Long> HEADERS_INDEX =
      ConfigOption.integer(
          "headersIndex",
          0,
          9999,
          "This column holds further headers as JSON: an object of texts, or a list as the reader's"
              + " __headers__ is; it is no part of the value.");

  static final ConfigOption<Long> TIMESTAMP_INDEX =
      ConfigOption.integer(
          "timestampIndex",
          0,
          9999,
          "This column is the message's own time: a TIMESTAMP, DATETIME or DATE, or whole"
              + " milliseconds since 1970 as the reader's __timestamp__ is; NULL for the time of"
              + " sending. It is no part of the value.");

  static final ConfigOption<Compression> COMPRESSION =
      ConfigOption.choice("compression", Compression.class, "How messages are compressed.")
          .withAliases("compressionType", "compression.type");

  static final ConfigOption<Long> BATCH_SIZE =
      ConfigOption.integer("batchSize", 0, 64 << 20, "Kafka's batch.size: bytes that go together.")
          .withDefault(256L << 10);

  static final ConfigOption<Long> LINGER =
      ConfigOption.integer(
              "linger", 0, 60_000, "Kafka's linger.ms: how long a batch waits to be filled.")
          .withDefault(5L);

  static final ConfigOption<String> ACKS =
      ConfigOption.string(
              "acks", "Taken for the sake of DataWorks; always all: what counts is what is kept.")
          .withDefault("all");

  static final ConfigOption<Boolean> EXACTLY_ONCE =
      ConfigOption.bool(
              "exactlyOnce",
              "Writes each split in one transaction, together with its entry in a ledger. Readers"
                  + " with read_committed then see each record once.")
          .withDefault(false);

  static final ConfigOption<String> PREFIX =
      ConfigOption.string(
              "transactionalIdPrefix",
              "Begins the names of transactional ids and of the ledger's topic.")
          .withDefault("millrace");

  static final ConfigOption<Long> TRANSACTION_TIMEOUT =
      ConfigOption.integer(
          "transactionTimeout",
          1,
          604_800,
          "Seconds that the writing of a split may take. Without it the most that the brokers allow"
              + " (transaction.max.timeout.ms, mostly 900 s).");

  /**
   * How a record becomes a message.
   *
   * @param mode how all columns become a value
   * @param columns of the JSON; empty for the reader's
   * @param delimiter between values of text
   * @param key which columns are the key; none for no key
   * @param keyType the form of a key of one column
   * @param value which column alone is the value; -1 for all
   * @param valueType its form
   * @param partition the fixed partition; -1 for none
   * @param partitionIndex which column tells it; -1 for none
   * @param headers of every message
   * @param headersIndex which column holds further ones; -1 for none
   * @param timestampIndex which column is the message's time; -1 for none
   * @param nullKey the text of a key that is NULL; null for no key
   * @param nullValue the text of a NULL; null for none
   */
  record Form(
      WriteMode mode,
      List<JsonColumn> columns,
      String delimiter,
      List<Integer> key,
      BinaryType keyType,
      int value,
      BinaryType valueType,
      int partition,
      int partitionIndex,
      Map<String, byte[]> headers,
      int headersIndex,
      int timestampIndex,
      @Nullable String nullKey,
      @Nullable String nullValue) {

    /** The columns' names in JSON; empty for the reader's. */
    List<String> names() {
      return columns.stream().map(JsonColumn::name).toList();
    }
  }

  static List<ConfigOption<?>> declared() {
    List<ConfigOption<?>> all = new ArrayList<>(ConnectionOptions.declared());
    all.remove(ConnectionOptions.kafkaConfig());
    all.addAll(
        List.of(
            TOPIC,
            WRITE_MODE,
            COLUMN,
            FIELD_DELIMITER,
            VALUE_INDEX,
            VALUE_TYPE,
            KEY_INDEX,
            KEY_INDEXES,
            KEY_TYPE,
            NULL_KEY_FORMAT,
            NULL_VALUE_FORMAT,
            PARTITION,
            PARTITION_INDEX,
            HEADERS,
            HEADERS_INDEX,
            TIMESTAMP_INDEX,
            COMPRESSION,
            BATCH_SIZE,
            LINGER,
            ACKS,
            EXACTLY_ONCE,
            PREFIX,
            TRANSACTION_TIMEOUT,
            ConnectionOptions.kafkaConfig()));
    return List.copyOf(all);
  }

  static WriteOptions of(Options options, LocalFiles files) {
    String topic = options.get(TOPIC).strip();
    if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
      throw wrong("option 'topic': '" + topic + "' is not the name of a topic");
    }
    String prefix = options.get(PREFIX).strip();
    if (!prefix.matches("[A-Za-z0-9._-]{1,100}")) {
      throw wrong("option 'transactionalIdPrefix': '" + prefix + "' is not a part of a name");
    }
    Map<String, String> producer = new LinkedHashMap<>();
    options
        .find(COMPRESSION)
        .ifPresent(
            value -> producer.put("compression.type", value.name().toLowerCase(Locale.ROOT)));
    producer.put("batch.size", options.get(BATCH_SIZE).toString());
    producer.put("linger.ms", options.get(LINGER).toString());
    return new WriteOptions(
        ClientConfig.of(options, "kafka writer", files),
        topic,
        form(options),
        producer,
        options.get(EXACTLY_ONCE),
        prefix,
        options.find(TRANSACTION_TIMEOUT).orElse(0L));
  }

  private static Form form(Options options) {
    if (options.find(PARTITION).isPresent() && options.find(PARTITION_INDEX).isPresent()) {
      throw wrong("options 'partition' and 'partitionIndex' contradict each other");
    }
    List<Integer> key = new ArrayList<>();
    options.find(KEY_INDEX).ifPresent(index -> key.add(index.intValue()));
    for (String text : options.find(KEY_INDEXES).orElse(List.of())) {
      if (options.find(KEY_INDEX).isPresent()) {
        throw wrong("options 'keyIndex' and 'keyIndexes' contradict each other");
      }
      for (String index : text.split(",")) {
        if (!index.strip().matches("\\d{1,4}")) {
          throw wrong("option 'keyIndexes': '" + index + "' is not the number of a column");
        }
        key.add(Integer.valueOf(index.strip()));
      }
    }
    String delimiter = Escapes.read("fieldDelimiter", options.get(FIELD_DELIMITER));
    if (delimiter.isEmpty()) {
      throw wrong("option 'fieldDelimiter' is empty");
    }
    return new Form(
        options.get(WRITE_MODE),
        JsonColumn.all(options.find(COLUMN).orElse(List.of())),
        delimiter,
        List.copyOf(key),
        options.get(KEY_TYPE),
        options.find(VALUE_INDEX).map(Long::intValue).orElse(-1),
        options.get(VALUE_TYPE),
        options.find(PARTITION).map(Long::intValue).orElse(-1),
        options.find(PARTITION_INDEX).map(Long::intValue).orElse(-1),
        headers(options.find(HEADERS).orElse(Map.of())),
        options.find(HEADERS_INDEX).map(Long::intValue).orElse(-1),
        options.find(TIMESTAMP_INDEX).map(Long::intValue).orElse(-1),
        options.find(NULL_KEY_FORMAT).orElse(null),
        options.find(NULL_VALUE_FORMAT).orElse(null));
  }

  private static Map<String, byte[]> headers(Object raw) {
    if (!(raw instanceof Map<?, ?> map)) {
      throw wrong("option 'headers' must be an object of names and texts");
    }
    Map<String, byte[]> headers = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (value == null || value instanceof Map || value instanceof List) {
            throw wrong("option 'headers': " + name + " must be a text");
          }
          headers.put(String.valueOf(name), value.toString().getBytes(StandardCharsets.UTF_8));
        });
    return headers;
  }

  /** Where errors happened, for messages. */
  String place() {
    return "topic " + topic + " at " + client.server();
  }

  static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, "kafka writer: " + message);
  }
}
