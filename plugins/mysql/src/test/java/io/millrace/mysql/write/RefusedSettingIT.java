package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.mysql.connect.FileAskingProxy;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A server that refuses a session setting: rows are right, or one line says which it was. */
final class RefusedSettingIT {

  private static final Pattern COMFORT = Pattern.compile("max_error_count|READ COMMITTED");
  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  @Test
  void eachSettingOfATargetInTurn() throws Exception {
    TestServer server = TestServers.mysql();
    server.execute("", "DROP DATABASE IF EXISTS refused", "CREATE DATABASE refused");
    int comforts = 0;
    boolean came = true;
    for (int victim = 0; came; victim++) {
      server.execute(
          "refused",
          "DROP TABLE IF EXISTS t",
          "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(40))");
      try (FileAskingProxy proxy = FileAskingProxy.refusing(server.host(), server.port(), victim)) {
        WriterHarness harness = new WriterHarness(server, "refused").with("table", "t");
        harness.with("column", List.of("id", "name"));
        harness.with("jdbcUrl", server.jdbcUrl("refused", proxy.port()));
        boolean written = false;
        try {
          harness.run(
              WriterHarness.batch(ID_NAME, new Object[] {1L, "a"}, new Object[] {2L, "b"}),
              WriterHarness.batch(ID_NAME, new Object[] {3L, "c"}));
          written = true;
        } catch (MillraceException e) {
          assertThat(proxy.refused()).as(e.getMessage()).isNotNull();
          assertThat(e.getMessage()).contains("1227").doesNotContain("\n");
        }
        String refused = proxy.refused();
        came = refused != null;
        if (!came || COMFORT.matcher(refused).find()) {
          assertThat(written).as("without " + refused).isTrue();
          comforts += came ? 1 : 0;
        }
        if (written) {
          assertThat(harness.rows("SELECT concat(id, name) FROM t ORDER BY id"))
              .as("without " + refused)
              .containsExactly("1a", "2b", "3c");
        }
      }
    }
    assertThat(comforts).isEqualTo(2);
  }
}
