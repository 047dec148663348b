package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes task files into a directory and reads them at a fixed time with a known environment. */
final class Fixture {

  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T20:00:00Z"), ZoneOffset.UTC);
  static final ZoneId ZONE = ZoneId.of("UTC");

  private final Path directory;

  Fixture(Path directory) {
    this.directory = directory;
  }

  Path write(String name, String content) {
    return write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  Path write(String name, byte[] content) {
    try {
      return Files.write(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of a file under {@code src/test/resources/tasks}. */
  Path sample(String name) {
    try (var in = Fixture.class.getResourceAsStream("/tasks/" + name)) {
      return write(name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ReadSettings settings(String... parameters) {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      given.put(parameters[i], parameters[i + 1]);
    }
    Map<String, String> environment =
        Map.of("WAREHOUSE_PASSWORD", "env-secret", "WAREHOUSE_HOST", "wh.example.com");
    return ReadSettings.defaults()
        .withClock(CLOCK, ZONE)
        .withParameters(given)
        .withDataSources(directory.resolve("datasources.yaml"))
        .withEnvironment(environment::get);
  }

  TaskSpec read(String content, String... parameters) {
    return TaskFiles.read(write("task.txt", content), settings(parameters));
  }

  /** The one line of the error that reading gives. */
  String error(String content, String... parameters) {
    return error(write("task.txt", content), settings(parameters));
  }

  static String error(Path file, ReadSettings settings) {
    MillraceException e =
        catchThrowableOfType(MillraceException.class, () -> TaskFiles.read(file, settings));
    if (e == null) {
      throw new AssertionError("no error");
    }
    if (e.getMessage().contains("\n")) {
      throw new AssertionError("more than one line: " + e.getMessage());
    }
    return Sensitive.plain(e.getMessage());
  }

  /** A DataX job with these settings. */
  static String datax(String setting, String more) {
    return "{\"job\":{\"setting\":"
        + setting
        + ",\"content\":[{\"reader\":{\"name\":\"streamreader\",\"parameter\":{}},"
        + "\"writer\":{\"name\":\"streamwriter\"}}]}"
        + more
        + "}";
  }

  /** A DataWorks script with these settings. */
  static String dataworks(String setting) {
    return "{\"type\":\"job\",\"version\":\"2.0\",\"steps\":["
        + "{\"stepType\":\"stream\",\"name\":\"Reader\",\"category\":\"reader\",\"parameter\":{}},"
        + "{\"stepType\":\"stream\",\"name\":\"Writer\",\"category\":\"writer\",\"parameter\":{}}],"
        + "\"setting\":"
        + setting
        + "}";
  }

  /** A task in the short form with these settings. */
  static String own(String setting) {
    return "reader: {stream: {}}\nwriter: {stream: {}}\nsetting: " + setting + "\n";
  }

  static LocalDateTime time(String text) {
    return LocalDateTime.parse(text);
  }
}
