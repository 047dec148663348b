package io.millrace.mysql.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.LocalFiles;
import io.millrace.api.Sensitive;
import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.jdbc.JdbcEndpoint;
import io.millrace.mysql.MySqlConnector;
import io.millrace.testkit.context.ConnectionTests;
import io.millrace.testkit.context.TestCancellation;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the connection test of a data source says of a server, and of whatever is wrong. */
@Timeout(120)
class MySqlConnectionTestIT {

  private static final String WRONG = "wr0ng-passw0rd";

  private static Map<String, Object> source(TestServer server, Object... more) {
    Map<String, Object> source = new HashMap<>();
    source.put("host", server.host());
    source.put("port", server.port());
    source.put("database", "mysql");
    source.put("username", server.user());
    source.put("password", server.password());
    for (int i = 0; i < more.length; i += 2) {
      source.put((String) more[i], more[i + 1]);
    }
    return source;
  }

  private static String test(Map<String, Object> source) {
    return ConnectionTests.run(new MySqlConnector(), source);
  }

  private static AbstractStringAssert<?> refusal(StandardError error, Map<String, Object> source) {
    MillraceException refused = catchThrowableOfType(MillraceException.class, () -> test(source));
    assertThat(refused).isNotNull();
    assertThat(refused.errorCode()).isEqualTo(error);
    return assertThat(Sensitive.plain(refused.getMessage())).doesNotContain(WRONG, "\n");
  }

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void productVersionPlaceAndAccountAreTold(Flavour flavour) {
    TestServer server = TestServers.shared(flavour);
    assertThat(test(source(server)))
        .matches(
            "(MySQL|MariaDB) \\d+\\.\\d+\\.\\d+ at \\Q"
                + server.host()
                + ":"
                + server.port()
                + "/mysql\\E as "
                + server.user());
  }

  @Test
  void whatBelongsToATaskIsNotNeededAndNotLookedAt() {
    TestServer server = TestServers.mysql();
    Map<String, Object> source =
        Map.of(
            "jdbcUrl",
            List.of(server.jdbcUrl("mysql")),
            "username",
            server.user(),
            "password",
            server.password(),
            "table",
            "no_such_table");
    assertThat(test(source)).contains("MySQL ");
  }

  @Test
  void aWrongPasswordIsTold() {
    refusal(StandardError.ACCESS_DENIED, source(TestServers.mysql(), "password", WRONG))
        .contains("Access denied")
        .contains("check username and password");
  }

  @Test
  void aDatabaseThatIsMissingIsTold() {
    refusal(StandardError.CONFIGURATION, source(TestServers.mysql(), "database", "no_such_db"))
        .contains("Unknown database 'no_such_db'")
        .contains("check the database's name");
  }

  @Test
  void aHostThatIsMissingIsTold() {
    refusal(
            StandardError.CONNECT,
            source(TestServers.mysql(), "host", "no.such.host.invalid", "password", WRONG))
        .contains("cannot connect to no.such.host.invalid")
        .contains("UnknownHost");
  }

  @Test
  void aPortWhereNobodyListensIsTold() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    refusal(StandardError.CONNECT, source(TestServers.mysql(), "port", port, "password", WRONG))
        .contains("cannot connect to")
        .contains(":" + port)
        .contains("the server does not answer");
  }

  @Test
  void aKeyThatTheServerSendsItselfIsRefusedWithItsCure() throws Exception {
    TestServer server = TestServers.mysql();
    server.execute(
        "", "CREATE USER keyless IDENTIFIED WITH caching_sha2_password BY 's3cret-pass'");
    try {
      Map<String, Object> source =
          source(server, "username", "keyless", "password", "s3cret-pass", "jdbcUrl", "");
      source.keySet().removeAll(List.of("host", "port", "database"));
      source.put("jdbcUrl", server.jdbcUrl("") + "?useSSL=false");
      refusal(StandardError.ACCESS_DENIED, source)
          .contains("allowPublicKeyRetrieval=true")
          .contains("sslMode=REQUIRED");
      source.put("jdbcUrl", server.jdbcUrl("") + "?useSSL=false&allowPublicKeyRetrieval=true");
      assertThat(test(source)).contains("MySQL ");
    } finally {
      server.execute("", "DROP USER keyless");
    }
  }

  @Test
  void theFirstHostThatAnswersIsTaken() throws IOException {
    TestServer server = TestServers.mysql();
    try (ServerSocket free = new ServerSocket(0)) {
      int closed = free.getLocalPort();
      free.close();
      Map<String, Object> source = source(server);
      source.keySet().removeAll(List.of("host", "port", "database"));
      String hosts =
          "no.such.host.invalid:1,127.0.0.1:" + closed + "," + server.host() + ":" + server.port();
      for (String form : List.of("", ":loadbalance")) {
        source.put("jdbcUrl", "jdbc:mysql" + form + "://" + hosts + "/mysql");
        assertThat(test(source)).contains(" at " + server.host() + ":" + server.port() + "/mysql");
      }
      source.put("jdbcUrl", "jdbc:mysql:replication://" + hosts + "/mysql");
      refusal(StandardError.CONNECT, source).contains("no.such.host.invalid:1/mysql");
      source.put("jdbcUrl", "jdbc:mysql://no.such.host.invalid:1,127.0.0.1:" + closed + "/mysql");
      refusal(StandardError.CONNECT, source)
          .contains("no address answers")
          .contains("no.such.host.invalid")
          .contains("127.0.0.1:" + closed);
    }
  }

  @Test
  void severalServersThatDoNotAnswerTakeNoLongerThanAnybodyWaits() throws IOException {
    List<ServerSocket> silent = new ArrayList<>();
    List<String> urls = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        ServerSocket socket = new ServerSocket(0);
        silent.add(socket);
        String host = "127.0.0.1:" + socket.getLocalPort();
        // One URL of two hosts, too.
        urls.add("jdbc:mysql://" + host + (i == 0 ? "," + host : "") + "/d?connectTimeout=60000");
      }
      long before = System.nanoTime();
      refusal(StandardError.CONNECT, Map.of("jdbcUrl", urls, "username", "u", "password", WRONG))
          .contains("cannot connect to 127.0.0.1");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    } finally {
      for (ServerSocket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void theDriverWritesNothingOfAHostToTheErrorOutput() throws Exception {
    TestServer server = TestServers.mysql();
    String host = server.host() + ":" + server.port();
    String url = "jdbc:mysql://" + host + "," + host + "/mysql";
    MySqlConnections connections =
        new MySqlConnections(
            new JdbcEndpoint(List.of(url), server.user(), server.password()),
            new ServerTrust(ServerCertificates.NONE, line -> {}),
            SessionSettings.of(ZoneOffset.UTC, List.of(), 20_000),
            LocalFiles.ANYWHERE,
            Clock.systemUTC(),
            line -> {});
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try (MySqlConnection connection = connections.open(new TestCancellation());
        Connection other =
            DriverManager.getConnection(server.jdbcUrl("mysql"), server.user(), server.password());
        Statement kill = other.createStatement()) {
      kill.execute("KILL " + connection.server().connectionId());
      assertThatThrownBy(() -> connection.execute("SELECT 1"));
    } finally {
      System.setErr(before);
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain("hostProperties");
  }

  @Test
  void aSessionStatementThatEachTaskWouldFailByIsTold() {
    refusal(
            StandardError.CONFIGURATION,
            source(TestServers.mysql(), "session", List.of("SET no_such_variable = 1")))
        .contains("option 'session'");
  }

  @Test
  void aDataSourceThatNamesNoDatabaseIsTold() {
    refusal(StandardError.CONFIGURATION, Map.of("username", "u", "password", WRONG))
        .contains("no database is named");
  }
}
