package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.mysql.connect.FileAskingProxy;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for a file of this machine gets none, whatever it answers so. */
final class FileRequestIT {

  private static final String SECRET = "nobody's business";
  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  @TempDir Path directory;

  @Test
  void aTargetGetsNoFileForAnyOfItsAnswers() throws Exception {
    TestServer server = TestServers.mysql();
    server.execute("", "DROP DATABASE IF EXISTS file_request", "CREATE DATABASE file_request");
    String file = Files.writeString(directory.resolve("secret"), SECRET).toString();
    int victim = 0;
    boolean asked = true;
    int loads = 0;
    while (asked) {
      server.execute(
          "file_request",
          "DROP TABLE IF EXISTS t",
          "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(40))");
      try (FileAskingProxy proxy =
          new FileAskingProxy(server.host(), server.port(), file, victim)) {
        WriterHarness harness = new WriterHarness(server, "file_request").with("table", "t");
        harness.with("column", List.of("id", "name"));
        harness.with("preSql", List.of("DELETE FROM t"));
        harness.with("postSql", List.of("UPDATE t SET id = id + 0"));
        harness.with("jdbcUrl", server.jdbcUrl("file_request", proxy.port()));
        try {
          harness.run(
              WriterHarness.batch(ID_NAME, new Object[] {1L, "a"}, new Object[] {2L, "b"}),
              WriterHarness.batch(ID_NAME, new Object[] {3L, "c"}));
        } catch (MillraceException e) {
          assertThat(proxy.hasAsked()).as(e.getMessage()).isTrue();
        }
        asked = proxy.hasAsked();
        assertThat(proxy.stolen()).as("message " + victim).doesNotContain(SECRET);
        loads += proxy.stolen().isEmpty() ? 0 : 1;
      }
      victim++;
    }
    // The statements that load rows are answered with the rows, and were among those asked.
    assertThat(loads).isPositive();
    assertThat(victim).isGreaterThan(20);
  }
}
