package io.millrace.scheduler.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A {@link SchedulerProcess}, seen by the test that has started it. */
final class SchedulerNode implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private SchedulerNode(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread reader = new Thread(this::read, "node-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  static SchedulerNode start(String name, World world, Map<String, String> more) {
    Map<String, String> arguments = new HashMap<>(world.arguments());
    arguments.putAll(more);
    return start(name, arguments, Map.of());
  }

  /** Starts one with environment variables of its own. */
  static SchedulerNode start(
      String name, Map<String, String> arguments, Map<String, String> environment) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SchedulerProcess.class.getName(),
                "node=" + name));
    arguments.forEach((key, value) -> command.add(key + "=" + value));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new SchedulerNode(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("reading ended: " + e);
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /** Has it do something; it says when that is done. */
  void command(String command) throws IOException {
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  String name() {
    return name;
  }

  /** All that it has said so far. */
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Waits for a line that begins so, said earlier or not. */
  String await(String beginning) throws InterruptedException {
    return await(line -> line.startsWith(beginning), beginning);
  }

  String await(Predicate<String> wanted, String what) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      int next = 0;
      while (true) {
        for (; next < lines.size(); next++) {
          if (wanted.test(lines.get(next))) {
            return lines.get(next);
          }
        }
        long left = (until - System.nanoTime()) / 1_000_000;
        if (ended || left <= 0) {
          throw new AssertionError(
              "node " + name + (ended ? " ended" : "") + " without: " + what + "\n" + text());
        }
        lines.wait(left);
      }
    }
  }

  String text() {
    return String.join("\n", lines());
  }

  /** Lets it live for a time, or less when it ends. */
  void live(Duration time) throws InterruptedException {
    process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("process " + process.pid() + " cannot be killed");
    }
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + signal + " failed");
    }
  }

  /** Ends it in order. */
  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    await("CLOSED");
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Sees to it that nothing is left, also when a test has failed. */
  @Override
  public void close() {
    // Also ends one that is paused.
    process.destroyForcibly().onExit().join();
  }
}
