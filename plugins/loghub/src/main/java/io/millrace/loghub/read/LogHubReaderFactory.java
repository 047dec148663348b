package io.millrace.loghub.read;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.hubs.HubColumn;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.HubOptions.TimeStampUnit;
import io.millrace.hubs.Retries;
import io.millrace.hubs.Window;
import io.millrace.loghub.connect.LogHubSettings;
import java.util.List;
import java.util.Set;

/** The reader's options. */
public final class LogHubReaderFactory implements ReaderFactory {

  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "The columns in order: keys of logs, metadata (__topic__, __source__, __time__,"
                  + " __tag__:NAME, C_Topic, C_LogTime and so on), constants in single quotes,"
                  + " C__extract_others__ for all other keys as JSON; or objects of name, key, type"
                  + " and path, such as {name: city, key: content, path: user.city, type: string}.")
          .mandatory()
          .withOpenContent();

  static final ConfigOption<Long> BATCH_SIZE =
      ConfigOption.integer("batchSize", 1, 1000, "The most log groups in one request.")
          .withDefault(256L);

  static final ConfigOption<String> QUERY =
      ConfigOption.string(
          "query", "A filter in the service's own language, applied there to what is pulled.");

  private static final Set<String> OWN_TIMES =
      Set.of(
          "__time__", "__logtime__", "C_LogTime", "__receive_time__", "__tag__:__receive_time__");

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        HubOptions.ENDPOINT,
        HubOptions.ACCESS_ID,
        HubOptions.ACCESS_KEY,
        HubOptions.SECURITY_TOKEN,
        HubOptions.PROJECT,
        LogHubSettings.LOGSTORE,
        HubOptions.BEGIN_DATE_TIME,
        HubOptions.END_DATE_TIME,
        COLUMN,
        BATCH_SIZE,
        QUERY,
        HubOptions.TIME_STAMP_UNIT,
        HubOptions.EXPIRED,
        HubOptions.MAX_RETRY_TIMES,
        HubOptions.RETRY_INTERVAL_SECONDS,
        HubOptions.SOCKET_TIMEOUT,
        HubOptions.PROXY_HOST,
        HubOptions.PROXY_PORT);
  }

  /** The service's own times count seconds, whatever is in the logs. */
  private static HubColumn ownTime(HubColumn column, TimeStampUnit unit) {
    return column.type() == unit.type() && OWN_TIMES.contains(column.key())
        ? column.withType(TimeStampUnit.SECOND.type())
        : column;
  }

  @Override
  public Reader create(Options options, TaskContext context) {
    TimeStampUnit unit = options.find(HubOptions.TIME_STAMP_UNIT).orElse(TimeStampUnit.SECOND);
    List<HubColumn> columns =
        HubColumn.list(options.get(COLUMN), "loghub reader", context.rules().form(), unit).stream()
            .map(column -> ownTime(column, unit))
            .toList();
    if (columns.stream().anyMatch(column -> column.key().equals("*"))) {
      throw HubOptions.wrong(
          "loghub reader: option 'column': a logstore has no fixed columns, so * cannot stand for"
              + " them: name the keys, and take the rest as JSON with C__extract_others__");
    }
    return new LogHubReader(
        LogHubSettings.of(options),
        new ReadPlan(
            Window.of(
                options.get(HubOptions.BEGIN_DATE_TIME),
                options.get(HubOptions.END_DATE_TIME),
                context.zone()),
            columns,
            Math.toIntExact(options.get(BATCH_SIZE)),
            options.find(QUERY).orElse("").strip(),
            options.get(HubOptions.EXPIRED)),
        Retries.doubling(
            options.get(HubOptions.MAX_RETRY_TIMES),
            options.get(HubOptions.RETRY_INTERVAL_SECONDS)));
  }
}
