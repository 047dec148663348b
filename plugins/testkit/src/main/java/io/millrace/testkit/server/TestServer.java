package io.millrace.testkit.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A running MySQL-compatible server and an account that may do everything. The server speaks plain
 * text, not TLS, unless it was given by the environment. Safe for use by several threads.
 */
public interface TestServer extends AutoCloseable {

  /** MySQL or MariaDB. */
  Flavour flavour();

  /** Where it listens. */
  String host();

  /** Where it listens. */
  int port();

  /** The account that may do everything. */
  String user();

  /** The account's password: never empty, so that a leak of it can be looked for. */
  String password();

  /** The server's process id; -1 where it is no process of this machine. */
  long pid();

  /** Where it comes from and what it is, in a few words for the test output. */
  String description();

  /**
   * The URL of a database, without account and password.
   *
   * @param database the database's name; empty for none
   */
  default String jdbcUrl(String database) {
    return "jdbc:mysql://" + host() + ":" + port() + "/" + database;
  }

  /** The URL of a database when the server is reached through another port of this machine. */
  default String jdbcUrl(String database, int proxyPort) {
    return "jdbc:mysql://127.0.0.1:" + proxyPort + "/" + database;
  }

  /**
   * A new connection; the caller closes it.
   *
   * @param database the database's name; empty for none
   */
  default Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user());
    properties.setProperty("password", password());
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("allowLoadLocalInfile", "true");
    // Not through DriverManager: it does not see drivers of other class loaders.
    Connection connection = new com.mysql.cj.jdbc.Driver().connect(jdbcUrl(database), properties);
    if (connection == null) {
      throw new SQLException("not a URL of MySQL: " + jdbcUrl(database));
    }
    return connection;
  }

  /** Runs statements one after another, for setting up and looking. */
  default void execute(String database, String... statements) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * Creates an empty utf8mb4 database with a name that no other test uses, also not in another JVM.
   *
   * @param prefix lower-case letters and digits, what the name begins with
   * @return the name
   */
  default String createDatabase(String prefix) throws SQLException {
    String suffix = Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), 36);
    String name = prefix + "_" + suffix;
    execute("", "CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4");
    return name;
  }

  /** Ends the server when it was started here, and removes its data. Closing twice is harmless. */
  @Override
  void close();
}
