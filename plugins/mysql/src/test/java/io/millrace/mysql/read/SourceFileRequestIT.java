package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.mysql.connect.FileAskingProxy;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that asks for a file of this machine gets none, whatever it answers so. */
final class SourceFileRequestIT {

  private static final String SECRET = "nobody's business";

  @TempDir Path directory;

  @Test
  void aSourceGetsNoFileForAnyOfItsAnswers() throws Exception {
    TestServer server = TestServers.mysql();
    server.execute(
        "",
        "DROP DATABASE IF EXISTS file_request",
        "CREATE DATABASE file_request",
        "CREATE TABLE file_request.t (id INT PRIMARY KEY)",
        "INSERT INTO file_request.t VALUES (1), (2), (3)");
    String file = Files.writeString(directory.resolve("secret"), SECRET).toString();
    int victim = 0;
    for (boolean asked = true; asked; victim++) {
      try (FileAskingProxy proxy = new FileAskingProxy(server.host(), server.port(), file, victim);
          Reading reading =
              Reading.of(
                  server,
                  "file_request",
                  "jdbcUrl",
                  server.jdbcUrl("file_request", proxy.port()),
                  "table",
                  "t",
                  "splitPk",
                  "id")) {
        try {
          reading.schema();
          assertThat(reading.rows(2)).hasSize(3);
        } catch (MillraceException e) {
          assertThat(proxy.hasAsked()).as(e.getMessage()).isTrue();
        }
        asked = proxy.hasAsked();
        assertThat(proxy.stolen()).as("message " + victim).doesNotContain(SECRET);
      }
    }
    assertThat(victim).isGreaterThan(8);
  }
}
