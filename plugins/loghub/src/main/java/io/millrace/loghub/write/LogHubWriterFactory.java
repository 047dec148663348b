package io.millrace.loghub.write;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.Retries;
import io.millrace.loghub.connect.LogHubSettings;
import java.util.List;

/** The writer's options. */
public final class LogHubWriterFactory implements WriterFactory {

  static final ConfigOption<List<String>> COLUMN =
      ConfigOption.strings(
              "column",
              "The keys under which the columns are written, in order; * for their names.")
          .withDefault(List.of("*"));

  static final ConfigOption<String> TOPIC =
      ConfigOption.string("topic", "The topic of all logs; empty by default.").withDefault("");

  static final ConfigOption<String> SOURCE =
      ConfigOption.string("source", "The source of all logs; empty by default.").withDefault("");

  static final ConfigOption<String> TIME =
      ConfigOption.string(
          "time",
          "The column that holds each log's time; where it is NULL, and without one, the time of"
              + " writing counts.");

  static final ConfigOption<String> TIME_FORMAT =
      ConfigOption.string(
              "timeFormat",
              "How a text in the time column is read: bigint for seconds since 1970, or a pattern"
                  + " such as yyyy-MM-dd HH:mm:ss in the task's zone.")
          .withAliases("timeformat")
          .withDefault("bigint");

  static final ConfigOption<Long> BATCH_SIZE =
      ConfigOption.integer("batchSize", 1, 4096, "The most logs in one request.")
          .withDefault(1024L);

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        HubOptions.ENDPOINT,
        HubOptions.ACCESS_ID,
        HubOptions.ACCESS_KEY,
        HubOptions.SECURITY_TOKEN,
        HubOptions.PROJECT,
        LogHubSettings.LOGSTORE,
        COLUMN,
        TOPIC,
        SOURCE,
        TIME,
        TIME_FORMAT,
        BATCH_SIZE,
        HubOptions.MAX_RETRY_TIMES,
        HubOptions.RETRY_INTERVAL_SECONDS,
        HubOptions.SOCKET_TIMEOUT,
        HubOptions.PROXY_HOST,
        HubOptions.PROXY_PORT);
  }

  @Override
  public Writer create(Options options, TaskContext context) {
    LogTime time =
        LogTime.of(
            options.find(TIME).orElse("").strip(),
            options.get(TIME_FORMAT).strip(),
            context.zone());
    return new LogHubWriter(
        LogHubSettings.of(options),
        new LogForm(
            options.get(COLUMN),
            options.get(TOPIC),
            options.get(SOURCE),
            time,
            Math.toIntExact(options.get(BATCH_SIZE))),
        Retries.doubling(
            options.get(HubOptions.MAX_RETRY_TIMES),
            options.get(HubOptions.RETRY_INTERVAL_SECONDS)));
  }
}
