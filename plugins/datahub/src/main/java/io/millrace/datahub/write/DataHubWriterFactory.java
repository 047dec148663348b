package io.millrace.datahub.write;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.datahub.connect.DataHubSettings;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.Retries;
import java.time.Duration;
import java.util.List;

/** The writer's options. */
public final class DataHubWriterFactory implements WriterFactory {

  static final ConfigOption<List<String>> COLUMN =
      ConfigOption.strings("column", "The topic's fields to write, in order; * for all.")
          .withDefault(List.of("*"));

  static final ConfigOption<String> SHARD_ID =
      ConfigOption.string(
          "shardId", "The shard to write to; by default the active ones take turns.");

  static final ConfigOption<Long> MAX_COMMIT_SIZE =
      ConfigOption.integer("maxCommitSize", 1, 4 << 20, "The most bytes in one request.")
          .withDefault(1L << 20);

  static final ConfigOption<Long> MAX_RETRY_COUNT =
      ConfigOption.integer(
              "maxRetryCount", 0, 100_000, "How often what failed or was throttled is sent again.")
          .withDefault(500L);

  static final ConfigOption<Long> RETRY_INTERVAL =
      ConfigOption.integer("retryInterval", 0, 3_600_000, "Milliseconds before each retry.")
          .withDefault(650L);

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        HubOptions.ENDPOINT,
        HubOptions.ACCESS_ID,
        HubOptions.ACCESS_KEY,
        HubOptions.SECURITY_TOKEN,
        HubOptions.PROJECT,
        DataHubSettings.TOPIC,
        COLUMN,
        SHARD_ID,
        MAX_COMMIT_SIZE,
        MAX_RETRY_COUNT,
        RETRY_INTERVAL,
        HubOptions.SOCKET_TIMEOUT,
        HubOptions.PROXY_HOST,
        HubOptions.PROXY_PORT);
  }

  @Override
  public Writer create(Options options, TaskContext context) {
    Duration pause = Duration.ofMillis(options.get(RETRY_INTERVAL));
    return new DataHubWriter(
        DataHubSettings.of(options),
        new WriteForm(
            options.get(COLUMN),
            options.find(SHARD_ID).orElse("").strip(),
            Math.toIntExact(options.get(MAX_COMMIT_SIZE))),
        new Retries(Math.toIntExact(options.get(MAX_RETRY_COUNT)), pause, pause));
  }
}
