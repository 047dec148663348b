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

  /** For all servers together: less than anybody waits for the answer. */
  private static final long ALL_MILLIS = 25_000;

  private static final long CONNECT_MILLIS = 10_000;

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
    List<JdbcSource> sources = MySqlUrl.sources(options);
    long each = ALL_MILLIS / Math.max(1, servers(sources));
    // The driver waits for it twice when none comes.
    long answer = each * 3 / 10;
    SessionSettings settings =
        SessionSettings.of(
                context.task().zone(), options.find(JdbcOptions.SESSION).orElse(List.of()), answer)
            .withDriver("connectTimeout", Long.toString(Math.min(CONNECT_MILLIS, each * 2 / 5)))
            .withDriver("socketTimeout", Long.toString(answer));
    ServerTrust trust = new ServerTrust(context.task().certificates(), context.log()::warn);
    List<String> answers = new ArrayList<>();
    for (JdbcSource source : sources) {
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

  /** How many may be tried one after another. */
  private static int servers(List<JdbcSource> sources) {
    return sources.stream()
        .flatMap(source -> source.endpoint().urls().stream())
        .mapToInt(url -> MySqlUrl.parse(url).hosts().split(",").length)
        .sum();
  }
}
