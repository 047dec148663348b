package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.LocalFiles;
import io.millrace.api.ServerCertificates;
import io.millrace.jdbc.JdbcEndpoint;
import io.millrace.mysql.Waiting;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlConnections;
import io.millrace.mysql.connect.ServerTrust;
import io.millrace.mysql.connect.SessionSettings;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server does for a connection that is given up is ended there and nowhere else. */
final class AbandonedConnectionIT {

  private static MySqlConnections through(FaultProxy proxy, TestServer server) {
    String url = server.jdbcUrl("", proxy.port());
    return new MySqlConnections(
        new JdbcEndpoint(List.of(url), server.user(), server.password()),
        new ServerTrust(ServerCertificates.NONE, warning -> {}),
        SessionSettings.of(ZoneOffset.UTC, List.of(), 0),
        LocalFiles.ANYWHERE,
        Clock.systemUTC(),
        warning -> {});
  }

  private static long id(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The next connection of a server will have the id that is given, or a greater one. */
  private static void raiseIds(TestServer of, long id) throws SQLException {
    long last = 0;
    while (last < id - 1) {
      try (Connection connection = of.connect("")) {
        last = id(connection);
      }
    }
  }

  private static boolean isKilling() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("millrace-mysql-kill"));
  }

  @Test
  void aConnectionOfTheSameIdAtAnotherServerLives() throws Exception {
    // Servers that nobody else connects to, for ids are counted, and that know the same account.
    ServerOptions options = ServerOptions.DEFAULT.withPassword("Secret-1");
    try (TestServer server = TestServers.mysql(options);
        TestServer other = TestServers.mariadb(options);
        FaultProxy proxy = FaultProxy.before(server.host(), server.port())) {
      MySqlConnections connections = through(proxy, server);
      try (Connection next = other.connect("")) {
        raiseIds(server, id(next) + 1);
      }
      MySqlConnection given = connections.open(new ManualCancellation());
      given.makeKillable();
      long id = given.server().connectionId();
      raiseIds(other, id);
      try (Connection innocent = other.connect("")) {
        assertThat(id(innocent)).as("the ids are the same").isEqualTo(id);
        proxy.redirect(other.port());
        connections.abandon(given);
        Waiting.until("the end of the kill", () -> !isKilling());
        assertThat(id(innocent)).isEqualTo(id);
      }
    }
  }

  @Test
  void whatTheServerDoesForItIsEnded() throws Exception {
    TestServer server = TestServers.mysql();
    try (FaultProxy proxy = FaultProxy.before(server.host(), server.port())) {
      MySqlConnections connections = through(proxy, server);
      MySqlConnection given = connections.open(new ManualCancellation());
      given.makeKillable();
      long id = given.server().connectionId();
      Thread busy = new Thread(() -> workForHours(given));
      busy.start();
      Waiting.until("the server works", () -> isWorking(server, id));
      connections.abandon(given);
      Waiting.until("the server has stopped", () -> !isWorking(server, id));
      busy.join();
    }
  }

  /** What does not notice that its client is gone. */
  private static void workForHours(MySqlConnection connection) {
    try {
      connection.execute("DO BENCHMARK(100000000000, SHA2('x', 512))");
    } catch (SQLException e) {
      // It was cut.
    }
  }

  private static boolean isWorking(TestServer server, long id) throws SQLException {
    try (Connection connection = server.connect("");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'DO BENCH%'"
                    + " AND id = "
                    + id)) {
      row.next();
      return row.getLong(1) > 0;
    }
  }
}
