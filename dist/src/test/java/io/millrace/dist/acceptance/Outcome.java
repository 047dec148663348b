package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run left.
 *
 * @param result the result file, or JSON's null
 * @param output what was printed
 * @param place the directory of its files
 */
record Outcome(int exit, JsonNode result, String output, Path place) {

  Outcome succeeded() {
    assertThat(exit).as(output).isZero();
    assertThat(text("state")).isEqualTo("SUCCESS");
    return this;
  }

  Outcome failed() {
    assertThat(exit).as(output).isIn(1, 2);
    if (exit == 2) {
      assertThat(result.path("stages")).as("nothing was begun").isEmpty();
    }
    assertThat(text("state")).isEqualTo("FAIL");
    return this;
  }

  /** Asserts what was counted; read is written and dirty. */
  Outcome counted(long written, long dirty) {
    assertThat(number("read")).as(output).isEqualTo(written + dirty);
    assertThat(number("written")).as(output).isEqualTo(written);
    assertThat(number("dirty")).as(output).isEqualTo(dirty);
    return this;
  }

  String text(String field) {
    return result.path(field).asText();
  }

  long number(String field) {
    return result.path(field).asLong(-1);
  }

  String error() {
    return result.path("error").path("message").asText();
  }

  /** What stands in the run's log. */
  String runLog() throws IOException {
    return Files.readString(place.resolve("run/run.log"));
  }

  /** What stands in the run's log and in those of its stages, one after another. */
  String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(place.resolve("run"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".log")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** The files of dirty records. */
  List<Path> dirtyFiles() {
    Path directory = place.resolve("run/dirty");
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A dirty record: why, where, and its texts. */
  record Dirty(String code, String column, String reason, long position, List<String> values) {}

  /** The dirty records, ordered by their first value as a number. */
  List<Dirty> dirty() throws IOException {
    List<Dirty> found = new ArrayList<>();
    for (Path file : dirtyFiles()) {
      for (String line : Files.readAllLines(file)) {
        JsonNode json = Scene.JSON.readTree(line);
        List<String> values = new ArrayList<>();
        json.get("record").forEach(value -> values.add(value.get("rawData").asText(null)));
        found.add(
            new Dirty(
                json.get("code").asText(),
                json.get("column").asText(),
                json.get("exception").asText(),
                json.get("position").asLong(),
                values));
      }
    }
    found.sort(Comparator.comparing(dirty -> Long.parseLong(dirty.values().get(0))));
    return found;
  }

  /** Asserts that no file of the run but the task itself holds a secret, nor what it printed. */
  void assertWithout(String secret) throws IOException {
    assertThat(output).doesNotContain(secret);
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("task.json")) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(secret);
        }
      }
    }
  }
}
