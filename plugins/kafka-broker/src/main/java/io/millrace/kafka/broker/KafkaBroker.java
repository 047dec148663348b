package io.millrace.kafka.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One broker, which can be stopped, killed and started again. For one thread. */
public final class KafkaBroker {

  private final Path directory;
  private final int port;
  private final List<String> arguments;
  private @Nullable Process process;

  KafkaBroker(Path directory, int port, Map<String, String> settings, List<String> arguments) {
    this.directory = directory;
    this.port = port;
    Path file = directory.resolve("server.properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
      Files.writeString(
          directory.resolve("logback.xml"),
          """
          <configuration>
            <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
              <encoder><pattern>%d %-5level %logger{30} %msg%n</pattern></encoder>
            </appender>
            <root level="WARN"><appender-ref ref="out"/></root>
          </configuration>
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.arguments = new ArrayList<>(List.of(file.toString()));
    this.arguments.addAll(arguments);
  }

  /** Where clients connect without security, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Starts it; does not wait until it answers. */
  public void start() {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=4",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName()));
    command.addAll(arguments);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("output.log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True while the process lives. */
  public boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** What it has printed. */
  public String output() {
    try {
      return Files.readString(directory.resolve("output.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends it in good order; it can be started again. */
  public void stop() {
    end(false);
  }

  /** Ends it as a power cut does; it can be started again. */
  public void kill() {
    end(true);
  }

  private void end(boolean forcibly) {
    Process running = process;
    if (running == null) {
      return;
    }
    try {
      if (!forcibly) {
        running.destroy();
        if (running.waitFor(20, TimeUnit.SECONDS)) {
          return;
        }
      }
      running.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(running.getOutputStream());
      process = null;
    }
  }

  private static void closeQuietly(OutputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // Its reader is gone.
      return;
    }
  }
}
