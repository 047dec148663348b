package io.millrace.engine.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.LocalFiles;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.write.SplitCommit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an {@link AttemptState} and the split plan in a directory. Every file is replaced as a
 * whole and forced to disk, so that a crash leaves the old or the new one. Holds the directory's
 * lock until closed: two attempts on one directory exclude each other.
 */
public final class StateStore implements AutoCloseable {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String STATE = "attempt.json";
  private static final String SPLITS = "splits.jsonl";
  private static final String COMMITS = "commits.jsonl";
  private static final String REPLAYS = "replays.jsonl";

  private final Path directory;
  private final FileChannel lockChannel;
  private final FileLock lock;
  private @Nullable FileChannel commits;

  private StateStore(Path directory, FileChannel lockChannel, FileLock lock) {
    this.directory = directory;
    this.lockChannel = lockChannel;
    this.lock = lock;
  }

  /**
   * Opens, and makes where missing, the state directory of a run.
   *
   * @throws MillraceException when another attempt uses it, or the disk refuses
   */
  public static StateStore open(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new MillraceException(
            StandardError.RESOURCE,
            "another attempt is using " + directory.getParent() + "; wait for its end");
      }
      return new StateStore(directory, channel, lock);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "cannot use the run directory " + directory.getParent() + ": " + Sensitive.message(e),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The state that an earlier attempt kept, or empty. */
  public Optional<AttemptState> load() {
    return read(directory);
  }

  /** The state that another attempt, which may be running, has kept in its own directory. */
  static Optional<AttemptState> read(Path directory) {
    Path file = directory.resolve(STATE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      AttemptState state = JSON.readValue(file.toFile(), AttemptState.class);
      if (state.format() != AttemptState.FORMAT) {
        throw new MillraceException(
            StandardError.RESOURCE,
            file
                + " has form "
                + state.format()
                + ", this version knows "
                + AttemptState.FORMAT
                + "; resume with the version that began the run");
      }
      // The plan is put in place complete, so that its being there says that it counts.
      boolean planned = Files.exists(directory.resolve(SPLITS));
      return Optional.of(planned && !state.planned() ? state.withPlanned() : state);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Keeps a state; durable on return. */
  public void save(AttemptState state) {
    replace(STATE, json(state) + "\n");
  }

  /** Keeps the split plan; durable on return, and from then on the state is a planned one. */
  public void savePlan(SplitPlan plan) {
    StringBuilder text = new StringBuilder();
    text.append(json(new PlanHeader(plan.maxConcurrency(), plan.rule(), plan.splits().size())));
    text.append('\n');
    for (Split split : plan.splits()) {
      text.append(json(split)).append('\n');
    }
    replace(SPLITS, text.toString());
  }

  /**
   * Takes over the plan of another attempt and the commits that it noted; durable on return.
   *
   * @param other the state directory of an attempt whose state says that it has planned
   */
  public void adopt(Path other) {
    try {
      Path noted = other.resolve(COMMITS);
      if (Files.exists(noted)) {
        String text = Files.readString(noted);
        replace(COMMITS, text.substring(0, text.lastIndexOf('\n') + 1));
      }
      // Last, because from then on this state is a planned one.
      replace(SPLITS, Files.readString(other.resolve(SPLITS)));
    } catch (IOException e) {
      throw unreadable(other, e);
    }
  }

  /** The split plan that an earlier attempt kept. */
  public SplitPlan loadPlan() {
    Path file = directory.resolve(SPLITS);
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String first = lines.readLine();
      PlanHeader header = JSON.readValue(first == null ? "" : first, PlanHeader.class);
      List<Split> splits = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        splits.add(JSON.readValue(line, Split.class));
      }
      if (splits.size() != header.splits()) {
        throw new IOException(header.splits() + " splits promised, " + splits.size() + " found");
      }
      return new SplitPlan(splits, header.maxConcurrency(), header.rule());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Notes a commit for a target that keeps no ledger of its own; durable on return. With a ledger,
   * the target's answer counts and this is not used.
   */
  public synchronized void addCommit(SplitCommit commit) {
    try {
      if (commits == null) {
        commits =
            FileChannel.open(
                directory.resolve(COMMITS), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      append(commits, commit);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The commits that were noted; a line that a crash cut off does not count. */
  public Map<String, SplitCommit> loadCommits() {
    Map<String, SplitCommit> found = new LinkedHashMap<>();
    for (SplitCommit commit : loadLines(COMMITS, SplitCommit.class)) {
      found.put(commit.splitId(), commit);
    }
    return found;
  }

  /** Notes that a replay is about to write dirty records of this run; durable on return. */
  public void addReplay(KeptReplay replay) {
    try (FileChannel replays =
        FileChannel.open(
            directory.resolve(REPLAYS), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      append(replays, replay);
      syncDirectory();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The replays that were noted, the oldest first; a line that a crash cut off does not count. */
  public List<KeptReplay> loadReplays() {
    return loadLines(REPLAYS, KeptReplay.class);
  }

  private static void append(FileChannel to, Object value) throws IOException {
    ByteBuffer line = ByteBuffer.wrap((json(value) + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      to.write(line);
    }
    to.force(false);
  }

  private <T> List<T> loadLines(String name, Class<T> type) {
    Path file = directory.resolve(name);
    List<T> found = new ArrayList<>();
    if (!Files.exists(file)) {
      return found;
    }
    try {
      String text = Files.readString(file);
      int end = text.lastIndexOf('\n');
      for (String line : text.substring(0, end + 1).lines().toList()) {
        found.add(JSON.readValue(line, type));
      }
      if (end + 1 < text.length()) {
        Files.writeString(file, text.substring(0, end + 1));
      }
      return found;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private MillraceException cannotWrite(IOException e) {
    return new MillraceException(
        StandardError.RESOURCE, "cannot write to " + directory + ": " + Sensitive.message(e), e);
  }

  private void replace(String name, String text) {
    Path file = directory.resolve(name);
    Path next = directory.resolve(name + ".next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      LocalFiles.requireReplaceable(file);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory();
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "cannot write "
              + file
              + ": "
              + Sensitive.message(e)
              + "; free space or permissions there",
          e);
    }
  }

  private void syncDirectory() throws IOException {
    try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static MillraceException unreadable(Path file, IOException e) {
    return new MillraceException(
        StandardError.RESOURCE, "cannot read " + file + ": " + reason(e) + "; start anew", e);
  }

  /** One line: that of the JSON parser goes on with where it stood, and with what. */
  private static String reason(IOException e) {
    String message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return Sensitive.mark(String.valueOf(message).lines().findFirst().orElse(""));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the next attempt have the directory. Idempotent. */
  @Override
  public void close() {
    if (!lock.isValid()) {
      return;
    }
    try {
      if (commits != null) {
        commits.close();
      }
      lock.release();
      lockChannel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest, and all content was forced before.
      commits = null;
    }
  }

  private record PlanHeader(int maxConcurrency, String rule, int splits) {}
}
