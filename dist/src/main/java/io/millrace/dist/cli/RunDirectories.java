package io.millrace.dist.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** Names run directories, and finds the one to resume. */
final class RunDirectories {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

  private final Path root;
  private final Clock clock;

  RunDirectories(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  /** A new directory's path; nothing is made yet. */
  Path next(String task) {
    byte[] id = new byte[3];
    new SecureRandom().nextBytes(id);
    String time = LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()).format(TIME);
    return root.resolve(safe(task) + "-" + time + "-" + HexFormat.of().formatHex(id));
  }

  /** The newest run of a task that has not succeeded. */
  Optional<Path> newestUnfinished(String task) {
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    try (Stream<Path> runs = Files.list(root)) {
      return runs.filter(run -> run.getFileName().toString().startsWith(safe(task) + "-"))
          .filter(run -> isUnfinished(run, task))
          .max(Comparator.comparing(run -> timeAndId(run, task)));
    } catch (IOException e) {
      throw TaskInput.wrong("the directory " + root + " cannot be read");
    }
  }

  private static String timeAndId(Path run, String task) {
    return run.getFileName().toString().substring(safe(task).length());
  }

  /** The file that is there once a run in a directory has begun. */
  static Path state(Path run) {
    return run.resolve("state").resolve("attempt.json");
  }

  /** Whether a run in a directory has begun, so that it can be gone on with. */
  static boolean isBegun(Path run) {
    return Files.isRegularFile(state(run));
  }

  private static boolean isUnfinished(Path run, String task) {
    Path state = state(run);
    if (!isBegun(run)) {
      return false;
    }
    // Read by hand: the state's own reader takes its lock, which a running attempt holds.
    boolean ours = false;
    try (JsonParser json = new JsonFactory().createParser(state.toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("task")) {
          ours = task.equals(json.getText());
        } else if (field.equals("succeeded") && value == JsonToken.VALUE_TRUE) {
          return false;
        }
        json.skipChildren();
      }
      return ours;
    } catch (IOException e) {
      return false;
    }
  }

  private static String safe(String task) {
    return task.replaceAll("[^\\p{L}\\p{N}._-]", "_");
  }
}
