package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.testkit.server.TestServer;
import java.sql.SQLException;
import java.util.UUID;

/** Empty stores for tests. */
public final class Stores {

  private Stores() {}

  /** A store in memory, which ends with the JVM. */
  public static Database memory() {
    return Database.open(
        new StoreSettings("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", ""));
  }

  /** A store in a new database of a server. */
  public static Database on(TestServer server) throws SQLException {
    return Database.open(settings(server));
  }

  /** Where a new, empty database of a server is. */
  public static StoreSettings settings(TestServer server) throws SQLException {
    return new StoreSettings(
        server.jdbcUrl(server.createDatabase("store")), server.user(), server.password());
  }
}
