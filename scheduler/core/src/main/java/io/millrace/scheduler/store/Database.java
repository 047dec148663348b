package io.millrace.scheduler.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The metadata database, with its tables brought up to date. Safe for use by several threads; close
 * it last.
 */
public final class Database implements AutoCloseable {

  private static final int CONNECTIONS = 16;
  private static final int DEADLOCKS = 5;

  /**
   * A node that is paused keeps its locks, and all others wait for them. So the server ends what
   * does nothing: MariaDB a transaction after ten seconds, before the lease of a node does; MySQL,
   * which knows no such thing, a connection after a minute, which the pool does not let idle.
   */
  private static final String END_WHAT_IDLES =
      "SET SESSION wait_timeout = 60 /*M!100300 , idle_transaction_timeout = 10 */";

  private static final int KEEP_ALIVE_MILLIS = 30_000;

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final Dialect dialect;

  private Database(HikariDataSource pool, Dialect dialect) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    this.dialect = dialect;
  }

  /**
   * Opens the database and creates or updates its tables.
   *
   * @throws MillraceException in one line, when it cannot be reached, is in use by another process,
   *     or is newer than this program
   */
  public static Database open(StoreSettings settings) {
    Dialect dialect = dialect(settings.url());
    HikariConfig config = new HikariConfig();
    config.setPoolName("store");
    config.setJdbcUrl(url(dialect, settings.url()));
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(20_000);
    // Repeatable reads would have a conditional write see less than it locks.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    if (dialect == Dialect.MYSQL) {
      config.setConnectionInitSql(END_WHAT_IDLES);
      config.setKeepaliveTime(KEEP_ALIVE_MILLIS);
    }
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config);
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(pool)
          .locations("classpath:db/migration")
          .javaMigrations(new V2__QuartzTables(dialect))
          .placeholders(dialect.words())
          .table("schema_history")
          // Flyway's default lets an older program go on with what a newer one has changed.
          .ignoreMigrationPatterns(new String[0])
          .load()
          .migrate();
      return new Database(pool, dialect);
    } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
      if (pool != null) {
        pool.close();
      }
      throw new MillraceException(
          StandardError.CONNECT,
          "the store at "
              + settings
              + " cannot be opened: "
              + (e instanceof FlywayValidateException
                  ? "its tables are not those of this version of Millrace, perhaps because a newer"
                      + " one has used it: start that version, or give back a copy from before ("
                      + validation(e)
                      + ")"
                  : rootMessage(e)),
          e);
    }
  }

  /** H2 is told to understand what MySQL does, and to open its file again after an interrupt. */
  private static String url(Dialect dialect, String url) {
    if (dialect != Dialect.H2) {
      return url;
    }
    String lasting = url.replaceFirst("^(?i)jdbc:h2:file:", "jdbc:h2:retry:");
    return lasting.toUpperCase(Locale.ROOT).contains(";MODE=") ? lasting : lasting + ";MODE=MySQL";
  }

  private static Dialect dialect(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:h2:")) {
      return Dialect.H2;
    }
    if (lower.startsWith("jdbc:mysql:")) {
      return Dialect.MYSQL;
    }
    throw new MillraceException(
        StandardError.CONFIGURATION,
        "store.url must begin with jdbc:h2: or jdbc:mysql: (also for MariaDB)");
  }

  /** The line that names what differs, behind Flyway's own head. */
  private static String validation(RuntimeException failure) {
    return failure.getMessage().lines().skip(1).findFirst().orElse(failure.getMessage());
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  /** What the database calls things. */
  public Dialect dialect() {
    return dialect;
  }

  /** What tells this installation from others, for ever. */
  public String installation() {
    return inTransaction(
        handle -> {
          // The lock that every node takes: of two that start at once, one makes the id.
          handle.execute("SELECT id FROM resource_group FOR UPDATE");
          return handle
              .createQuery("SELECT id FROM installation")
              .mapTo(String.class)
              .findFirst()
              .orElseGet(
                  () -> {
                    String id = UUID.randomUUID().toString();
                    handle.execute("INSERT INTO installation (id) VALUES (?)", id);
                    return id;
                  });
        });
  }

  /** The pool, for Quartz. */
  public DataSource dataSource() {
    return pool;
  }

  /**
   * Runs in one transaction, which is rolled back when {@code work} throws. After a deadlock, which
   * a database solves by ending one of the two, it is run again: it may have no effect but through
   * the handle.
   */
  public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
    for (int attempt = 1; ; attempt++) {
      try {
        return jdbi.inTransaction(work);
      } catch (JdbiException e) {
        if (attempt == DEADLOCKS || !isDeadlock(e)) {
          throw e;
        }
      }
    }
  }

  /** Like {@link #inTransaction}, without a result. */
  public <X extends Exception> void useTransaction(HandleConsumer<X> work) throws X {
    this.<Boolean, X>inTransaction(
        handle -> {
          work.useHandle(handle);
          return true;
        });
  }

  private static boolean isDeadlock(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && "40001".equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  /** Runs single statements, each a transaction of its own. */
  public <T, X extends Exception> T with(HandleCallback<T, X> work) throws X {
    return jdbi.withHandle(work);
  }

  @Override
  public void close() {
    pool.close();
  }
}
