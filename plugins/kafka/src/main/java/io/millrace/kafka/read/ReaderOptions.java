package io.millrace.kafka.read;

import static io.millrace.kafka.read.Window.text;
import static io.millrace.kafka.read.Window.wrong;

import io.millrace.api.LocalFiles;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.kafka.connect.ClientConfig;
import io.millrace.kafka.read.DeclaredOptions.OffsetReset;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a task says about reading.
 *
 * @param client how to connect
 * @param topic the topic
 * @param partitions the only ones that are wanted; empty for all
 * @param window the part of them
 * @param layout the columns
 * @param groupId the consumer group whose position is moved; null for none
 * @param reset what to do about missing positions
 * @param patience how long nothing may arrive before a broker is asked why
 * @param filters what of the window is left out or cut off
 * @param fetching Kafka's own properties of fetching
 */
record ReaderOptions(
    ClientConfig client,
    String topic,
    List<Integer> partitions,
    Window window,
    Layout layout,
    @Nullable String groupId,
    OffsetReset reset,
    Duration patience,
    Filters filters,
    Map<String, String> fetching) {

  /**
   * What of the window is left out.
   *
   * @param fromMillis messages of an earlier time are left out
   * @param toMillis messages of this time or later are left out
   * @param tombstones true when messages without a value are left out
   * @param stopsEarly true when an open transaction may cut a partition short
   */
  record Filters(long fromMillis, long toMillis, boolean tombstones, boolean stopsEarly) {}

  static ReaderOptions of(Options options, ZoneId zone, LocalFiles files) {
    DeclaredOptions.refuseForeign(options);
    ClientConfig client = ClientConfig.of(options, "kafka reader", files);
    String topic = options.get(DeclaredOptions.TOPIC).strip();
    if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
      throw wrong("option 'topic': '" + topic + "' is not the name of a topic");
    }
    Window window = Window.of(options, zone);
    String group =
        text(options, DeclaredOptions.GROUP_ID).or(() -> client.wanted("group.id")).orElse(null);
    if (window.begin() instanceof Bound.Current && group == null) {
      throw wrong("to begin where a consumer group stands, give its 'groupId'");
    }
    return new ReaderOptions(
        client,
        topic,
        partitions(options),
        window,
        Layout.of(options),
        group,
        reset(options, client),
        Duration.ofSeconds(options.get(DeclaredOptions.WAIT_TIME)),
        filters(options, window, group != null),
        fetching(options));
  }

  private static List<Integer> partitions(Options options) {
    Optional<List<String>> given = options.find(DeclaredOptions.PARTITION);
    List<Integer> partitions = partitions(given.orElse(List.of()));
    if (given.isPresent() && partitions.isEmpty()) {
      throw wrong("option 'partition' names none; leave it out to read all");
    }
    return partitions;
  }

  private static List<Integer> partitions(List<String> given) {
    return given.stream()
        .flatMap(text -> List.of(text.split(",")).stream())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(
            text -> {
              if (!text.matches("\\d{1,9}")) {
                throw wrong("option 'partition': '" + text + "' is not the number of a partition");
              }
              return Integer.valueOf(text);
            })
        .distinct()
        .toList();
  }

  private static OffsetReset reset(Options options, ClientConfig client) {
    Optional<OffsetReset> own = options.find(DeclaredOptions.AUTO_OFFSET_RESET);
    if (own.isPresent()) {
      return own.get();
    }
    String wanted = client.wanted("auto.offset.reset").orElse("none");
    try {
      return DeclaredOptions.AUTO_OFFSET_RESET.convert(wanted);
    } catch (IllegalArgumentException e) {
      throw wrong("option 'kafkaConfig': auto.offset.reset: " + e.getMessage());
    }
  }

  private static Filters filters(Options options, Window window, boolean hasGroup) {
    boolean skips = options.get(DeclaredOptions.SKIP_EXCEED_RECORD);
    return new Filters(
        skips && window.begin() instanceof Bound.AtTime from ? from.millis() : Long.MIN_VALUE,
        skips && window.end() instanceof Bound.AtTime to ? to.millis() : Long.MAX_VALUE,
        options.get(DeclaredOptions.TOMBSTONES) == DeclaredOptions.Tombstones.SKIP,
        options.get(DeclaredOptions.STOP_WHEN_POLL_EMPTY)
            && !options.get(DeclaredOptions.STOP_WHEN_REACH_END_OFFSET)
            && !hasGroup);
  }

  private static Map<String, String> fetching(Options options) {
    Map<String, String> fetching = new LinkedHashMap<>();
    options
        .find(DeclaredOptions.FETCH_MIN_BYTES)
        .ifPresent(value -> fetching.put("fetch.min.bytes", value.toString()));
    options
        .find(DeclaredOptions.FETCH_MAX_WAIT)
        .ifPresent(value -> fetching.put("fetch.max.wait.ms", value.toString()));
    return fetching;
  }

  /** A character set by its name. */
  static Charset charset(Options options, ConfigOption<String> option) {
    String name = options.get(option).strip();
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw wrong("option '" + option.key() + "': there is no character set '" + name + "'");
    }
  }

  /** Where errors happened, for messages. */
  String place() {
    return "topic " + topic + " at " + client.server();
  }
}
