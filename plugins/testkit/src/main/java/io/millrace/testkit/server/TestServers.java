package io.millrace.testkit.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Servers for tests: one named by the environment ({@code MILLRACE_TEST_MYSQL_URL}, {@code …_USER},
 * {@code …_PASSWORD}, the same with {@code MARIADB}), else one in a container where Docker answers,
 * else an embedded one. Each choice is printed in one line. Safe for use by several threads.
 */
public final class TestServers {

  private static final Map<Flavour, TestServer> SHARED = new EnumMap<>(Flavour.class);

  private TestServers() {}

  /** The one MySQL that all tests of this JVM share; started on first use, ended with the JVM. */
  public static TestServer mysql() {
    return shared(Flavour.MYSQL);
  }

  /** The one MariaDB that all tests of this JVM share; started on first use, ended with the JVM. */
  public static TestServer mariadb() {
    return shared(Flavour.MARIADB);
  }

  /** The one server of a kind that all tests of this JVM share. */
  public static TestServer shared(Flavour flavour) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(flavour, TestServers::startShared);
    }
  }

  /** A MySQL of one's own, to be closed by the caller. */
  public static TestServer mysql(ServerOptions options) {
    return own(Flavour.MYSQL, options);
  }

  /** A MariaDB of one's own, to be closed by the caller. */
  public static TestServer mariadb(ServerOptions options) {
    return own(Flavour.MARIADB, options);
  }

  /** A server of one's own, to be closed by the caller; never the one of the environment. */
  public static TestServer own(Flavour flavour, ServerOptions options) {
    long start = System.nanoTime();
    // A data directory of this machine cannot be handed to a container everywhere.
    if (options.dataDirectory() == null && Docker.answers()) {
      return announced(ContainerServer.start(flavour, options), start);
    }
    return announced(EmbeddedServer.start(flavour, options), start);
  }

  private static TestServer startShared(Flavour flavour) {
    long start = System.nanoTime();
    Optional<TestServer> given = ExternalServer.fromEnvironment(flavour, System.getenv());
    if (given.isPresent()) {
      return announced(given.get(), start);
    }
    TestServer server = own(flavour, ServerOptions.DEFAULT);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "end-" + flavour));
    return server;
  }

  private static TestServer announced(TestServer server, long start) {
    System.out.printf(
        "Test server: %s, ready after %.1f s%n",
        server.description(), (System.nanoTime() - start) / 1e9);
    return server;
  }
}
