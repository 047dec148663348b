package io.millrace.loghub.connect;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.hubs.HubOptions;
import java.util.List;

/**
 * Asks for the shards of the logstore that a data source names, as reader and writer do, or for the
 * project where it names none. Stateless.
 */
public final class LogHubConnectionTest implements ConnectionTest {

  private static final ConfigOption<String> LOGSTORE =
      ConfigOption.string("logstore", "The logstore; without it the project is asked for.");

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        HubOptions.ENDPOINT,
        HubOptions.ACCESS_ID,
        HubOptions.ACCESS_KEY,
        HubOptions.SECURITY_TOKEN,
        HubOptions.PROJECT,
        LOGSTORE,
        HubOptions.PROXY_HOST,
        HubOptions.PROXY_PORT,
        HubOptions.SOCKET_TIMEOUT);
  }

  @Override
  public String test(Options options, StageContext context) {
    LogHubSettings settings = LogHubSettings.of(options).forOneAnswer();
    try (LogHubClient client = LogHubClient.reading(settings)) {
      if (settings.logstore().isEmpty()) {
        client.requireProject(context);
        return "LogHub: project " + settings;
      }
      int shards = client.shards(context).size();
      return "LogHub: logstore " + settings + " with " + Counted.of(shards, "shard", "shards");
    }
  }
}
