package io.millrace.dist.demo;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code millrace server} as a process of its own, with its own data, on a free port of this
 * machine only. It ends when it is closed, and at the latest when this process ends, also by {@code
 * kill -9}.
 */
final class DemoServer implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://[0-9.:]+);");
  private static final Pattern PASSWORD = Pattern.compile("(?m)^  ([a-z0-9-]{20,})$");
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 40;

  /** Tells the server's process id, and ends it when nobody holds its standard input any more. */
  private static final String WATCHDOG =
      """
      trap '' INT HUP
      log=$1
      shift
      "$@" </dev/null >"$log" 2>&1 &
      echo $!
      read -r _
      kill $!
      wait $!
      """;

  private final Process watchdog;
  private final ProcessHandle process;
  private final Path log;

  private DemoServer(Process watchdog, ProcessHandle process, Path log) {
    this.watchdog = watchdog;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it, and returns when it listens.
   *
   * @param home the installation
   * @param directory where its settings, its data and its log go
   */
  static DemoServer start(Path home, Path directory) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("millrace.yaml"),
        "server.port: 0\nserver.data: \"" + directory.resolve("data") + "\"\n");
    Path log = directory.resolve("server.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "sh",
                    "-c",
                    WATCHDOG,
                    "millrace",
                    log.toString(),
                    home.resolve("bin").resolve("millrace").toString(),
                    "server"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("MILLRACE_CONF", conf.toString());
    Process watchdog = builder.start();
    String pid =
        new BufferedReader(
                new InputStreamReader(watchdog.getInputStream(), StandardCharsets.US_ASCII))
            .readLine();
    DemoServer server =
        new DemoServer(watchdog, ProcessHandle.of(Long.parseLong(pid)).orElseThrow(), log);
    try {
      server.awaitListening();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void awaitListening() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!ADDRESS.matcher(text()).find()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new MillraceException(
            StandardError.RESOURCE,
            "the server did not start: " + text().strip().replaceAll("\\s+", " "));
      }
      sleep();
    }
  }

  private static void sleep() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String text() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  String url() throws IOException {
    return found(ADDRESS);
  }

  /** What admin logs in with the first time. */
  String oneTimePassword() throws IOException {
    return found(PASSWORD);
  }

  private String found(Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(text());
    if (!matcher.find()) {
      throw new IOException("the server does not tell what it should, see " + log);
    }
    return matcher.group(1);
  }

  Path log() {
    return log;
  }

  @Override
  public void close() {
    try {
      watchdog.getOutputStream().close();
      if (watchdog.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      // The shell is gone already: what is left is ended below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    watchdog.destroyForcibly();
  }
}
