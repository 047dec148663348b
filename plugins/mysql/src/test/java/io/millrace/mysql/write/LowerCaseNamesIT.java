package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that keeps the names of tables in small letters, whatever a task calls them. */
final class LowerCaseNamesIT {

  private static final Schema ID = Schema.of(Field.of("id", ColumnType.INT64));

  @Test
  void aTableIsFoundAndPublishedHoweverItsNameIsWritten() throws Exception {
    try (TestServer server =
        TestServers.mysql(ServerOptions.DEFAULT.with("--lower-case-table-names=1"))) {
      server.execute("", "CREATE DATABASE Shop", "CREATE TABLE Shop.Orders (id INT)");
      for (String publish : List.of("direct", "append", "swap")) {
        for (String table : List.of("orders", "ORDERS", "SHOP.Orders")) {
          server.execute("shop", "DELETE FROM orders");
          WriterHarness harness = new WriterHarness(server, "shop").with("table", table);
          harness.with("column", List.of("id")).with("publish", publish);
          harness.run(WriterHarness.batch(ID, new Object[] {1L}, new Object[] {2L}));
          assertThat(harness.rows("SELECT id FROM orders ORDER BY id"))
              .as(publish + " to " + table)
              .containsExactly("1", "2");
        }
      }
    }
  }
}
