package io.millrace.dist.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.api.LocalFiles;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --result} names: one JSON object. A file is put in place complete, and a link to one
 * is followed. {@code -} is standard output; a device, a pipe or one of the process's own outputs
 * is written to.
 */
final class ResultFile {

  private static final Pattern DESCRIPTOR =
      Pattern.compile("/dev/(stdout|stderr|fd/\\d+)|/proc/self/fd/\\d+");

  private final Path file;
  private final Terminal terminal;
  private final boolean through;

  /**
   * @throws MillraceException when the file could not be written in the end: better said before
   *     hours of work than after them
   */
  ResultFile(Path file, Terminal terminal) {
    this.terminal = terminal;
    this.through =
        file.toString().equals("-")
            || DESCRIPTOR.matcher(file.toString()).matches()
            || (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file));
    this.file = through ? file : place(file);
    if (through) {
      return;
    }
    requireWritable(this.file);
  }

  private static Path place(Path file) {
    try {
      return Files.isDirectory(file) ? file : LocalFiles.place(file);
    } catch (IOException e) {
      throw TaskInput.wrong("--result: " + file + " cannot be written: " + e.getMessage());
    }
  }

  private static void requireWritable(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    try {
      if (directory != null) {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw TaskInput.wrong("--result: the directory " + directory + " cannot be made");
    }
    if (directory == null || !Files.isWritable(directory) || Files.isDirectory(file)) {
      throw TaskInput.wrong("--result: " + file + " cannot be written");
    }
  }

  /** What a task came to that was refused before it began. */
  static AttemptResult refused(MillraceException error) {
    return new AttemptResult(
        RunState.FAIL,
        false,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        null,
        "",
        List.of(),
        0,
        0,
        0,
        "",
        new AttemptResult.Failure(
            error.errorCode().code(),
            error.errorCode().kind().name(),
            Terminal.oneLine(String.valueOf(error.getMessage()))));
  }

  void write(AttemptResult result, @Nullable Path runDirectory) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      if (through) {
        writeThrough(json(result, runDirectory));
        return;
      }
      Files.write(partial, json(result, runDirectory));
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE, "the result file " + file + " cannot be written", e);
    }
  }

  private static byte[] json(AttemptResult result, @Nullable Path runDirectory) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes).useDefaultPrettyPrinter()) {
      write(json, result, runDirectory);
    }
    return bytes.toByteArray();
  }

  /**
   * What the process has open is not opened once more where it can be helped: of an output that
   * goes into a file, that would begin at the file's start.
   */
  private void writeThrough(byte[] json) throws IOException {
    @Nullable PrintStream own =
        switch (file.toString()) {
          case "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> terminal.out();
          case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> terminal.err();
          default -> null;
        };
    if (own != null) {
      own.println(new String(json, StandardCharsets.UTF_8));
      own.flush();
      return;
    }
    try (OutputStream out =
        DESCRIPTOR.matcher(file.toString()).matches()
            ? Files.newOutputStream(file, StandardOpenOption.APPEND)
            : Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      out.write(json);
      out.write('\n');
    }
  }

  private static void write(JsonGenerator json, AttemptResult result, @Nullable Path runDirectory)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("state", result.state().name());
    json.writeBooleanField("cancelled", result.cancelled());
    json.writeNumberField("read", result.read());
    json.writeNumberField("written", result.written());
    json.writeNumberField("skipped", result.skipped());
    json.writeNumberField("dirty", result.dirty());
    json.writeNumberField("bytes", result.bytes());
    json.writeNumberField("seconds", rounded(result.seconds()));
    json.writeNumberField("recordsPerSecond", rounded(result.recordsPerSecond()));
    json.writeNumberField("channels", result.channels());
    json.writeNumberField("splits", result.splits());
    json.writeNumberField("splitsCommitted", result.splitsCommitted());
    json.writeStringField(
        "guarantee", result.guarantee() == null ? null : result.guarantee().name());
    json.writeStringField("guaranteeReason", Sensitive.plain(result.guaranteeReason()));
    json.writeArrayFieldStart("stages");
    for (AttemptResult.StageTime stage : result.stages()) {
      json.writeStartObject();
      json.writeStringField("name", stage.name().name());
      json.writeStringField("start", stage.start().toString());
      json.writeStringField("end", stage.end().toString());
      json.writeNumberField("seconds", rounded(stage.seconds()));
      json.writeBooleanField("omitted", stage.omitted());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("readWaitSeconds", rounded(result.readWaitSeconds()));
    json.writeNumberField("writeWaitSeconds", rounded(result.writeWaitSeconds()));
    json.writeNumberField("throttledSeconds", rounded(result.throttledSeconds()));
    json.writeStringField("diagnosis", Sensitive.plain(result.diagnosis()));
    json.writeStringField("runDirectory", runDirectory == null ? null : runDirectory.toString());
    AttemptResult.Failure error = result.error();
    if (error == null) {
      json.writeNullField("error");
    } else {
      json.writeObjectFieldStart("error");
      json.writeStringField("code", error.code());
      json.writeStringField("kind", error.kind());
      json.writeStringField("message", Sensitive.plain(error.message()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Three digits: nobody compares microseconds of a run. */
  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
