package io.millrace.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.net.FaultProxy.Action;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shows that the proxy finds the COMMIT that the driver really sends. */
class CommitWithoutAnswerIT {

  @ParameterizedTest
  @EnumSource
  void aCommitWhoseAnswerIsLostHasHappened(Flavour flavour) throws SQLException {
    assertThat(rowsAfterCommitWith(flavour, Action.CUT_AFTER)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aCommitThatIsLostHasNotHappened(Flavour flavour) throws SQLException {
    assertThat(rowsAfterCommitWith(flavour, Action.CUT_BEFORE)).isZero();
  }

  private static int rowsAfterCommitWith(Flavour flavour, Action action) throws SQLException {
    TestServer server = TestServers.shared(flavour);
    String database = server.createDatabase("commit");
    server.execute(database, "CREATE TABLE t (id INT) ENGINE=InnoDB");
    Properties account = new Properties();
    account.setProperty("user", server.user());
    account.setProperty("password", server.password());
    account.setProperty("sslMode", "DISABLED");
    account.setProperty("allowPublicKeyRetrieval", "true");
    try (FaultProxy proxy = FaultProxy.before(server.host(), server.port());
        Connection connection =
            new com.mysql.cj.jdbc.Driver()
                .connect(server.jdbcUrl(database, proxy.port()), account);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (1)");
      CompletableFuture<Void> done = proxy.when(BytePattern.commit(), 1, action);

      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);

      assertThat(done).succeedsWithin(Duration.ofSeconds(5));
    }
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        // Waits for the end of a transaction that is still being rolled back.
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM t FOR UPDATE")) {
      count.next();
      return count.getInt(1);
    }
  }
}
