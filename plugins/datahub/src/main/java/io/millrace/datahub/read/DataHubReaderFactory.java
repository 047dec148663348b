package io.millrace.datahub.read;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.datahub.connect.DataHubSettings;
import io.millrace.hubs.HubColumn;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.HubOptions.TimeStampUnit;
import io.millrace.hubs.Retries;
import io.millrace.hubs.ValueType;
import io.millrace.hubs.Window;
import java.util.List;

/** The reader's options. */
public final class DataHubReaderFactory implements ReaderFactory {

  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "The columns in order: fields, * for all of them, __shard_id__, __sequence__,"
                  + " __system_time__, __attribute__:NAME, constants in single quotes; or objects of"
                  + " name, key, type and path, such as {name: city, key: doc, path: user.city}. A"
                  + " topic of BLOB records has one field, data.")
          .withDefault(List.of("*"))
          .withOpenContent();

  static final ConfigOption<Long> BATCH_SIZE =
      ConfigOption.integer(
              "batchSize",
              1,
              10_000,
              "The most records in one request; the service gives 1000 at most.")
          .withDefault(1024L);

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        HubOptions.ENDPOINT,
        HubOptions.ACCESS_ID,
        HubOptions.ACCESS_KEY,
        HubOptions.SECURITY_TOKEN,
        HubOptions.PROJECT,
        DataHubSettings.TOPIC,
        HubOptions.BEGIN_DATE_TIME,
        HubOptions.END_DATE_TIME,
        COLUMN,
        BATCH_SIZE,
        HubOptions.TIME_STAMP_UNIT,
        HubOptions.EXPIRED,
        HubOptions.MAX_RETRY_TIMES,
        HubOptions.RETRY_INTERVAL_SECONDS,
        HubOptions.SOCKET_TIMEOUT,
        HubOptions.PROXY_HOST,
        HubOptions.PROXY_PORT);
  }

  @Override
  public Reader create(Options options, TaskContext context) {
    return new DataHubReader(
        DataHubSettings.of(options),
        new ReadPlan(
            Window.of(
                options.get(HubOptions.BEGIN_DATE_TIME),
                options.get(HubOptions.END_DATE_TIME),
                context.zone()),
            HubColumn.list(
                options.get(COLUMN),
                "datahub reader",
                context.rules().form(),
                options.find(HubOptions.TIME_STAMP_UNIT).orElse(TimeStampUnit.SECOND)),
            options
                .find(HubOptions.TIME_STAMP_UNIT)
                .map(TimeStampUnit::type)
                .orElse(ValueType.MICROS),
            Math.toIntExact(options.get(BATCH_SIZE)),
            options.get(HubOptions.EXPIRED)),
        Retries.doubling(
            options.get(HubOptions.MAX_RETRY_TIMES),
            options.get(HubOptions.RETRY_INTERVAL_SECONDS)));
  }
}
