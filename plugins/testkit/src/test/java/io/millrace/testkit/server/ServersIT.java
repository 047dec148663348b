package io.millrace.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServersIT {

  @ParameterizedTest
  @EnumSource
  void theSharedServerRunsSql(Flavour flavour) throws SQLException {
    TestServer server = TestServers.shared(flavour);
    String database = server.createDatabase("servers");

    server.execute(
        database, "CREATE TABLE t (id INT, v VARCHAR(10))", "INSERT INTO t VALUES (1, 'ü😀')");

    assertThat(text(server, database, "SELECT v FROM t")).isEqualTo("ü😀");
    assertThat(text(server, "", "SELECT VERSION()").contains("MariaDB"))
        .isEqualTo(flavour == Flavour.MARIADB);
    assertThat(TestServers.shared(flavour)).isSameAs(server);
  }

  @ParameterizedTest
  @EnumSource
  void anOwnServerTakesOptionsAndEndsWhenClosed(Flavour flavour) throws SQLException {
    TestServer server =
        EmbeddedServer.start(
            flavour, ServerOptions.DEFAULT.with("--local-infile=0").withTimeZone("-03:00"));
    try (server) {
      assertThat(text(server, "", "SELECT @@global.local_infile")).isEqualTo("0");
      assertThat(text(server, "", "SELECT @@global.time_zone")).isEqualTo("-03:00");
      assertThat(ProcessHandle.of(server.pid())).isPresent();
    }
    assertEnded(server.pid());
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void rootNeedsItsPassword(Flavour flavour) {
    TestServer server = TestServers.shared(flavour);

    assertThatThrownBy(
            () ->
                new com.mysql.cj.jdbc.Driver()
                    .connect(server.jdbcUrl("") + "?user=root&password=wrong", null))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Access denied");
  }

  @Test
  void dataInAGivenDirectoryOutlivesTheServer(@TempDir Path directory) throws SQLException {
    ServerOptions options = ServerOptions.DEFAULT.withDataDirectory(directory.resolve("kept"));
    try (TestServer first = EmbeddedServer.start(Flavour.MYSQL, options)) {
      first.execute("", "CREATE DATABASE kept", "CREATE TABLE kept.t AS SELECT 42 AS v");
    }
    try (TestServer second = EmbeddedServer.start(Flavour.MYSQL, options)) {
      assertThat(text(second, "kept", "SELECT v FROM t")).isEqualTo("42");
    }
  }

  /** MariaDB removes what it finds in the directory of temporary tables when it starts. */
  @Test
  void aServerThatStartsLeavesTheTemporaryTablesOfOthers() throws SQLException {
    try (TestServer server = TestServers.mariadb(ServerOptions.DEFAULT);
        Connection connection = server.connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE kept");
      statement.execute("CREATE TEMPORARY TABLE kept.t (v TEXT) ENGINE = Aria");
      statement.execute("INSERT INTO kept.t VALUES ('x')");
      TestServers.mariadb(ServerOptions.DEFAULT).close();

      statement.execute("FLUSH TABLES");
      statement.execute("INSERT INTO kept.t VALUES ('y')");
      statement.execute("DROP TEMPORARY TABLE kept.t");
    }
  }

  @Test
  void aServerDoesNotOutliveAJvmThatIsKilled(@TempDir Path directory) throws Exception {
    Process jvm = startAndWait(directory);
    String[] said = announced(jvm, directory);

    jvm.destroyForcibly();

    assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertEnded(Long.parseLong(said[0]));
    Awaitility.await().until(() -> !Files.exists(Path.of(said[1])));
    assertThat(directory.resolve("out")).content().doesNotContain("ended unasked");
  }

  @Test
  void aServerThatEndsUnaskedIsToldWithItsLog(@TempDir Path directory) throws Exception {
    Process jvm = startAndWait(directory);
    try {
      String[] said = announced(jvm, directory);

      new ProcessBuilder("kill", "-ABRT", said[0]).start().waitFor();

      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !Files.exists(Path.of(said[1])));
      assertThat(directory.resolve("out"))
          .content()
          .contains("Test server " + said[0] + " ended unasked, status")
          .contains("ready for connections")
          .contains("got signal 6");
    } finally {
      jvm.destroyForcibly().waitFor();
    }
  }

  /** Starts a JVM that starts a server and waits; what both print goes into {@code out}. */
  private static Process startAndWait(Path directory) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            StartAndWait.class.getName(),
            directory.resolve("pid").toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  /** The server's process id and its folder. */
  private static String[] announced(Process jvm, Path directory) throws IOException {
    Path announcement = directory.resolve("pid");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(announcement) || !jvm.isAlive());
    assertThat(announcement).exists();
    return Files.readString(announcement, StandardCharsets.UTF_8).split(" ", 2);
  }

  @Test
  void aServerOfTheEnvironmentIsPreferred() {
    Optional<TestServer> server =
        ExternalServer.fromEnvironment(
            Flavour.MARIADB,
            Map.of(
                "MILLRACE_TEST_MARIADB_URL", "jdbc:mysql://db.example:3307/test?x=y",
                "MILLRACE_TEST_MARIADB_USER", "me",
                "MILLRACE_TEST_MARIADB_PASSWORD", "secret"));

    assertThat(server)
        .get()
        .isEqualTo(new ExternalServer(Flavour.MARIADB, "db.example", 3307, "me", "secret"));
    assertThat(server.orElseThrow().toString()).doesNotContain("secret");
    assertThat(ExternalServer.fromEnvironment(Flavour.MYSQL, Map.of())).isEmpty();
  }

  private static void assertEnded(long pid) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  private static String text(TestServer server, String database, String query) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
