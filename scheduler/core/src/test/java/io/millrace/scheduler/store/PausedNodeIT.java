package io.millrace.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scheduler.Stores;
import io.millrace.testkit.server.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the locks of a node that does nothing any more, and is not dead either. */
@Timeout(120)
class PausedNodeIT {

  private static final String LOCK = "SELECT * FROM installation FOR UPDATE";

  @Test
  void itsLocksEndBeforeItsLeaseDoes() throws Exception {
    try (Database database = Stores.on(TestServers.mariadb())) {
      database.installation();
      try (Connection paused = database.dataSource().getConnection();
          Statement statement = paused.createStatement()) {
        paused.setAutoCommit(false);
        statement.execute(LOCK);
        long begin = System.nanoTime();
        database.useTransaction(handle -> handle.execute(LOCK));
        Duration waited = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(waited).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
        assertThatThrownBy(paused::commit).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void onMySqlTheyEndAfterAMinute() throws Exception {
    try (Database database = Stores.on(TestServers.mysql())) {
      assertThat(
              database.<Integer, RuntimeException>with(
                  handle -> handle.createQuery("SELECT @@wait_timeout").mapTo(Integer.class).one()))
          .isEqualTo(60);
    }
  }
}
