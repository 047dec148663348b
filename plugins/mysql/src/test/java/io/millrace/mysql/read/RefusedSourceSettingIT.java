package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.mysql.connect.FileAskingProxy;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A source that refuses a session setting: rows are right, or one line says which it was. */
final class RefusedSourceSettingIT {

  private static final Pattern COMFORT =
      Pattern.compile("net_write_timeout|information_schema_stats_expiry|SESSION timestamp");

  @Test
  void eachSettingOfASourceInTurn() throws Exception {
    TestServer server = TestServers.mysql();
    server.execute(
        "",
        "DROP DATABASE IF EXISTS refused_source",
        "CREATE DATABASE refused_source",
        "CREATE TABLE refused_source.t (id INT PRIMARY KEY)",
        "INSERT INTO refused_source.t VALUES (1), (2), (3)");
    int comforts = 0;
    boolean came = true;
    for (int victim = 0; came; victim++) {
      try (FileAskingProxy proxy = FileAskingProxy.refusing(server.host(), server.port(), victim);
          Reading reading =
              Reading.of(
                  server,
                  "refused_source",
                  "jdbcUrl",
                  server.jdbcUrl("refused_source", proxy.port()),
                  "table",
                  "t",
                  "splitPk",
                  "id")) {
        boolean read = false;
        try {
          reading.schema();
          assertThat(reading.rows(2)).hasSize(3);
          read = true;
        } catch (MillraceException e) {
          assertThat(proxy.refused()).as(e.getMessage()).isNotNull();
          assertThat(e.getMessage()).contains("1227").doesNotContain("\n");
        }
        String refused = proxy.refused();
        came = refused != null;
        if (!came || COMFORT.matcher(refused).find()) {
          assertThat(read).as("without " + refused).isTrue();
          comforts += came ? 1 : 0;
        }
      }
    }
    assertThat(comforts).isGreaterThanOrEqualTo(2);
  }
}
