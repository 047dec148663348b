package io.millrace.mysql.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ServerCertificates;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.mysql.MySqlConnector;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run by stored data sources, of which one leads to a server behind somebody else. */
final class StoredDataSourceIT {

  private final TestServer server = TestServers.mysql();
  private final KeptCertificates certificates = new KeptCertificates();
  @TempDir private Path directory;
  private int runs;

  /** Both ends are the same server; one is reached through the front. */
  private final class Stored implements DataSourceLookup {
    private final String database;
    private final TlsFront front;

    Stored(String database, TlsFront front) {
      this.database = database;
      this.front = front;
    }

    @Override
    public Optional<Map<String, Object>> find(String name) {
      String address = name.equals("far") ? "127.0.0.1:" + front.port() : address();
      String tls = name.equals("far") ? "?sslMode=REQUIRED" : "";
      return Optional.of(
          Map.of(
              "jdbcUrl",
              "jdbc:mysql://" + address + "/" + database + tls,
              "username",
              server.user(),
              "password",
              server.password()));
    }

    private String address() {
      return server.host() + ":" + server.port();
    }

    @Override
    public ServerCertificates certificates(String name) {
      return name.equals("far") ? certificates : new KeptCertificates();
    }
  }

  private AttemptResult run(Stored stored, String reader, String writer) {
    String script =
        "reader: {mysql: {datasource: %s, table: a, column: [\"*\"]}}\n".formatted(reader)
            + "writer: {mysql: {datasource: %s, table: b, column: [\"*\"]}}\n".formatted(writer);
    return new Engine(Connectors.of(new MySqlConnector()), Clock.systemUTC())
        .attempt(
            new AttemptRequest(
                TaskFiles.read("attack", script, ReadSettings.defaults().withDataSources(stored)),
                directory.resolve("run" + runs++),
                false),
            line -> {})
        .run();
  }

  /** On a server without kept certificates this run succeeds, and he has read all of it. */
  @ParameterizedTest
  @ValueSource(strings = {"reader", "writer"})
  void aManInTheMiddleGetsNeitherAPasswordNorARow(String end) throws Exception {
    String database = server.createDatabase("pin");
    server.execute(
        database,
        "CREATE TABLE a (id INT PRIMARY KEY)",
        "CREATE TABLE b (id INT PRIMARY KEY)",
        "INSERT INTO a VALUES (1)");
    String reader = end.equals("reader") ? "far" : "near";
    String writer = end.equals("writer") ? "far" : "near";
    try (TlsFront front = new TlsFront(server.host(), server.port(), "first")) {
      Stored stored = new Stored(database, front);
      AttemptResult first = run(stored, reader, writer);
      assertThat(first.state()).as(String.valueOf(first.error())).isEqualTo(RunState.SUCCESS);
      assertThat(certificates.kept()).hasSize(1);
      String before = front.logins();
      server.execute(database, "DELETE FROM b");
      front.show("second");

      AttemptResult attacked = run(stored, reader, writer);

      assertThat(attacked.state()).isEqualTo(RunState.FAIL);
      assertThat(attacked.error().message())
          .contains(ServerCertificates.fingerprint(TlsFront.certificate("first")))
          .contains(ServerCertificates.fingerprint(TlsFront.certificate("second")));
      assertThat(front.logins()).isEqualTo(before);
    }
  }
}
