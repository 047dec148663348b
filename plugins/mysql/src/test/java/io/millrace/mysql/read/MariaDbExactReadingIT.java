package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reader against MariaDB. */
final class MariaDbExactReadingIT extends AbstractExactReadingIT {
  @Override
  TestServer server() {
    return TestServers.mariadb();
  }

  @Test
  void aServerThatGivesNoSessionATimeOfItsOwnIsReadUnlessTheTimeIsAskedFor() throws Exception {
    try (TestServer own =
        TestServers.mariadb(ServerOptions.DEFAULT.with("--secure-timestamp=YES"))) {
      String db = own.createDatabase("secure");
      own.execute(db, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
      try (Reading reading = Reading.of(own, db, "table", "t", "where", "id > 1")) {
        assertThat(reading.row()).containsExactly("2");
      }
      try (Reading reading = Reading.of(own, db, "table", "t", "column", List.of("id", "now()"))) {
        assertThatThrownBy(() -> reading.plan(1)).hasMessageContaining("one moment");
      }
    }
  }
}
