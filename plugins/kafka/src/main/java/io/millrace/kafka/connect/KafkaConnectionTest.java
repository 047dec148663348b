package io.millrace.kafka.connect;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import java.util.List;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** Asks the brokers that a data source names who they are. Stateless. */
public final class KafkaConnectionTest implements ConnectionTest {

  /** So that the error of the client comes before the one of whoever waits for the test. */
  private static final int ANSWER_MILLIS = 20_000;

  @Override
  public List<ConfigOption<?>> options() {
    return ConnectionOptions.declared();
  }

  @Override
  public String test(Options options, StageContext context) {
    ClientConfig config = ClientConfig.of(options, "kafka", context.task().files());
    try (Clients clients = new Clients(config, Doing.READING)) {
      int brokers =
          clients.ask(
              context,
              "cluster",
              admin ->
                  admin
                      .describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS))
                      .nodes()
                      .thenApply(nodes -> nodes.size()));
      return "a Kafka cluster with "
          + Counted.of(brokers, "broker", "brokers")
          + " at "
          + config.server()
          + options
              .find(ConnectionOptions.USERNAME)
              .filter(user -> !user.isBlank())
              .map(user -> " as " + user)
              .orElse("");
    }
  }
}
