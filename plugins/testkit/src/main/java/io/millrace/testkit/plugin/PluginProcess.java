package io.millrace.testkit.plugin;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * Runs a task in a JVM of its own that knows a connector only by its plugin zip: what is missing in
 * the zip is missing there. Ends the process in every case.
 */
public final class PluginProcess {

  private static final int SECONDS = 60;

  /** As an installation has it: what libraries say for debugging is not shown. */
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%-5level %logger{20} - %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private final Path zip;
  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * @param zip the plugin
   * @param directory an empty one, for everything the process needs
   */
  public PluginProcess(Path zip, Path directory) {
    this.zip = zip;
    this.directory = directory;
  }

  /** An environment variable of the process. */
  public PluginProcess with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * How it ended.
   *
   * @param exitCode 0 for SUCCESS
   * @param log the run log, and what else was printed
   */
  public record Ended(int exitCode, String log) {}

  /**
   * Runs a task to its end.
   *
   * @param task the text of a task file of any form
   * @param dataSources the text of a data source file
   */
  public Ended run(String task, String dataSources) {
    try {
      prepare(task, dataSources);
      return await(start(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a task, kills its process at a given moment as {@code kill -9} does, and resumes it in
   * another one.
   *
   * @param untilKill returns at that moment
   * @param meanwhile happens between the two
   */
  public Ended runKilledAndResumed(
      String task, String dataSources, Waiting untilKill, Runnable meanwhile) {
    try {
      prepare(task, dataSources);
      Process first = start(false);
      try {
        untilKill.await();
      } finally {
        first.destroyForcibly().waitFor();
      }
      meanwhile.run();
      return await(start(true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits for a moment. */
  @FunctionalInterface
  public interface Waiting {
    void await() throws InterruptedException;
  }

  private void prepare(String task, String dataSources) throws IOException {
    Path plugins = Files.createDirectories(directory.resolve("plugins"));
    Files.copy(zip, plugins.resolve(zip.getFileName()));
    Files.writeString(directory.resolve("task.json"), task);
    Files.writeString(directory.resolve("datasources.yaml"), dataSources);
    Files.writeString(directory.resolve("logback.xml"), LOGBACK);
  }

  private Process start(boolean resume) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-cp",
                classPath(),
                PluginMain.class.getName(),
                directory.toString(),
                Boolean.toString(resume))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended await(Process process) throws IOException {
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      return new Ended(
          ended ? process.exitValue() : -1, Files.readString(directory.resolve("log")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Of this JVM, without what is in the zip and without the module that is tested. */
  private String classPath() throws IOException {
    Set<String> inZip;
    try (ZipFile file = new ZipFile(zip.toFile())) {
      inZip =
          file.stream()
              .map(entry -> Path.of(entry.getName()).getFileName().toString())
              // The engine's own, which a plugin cannot see.
              .filter(name -> !name.startsWith("jackson-"))
              .collect(Collectors.toSet());
    }
    Path plugins = zip.toAbsolutePath().getParent().getParent().getParent();
    List<String> kept = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry).toAbsolutePath();
      boolean ofPlugin = path.startsWith(plugins) && !path.startsWith(plugins.resolve("testkit"));
      if (!ofPlugin && !inZip.contains(path.getFileName().toString())) {
        kept.add(entry);
      }
    }
    return String.join(File.pathSeparator, kept);
  }
}
