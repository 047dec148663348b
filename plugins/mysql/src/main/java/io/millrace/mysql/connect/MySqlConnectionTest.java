package io.millrace.mysql.connect;

import io.millrace.api.ConnectionTest;
import io.millrace.api.StageContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.jdbc.JdbcEndpoint;
import io.millrace.jdbc.JdbcOptions;
import io.millrace.jdbc.JdbcSource;
import java.util.ArrayList;
import java.util.List;

/** Logs in to each database that a data source names, as reader and writer do. Stateless. */
public final class MySqlConnectionTest implements ConnectionTest {

  /** Longest wait for an answer after the login. */
  private static final long ANSWER_MILLIS = 20_000;

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(
        MySqlUrl.JDBC_URL,
        JdbcOptions.HOST,
        JdbcOptions.PORT,
        JdbcOptions.DATABASE,
        JdbcOptions.USERNAME,
        JdbcOptions.PASSWORD,
        MySqlUrl.CONNECTION,
        JdbcOptions.SESSION);
  }

  @Override
  public String test(Options options, StageContext context) {
    SessionSettings settings =
        SessionSettings.of(
            context.task().zone(),
            options.find(JdbcOptions.SESSION).orElse(List.of()),
            ANSWER_MILLIS);
    ServerTrust trust = new ServerTrust(context.task().certificates(), context.log()::warn);
    List<String> answers = new ArrayList<>();
    for (JdbcSource source : MySqlUrl.sources(options)) {
      JdbcEndpoint endpoint = source.endpoint();
      MySqlConnections connections =
          new MySqlConnections(
              endpoint,
              trust,
              settings,
              context.task().files(),
              context.task().clock(),
              context.log()::warn);
      try (MySqlConnection connection = connections.open(context.cancellation())) {
        answers.add(
            connection.server().version().product()
                + " at "
                + connections.display()
                + (endpoint.username().isEmpty() ? "" : " as " + endpoint.username()));
      }
    }
    return String.join("; ", answers);
  }
}
