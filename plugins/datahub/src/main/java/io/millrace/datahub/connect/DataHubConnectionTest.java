package io.millrace.datahub.connect;

import io.millrace.api.ConnectionTest;
import io.millrace.api.StageContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.hubs.HubOptions;
import java.util.List;

/**
 * Asks for the topic that a data source names, as reader and writer do, or for the project where it
 * names none. Stateless.
 */
public final class DataHubConnectionTest implements ConnectionTest {

  private static final ConfigOption<String> TOPIC =
      ConfigOption.string("topic", "The topic; without it the project is asked for.");

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        HubOptions.ENDPOINT,
        HubOptions.ACCESS_ID,
        HubOptions.ACCESS_KEY,
        HubOptions.SECURITY_TOKEN,
        HubOptions.PROJECT,
        TOPIC,
        HubOptions.PROXY_HOST,
        HubOptions.PROXY_PORT,
        HubOptions.SOCKET_TIMEOUT);
  }

  @Override
  public String test(Options options, StageContext context) {
    DataHubSettings settings = DataHubSettings.of(options).forOneAnswer();
    try (DataHubClient client = DataHubClient.reading(settings)) {
      if (settings.topic().isEmpty()) {
        client.requireProject(context);
        return "DataHub: project " + settings;
      }
      client.topic(context);
      return "DataHub: topic " + settings;
    }
  }
}
