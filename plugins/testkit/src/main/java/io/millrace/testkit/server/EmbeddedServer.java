package io.millrace.testkit.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A server started from a Maven artifact as a process of its own, on a free port of 127.0.0.1. It
 * ends with {@link #close()}, and at the latest when this JVM ends, also by {@code kill -9}.
 */
public final class EmbeddedServer implements TestServer {

  private static final int PORT_TRIES = 3;
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 30;
  private static final int GREETING = 10;

  /**
   * Starts the server and waits for the end of its input, which this JVM holds open: it comes when
   * the JVM closes it or is gone, however that happened. A server that ends before is told, with
   * its log unless a test killed it: the log is gone with the data, and the tests that need the
   * server tell only that nobody answers.
   */
  private static final String WATCHDOG =
      """
      trap '' INT HUP
      signal=$1 remove=$2 log=$3
      shift 3
      exec 3<&0
      rm -f -- "$log.asked"
      "$@" </dev/null >>"$log" 2>&1 3<&- &
      server=$!
      echo "$server"
      exec 4>&2 >/dev/null 2>&1
      ( while read -r line <&3; do :; done; : >"$log.asked"; kill "-$signal" "$server" ) &
      watcher=$!
      wait "$server"
      status=$?
      if [ ! -e "$log.asked" ]; then
        kill -KILL "$watcher"
        echo "Test server $server ended unasked, status $status" >&4
        if [ "$status" -ne 137 ]; then tail -n 100 "$log" >&4; fi
      fi
      if [ -n "$remove" ]; then rm -rf -- "$remove"; fi
      """;

  private final ServerBinaries binaries;
  private final String password;
  private final int port;
  private final long pid;
  private final Process watchdog;
  private final Path log;
  private final boolean temporary;
  private final Path directory;

  private EmbeddedServer(
      ServerBinaries binaries, Workplace place, String password, int port, Process watchdog)
      throws IOException {
    this.binaries = binaries;
    this.password = password;
    this.port = port;
    this.watchdog = watchdog;
    this.log = place.log();
    this.temporary = place.temporary();
    this.directory = place.directory();
    String line =
        new BufferedReader(
                new InputStreamReader(watchdog.getInputStream(), StandardCharsets.US_ASCII))
            .readLine();
    if (line == null) {
      throw new IOException("the shell that watches the server did not start it");
    }
    this.pid = Long.parseLong(line);
  }

  /** Where a server keeps its things. */
  private record Workplace(Path directory, Path data, boolean temporary) {
    Path log() {
      return directory.resolve("server.log");
    }
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @throws MillraceException with {@link StandardError#RESOURCE} when it does not start; the
   *     message holds the end of its log
   */
  public static EmbeddedServer start(Flavour flavour, ServerOptions options) {
    return start(ServerBinaries.find(flavour), options);
  }

  /** Starts a server from unpacked program files and returns when it answers. */
  public static EmbeddedServer start(ServerBinaries binaries, ServerOptions options) {
    try {
      for (int attempt = 1; ; attempt++) {
        EmbeddedServer server = launch(binaries, options);
        if (server.awaitGreeting()) {
          return server;
        }
        String tail = DataDirectories.explanation(server.log);
        server.close();
        // The port was free a moment ago, but another program may have been faster.
        if (attempt == PORT_TRIES || !tail.contains("Address already in use")) {
          throw new MillraceException(
              StandardError.RESOURCE, binaries.flavour().title() + " did not start: " + tail);
        }
      }
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          binaries.flavour().title() + " could not be started: " + e.getMessage(),
          e);
    }
  }

  private static EmbeddedServer launch(ServerBinaries binaries, ServerOptions options)
      throws IOException {
    Path given = options.dataDirectory();
    Path directory =
        given == null
            ? Files.createTempDirectory("millrace-server-")
            : Files.createDirectories(given.toAbsolutePath());
    Workplace place = new Workplace(directory, directory.resolve("data"), given == null);
    if (!Files.exists(place.data())) {
      DataDirectories.fill(binaries, options, place.data(), place.log());
    }
    String chosen = options.password();
    String password = chosen == null ? randomPassword() : chosen;
    Path init = directory.resolve("init.sql");
    Files.writeString(init, accounts(password));
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add("/bin/sh");
    command.add("-c");
    command.add(WATCHDOG);
    command.add("millrace-watchdog");
    command.add(place.temporary() ? "KILL" : "TERM");
    command.add(place.temporary() ? directory.toString() : "");
    command.add(place.log().toString());
    command.addAll(DataDirectories.command(binaries, place.data()));
    command.addAll(defaults(port, init));
    command.addAll(options.arguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    DataDirectories.environment(binaries, builder);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new EmbeddedServer(binaries, place, password, port, builder.start());
  }

  private static List<String> defaults(int port, Path init) {
    return List.of(
        "--port=" + port,
        "--bind-address=127.0.0.1",
        // Relative to the data directory: the path of a socket must be short.
        "--socket=server.sock",
        "--pid-file=server.pid",
        "--init-file=" + init,
        "--skip-name-resolve",
        "--skip-log-bin",
        "--skip-ssl",
        "--loose-mysqlx=0",
        "--performance-schema=0",
        "--local-infile=1",
        "--max-allowed-packet=256M",
        "--character-set-server=utf8mb4",
        // Neither UTC nor the zone of the JVM: what depends on a zone shows.
        "--default-time-zone=+09:00");
  }

  /**
   * One statement a line, as {@code init-file} demands. A new MariaDB has accounts of root without
   * a password that would be found before this one.
   */
  private static String accounts(String password) {
    String quoted = "'" + password.replace("\\", "\\\\").replace("'", "''") + "'";
    return """
        DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1';
        CREATE USER IF NOT EXISTS 'root'@'%%' IDENTIFIED WITH mysql_native_password;
        ALTER USER 'root'@'%%' IDENTIFIED BY %1$s;
        GRANT ALL PRIVILEGES ON *.* TO 'root'@'%%' WITH GRANT OPTION;
        ALTER USER 'root'@'localhost' IDENTIFIED BY %1$s;
        """
        .formatted(quoted);
  }

  private static String randomPassword() {
    byte[] bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    return "Secret-" + HexFormat.of().formatHex(bytes);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until the server greets; false when it ends instead. */
  private boolean awaitGreeting() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < deadline) {
      if (greets()) {
        return true;
      }
      if (ended(watchdog, 30, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    throw new IOException("no answer within " + START_SECONDS + " s; its log is " + log);
  }

  /** True when the server answers with version 10 of the protocol, not with an error. */
  private boolean greets() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(5000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readInt();
      return in.readByte() == GREETING;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean ended(Process process, long time, TimeUnit unit) throws IOException {
    try {
      return process.waitFor(time, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a server started or ended");
    }
  }

  @Override
  public Flavour flavour() {
    return binaries.flavour();
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String user() {
    return "root";
  }

  @Override
  public String password() {
    return password;
  }

  @Override
  public long pid() {
    return pid;
  }

  /** The version of the server. */
  public String version() {
    return binaries.version();
  }

  /** What the server writes about itself; gone with a temporary data directory. */
  public Path log() {
    return log;
  }

  @Override
  public String description() {
    return flavour().title()
        + " "
        + version()
        + ", embedded on 127.0.0.1:"
        + port
        + " (process "
        + pid
        + ", data in "
        + directory
        + ")";
  }

  @Override
  public void close() {
    try {
      watchdog.getOutputStream().close();
    } catch (IOException e) {
      // The shell is gone already, which is what closing is for.
    }
    try {
      if (!ended(watchdog, STOP_SECONDS, TimeUnit.SECONDS)) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        watchdog.destroyForcibly();
      }
      if (temporary) {
        Directories.delete(directory);
      }
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          flavour().title() + " could not be cleaned up: " + e.getMessage(),
          e);
    }
  }
}
