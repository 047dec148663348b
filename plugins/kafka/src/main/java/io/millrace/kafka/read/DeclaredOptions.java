package io.millrace.kafka.read;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.kafka.connect.ConnectionOptions;
import io.millrace.kafka.value.BinaryType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The declarations of the reader's options. */
final class DeclaredOptions {

  /** Where reading begins or ends. */
  enum BeginType {
    SPECIFIC,
    EARLIEST,
    CURRENT,
    LATEST
  }

  /** Where reading ends. */
  enum EndType {
    SPECIFIC,
    LATEST
  }

  /** What to do where a position is missing or its records are gone. */
  enum OffsetReset {
    NONE,
    EARLIEST,
    LATEST
  }

  /** How a message's value is cut into columns. */
  enum DataFormat {
    JSON,
    TEXT,
    CSV
  }

  /** What a number counts that is read as a timestamp. */
  enum TimeStampUnit {
    SECOND(1_000_000),
    MILLISECOND(1000),
    MICROSECOND(1);

    /** How many microseconds one of them is. */
    final long micros;

    TimeStampUnit(long micros) {
      this.micros = micros;
    }
  }

  /** What becomes of a message without a value. */
  enum Tombstones {
    READ,
    SKIP
  }

  static final ConfigOption<String> TOPIC =
      ConfigOption.string("topic", "The topic to read.").mandatory();

  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "Columns in order: a path into the value such as \"tag.desc\", a constant such as"
                  + " \"'abc'\", or __key__, __value__, __partition__, __headers__,"
                  + " __headers__.NAME, __offset__, __timestamp__; or {\"name\", \"type\", \"path\" |"
                  + " \"index\" | \"value\"}. Without it the six with underscores.")
          .withAliases("columns")
          .withOpenContent();

  static final ConfigOption<DataFormat> DATA_FORMAT =
      ConfigOption.choice(
              "dataFormat", DataFormat.class, "How the value is cut into columns that are paths.")
          .withAliases("fileFormat")
          .withDefault(DataFormat.JSON);

  static final ConfigOption<String> FIELD_DELIMITER =
      ConfigOption.string("fieldDelimiter", "Stands between the fields of text and CSV.")
          .withDefault(",");

  static final ConfigOption<String> NULL_FORMAT =
      ConfigOption.string("nullFormat", "The text of a field that stands for NULL.");

  static final ConfigOption<BinaryType> KEY_TYPE =
      ConfigOption.choice("keyType", BinaryType.class, "What __key__ is.")
          .withDefault(BinaryType.STRING);

  static final ConfigOption<BinaryType> VALUE_TYPE =
      ConfigOption.choice("valueType", BinaryType.class, "What __value__ is.")
          .withDefault(BinaryType.STRING);

  static final ConfigOption<TimeStampUnit> TIME_STAMP_UNIT =
      ConfigOption.choice(
              "timeStampUnit",
              TimeStampUnit.class,
              "What numbers in columns of the type timestamp count since 1970, in JSON and in text."
                  + " Without it milliseconds in JSON, and none in text; the types seconds, millis"
                  + " and micros say it for one column.")
          .withAliases("timestampUnit");

  static final ConfigOption<String> ENCODING =
      ConfigOption.string("encoding", "The character set of keys and values.").withDefault("UTF-8");

  static final ConfigOption<String> HEADER_ENCODING =
      ConfigOption.string("headerEncoding", "The character set of headers.").withDefault("UTF-8");

  static final ConfigOption<List<String>> PARTITION =
      ConfigOption.strings("partition", "Only these partitions.");

  static final ConfigOption<BeginType> BEGIN_TYPE =
      ConfigOption.choice(
          "beginType",
          BeginType.class,
          "Where to begin: specific (a beginDateTime or beginOffset), earliest, or current (where"
              + " the groupId stands). Without it specific where one is given, else earliest.");

  static final ConfigOption<String> BEGIN_DATE_TIME =
      ConfigOption.string(
          "beginDateTime",
          "Begin with the first message of this time or later: yyyyMMddHHmmss in the task's zone.");

  static final ConfigOption<Long> BEGIN_MILLIS =
      ConfigOption.integer(
          "beginTimestampMillis",
          0,
          Long.MAX_VALUE / 1_000_000,
          "The same in milliseconds since 1970.");

  static final ConfigOption<String> BEGIN_OFFSET =
      ConfigOption.string(
          "beginOffset",
          "Begin with this offset of each partition; or seekToBeginning, seekToLast (where the"
              + " groupId stands), seekToEnd.");

  static final ConfigOption<EndType> END_TYPE =
      ConfigOption.choice(
          "endType",
          EndType.class,
          "Where to end: specific (an endDateTime or endOffset) or latest, what is there when the"
              + " task begins. Without it specific where one is given, else latest.");

  static final ConfigOption<String> END_DATE_TIME =
      ConfigOption.string("endDateTime", "End before the first message of this time or later.");

  static final ConfigOption<Long> END_MILLIS =
      ConfigOption.integer(
          "endTimestampMillis",
          0,
          Long.MAX_VALUE / 1_000_000,
          "The same in milliseconds since 1970.");

  static final ConfigOption<String> END_OFFSET =
      ConfigOption.string("endOffset", "End before this offset of each partition.");

  static final ConfigOption<String> TIME_ZONE =
      ConfigOption.string("timeZone", "The zone of both times, instead of the task's.");

  static final ConfigOption<Boolean> SKIP_EXCEED_RECORD =
      ConfigOption.bool(
              "skipExceedRecord",
              "Leaves out messages of the window whose own time lies outside both times.")
          .withDefault(false);

  static final ConfigOption<Tombstones> TOMBSTONES =
      ConfigOption.choice(
              "tombstones",
              Tombstones.class,
              "Messages without a value: read as NULL, or skip; they are counted in the log.")
          .withDefault(Tombstones.READ);

  static final ConfigOption<String> GROUP_ID =
      ConfigOption.string(
          "groupId",
          "The consumer group whose position is moved to the end of the window once the task has"
              + " succeeded. Without it no group is touched.");

  static final ConfigOption<OffsetReset> AUTO_OFFSET_RESET =
      ConfigOption.choice(
          "autoOffsetReset",
          OffsetReset.class,
          "Where a position is missing or its messages are gone: none fails, earliest goes on with"
              + " the oldest that is left, latest leaves the rest out. Without it none.");

  static final ConfigOption<Long> WAIT_TIME =
      ConfigOption.integer(
              "waitTime", 1, 86_400, "Seconds without a message after which a broker is asked why.")
          .withDefault(60L);

  static final ConfigOption<Boolean> STOP_WHEN_POLL_EMPTY =
      ConfigOption.bool(
              "stopWhenPollEmpty",
              "Ends a partition early, with a warning, when an open transaction holds its messages"
                  + " back longer than waitTime. Has no effect with a groupId.")
          .withDefault(false);

  static final ConfigOption<Boolean> STOP_WHEN_REACH_END_OFFSET =
      ConfigOption.bool(
              "stopWhenReachEndOffset",
              "With stopWhenPollEmpty: ends a partition at the end of its window only, as it is"
                  + " without both.")
          .withDefault(false);

  static final ConfigOption<Long> FETCH_MIN_BYTES =
      ConfigOption.integer(
          "fetchMinBytes", 1, 1 << 30, "Kafka's fetch.min.bytes: what a broker waits for.");

  static final ConfigOption<Long> FETCH_MAX_WAIT =
      ConfigOption.integer(
          "fetchMaxWaitMs", 1, 600_000, "Kafka's fetch.max.wait.ms: how long it waits at most.");

  static final ConfigOption<Long> SESSION_TIMEOUT =
      ConfigOption.integer(
          "sessionTimeoutMs",
          1,
          Integer.MAX_VALUE,
          "Taken for the sake of DataWorks; has no effect, since no group is joined.");

  private static final String BY_COLUMN =
      "give 'column' with the names of JSON fields, such as order.id";

  /** Of a reader that is not DataX's own, by what to do instead; without them others are read. */
  private static final Map<ConfigOption<Object>, String> FOREIGN = foreign();

  private DeclaredOptions() {}

  private static Map<ConfigOption<Object>, String> foreign() {
    Map<ConfigOption<Object>, String> foreign = new LinkedHashMap<>();
    foreign.put(refused("parsingRules"), "give 'dataFormat' and 'column'");
    foreign.put(refused("kafkaReaderColumnKey"), BY_COLUMN);
    foreign.put(refused("writerOrder"), BY_COLUMN);
    foreign.put(
        refused("kerberosConfig"),
        "give 'securityProtocol' and 'saslMechanism', and what else belongs to it in 'kafkaConfig'");
    return foreign;
  }

  private static ConfigOption<Object> refused(String name) {
    return ConfigOption.json(name, "Not supported; see 'column' and 'kafkaConfig'.")
        .withOpenContent();
  }

  /** Refuses what would change which columns are read, or as whom. */
  static void refuseForeign(Options options) {
    FOREIGN.forEach(
        (option, instead) -> {
          if (options.find(option).isPresent()) {
            throw new MillraceException(
                StandardError.CONFIGURATION,
                "option '" + option.key() + "' is not supported: " + instead);
          }
        });
  }

  static List<ConfigOption<?>> all() {
    List<ConfigOption<?>> all = new ArrayList<>(ConnectionOptions.declared());
    all.remove(ConnectionOptions.kafkaConfig());
    all.addAll(
        List.of(
            TOPIC,
            COLUMN,
            DATA_FORMAT,
            FIELD_DELIMITER,
            NULL_FORMAT,
            KEY_TYPE,
            VALUE_TYPE,
            TIME_STAMP_UNIT,
            ENCODING,
            HEADER_ENCODING,
            PARTITION,
            BEGIN_TYPE,
            BEGIN_DATE_TIME,
            BEGIN_MILLIS,
            BEGIN_OFFSET,
            END_TYPE,
            END_DATE_TIME,
            END_MILLIS,
            END_OFFSET,
            TIME_ZONE,
            SKIP_EXCEED_RECORD,
            TOMBSTONES,
            GROUP_ID,
            AUTO_OFFSET_RESET,
            WAIT_TIME,
            STOP_WHEN_POLL_EMPTY,
            STOP_WHEN_REACH_END_OFFSET,
            FETCH_MIN_BYTES,
            FETCH_MAX_WAIT,
            SESSION_TIMEOUT,
            ConnectionOptions.kafkaConfig()));
    all.addAll(FOREIGN.keySet());
    return List.copyOf(all);
  }
}
