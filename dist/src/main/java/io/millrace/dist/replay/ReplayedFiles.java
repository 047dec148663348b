package io.millrace.dist.replay;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.state.KeptReplay;
import io.millrace.engine.state.KeptStates;
import io.millrace.engine.state.StateStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of dirty records that are about to be replayed. The run that they came from keeps which of
 * its files were: what a replay took is not written again unless somebody says so. A file is known
 * again by its place, and by what it holds.
 */
public final class ReplayedFiles {

  private final Path run;
  private final Path replay;
  private final boolean again;
  private final Map<String, String> files = new LinkedHashMap<>();

  /**
   * Reads the files.
   *
   * @param run the directory of the run that the records came from
   * @param replay the run directory of the replay, which need not be there yet
   * @param again whether files that were replayed before shall be written again
   * @throws MillraceException when a file cannot be read
   */
  public ReplayedFiles(Path run, List<Path> files, Path replay, boolean again) {
    this.run = run;
    this.replay = replay.toAbsolutePath().normalize();
    this.again = again;
    files.forEach(file -> this.files.put(real(file).toString(), checksum(file)));
  }

  /**
   * Refuses files that another replay took.
   *
   * @throws MillraceException one line that says which replay, what became of it, and what to do
   */
  public void refuseTaken() {
    try (StateStore store = StateStore.open(run.resolve("state"))) {
      refuseTaken(store.loadReplays());
    }
  }

  /**
   * Notes that the files are taken; durable on return. May be called again.
   *
   * @throws MillraceException as {@link #refuseTaken}, or when it cannot be noted
   */
  void take() {
    try (StateStore store = StateStore.open(run.resolve("state"))) {
      List<KeptReplay> replays = store.loadReplays();
      refuseTaken(replays);
      if (replays.stream().noneMatch(this::isThis)) {
        store.addReplay(new KeptReplay(replay.toString(), files));
      }
    }
  }

  /** A replay that is noted has passed this, and is gone on with. */
  private void refuseTaken(List<KeptReplay> replays) {
    if (again || replays.stream().anyMatch(this::isThis)) {
      return;
    }
    for (int i = replays.size() - 1; i >= 0; i--) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        KeptReplay earlier = replays.get(i);
        boolean sameText = earlier.files().containsValue(file.getValue());
        if (sameText || earlier.files().containsKey(file.getKey())) {
          throw new MillraceException(
              StandardError.CONFIGURATION,
              (sameText ? "the records of " : "records of ")
                  + file.getKey()
                  + " were replayed by the run in "
                  + earlier.directory()
                  + whatBecameOf(Path.of(earlier.directory()))
                  + ", or write all records of the file with --again");
        }
      }
    }
  }

  private boolean isThis(KeptReplay noted) {
    return noted.directory().equals(replay.toString());
  }

  private static String whatBecameOf(Path replay) {
    AttemptState state =
        new KeptStates(List.of(replay.resolve("state")))
            .farthest()
            .map(KeptStates.Kept::state)
            .orElse(null);
    if (state == null) {
      return ", which is not there any more or was given up: see what of them the target has";
    }
    return state.succeeded()
        ? ", which has succeeded: replay what was dirty again from its own directory "
            + replay.resolve("dirty")
        : ", which has not finished: go on with it with --resume --run-dir " + replay;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw unreadable(file);
    }
  }

  private static String checksum(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw unreadable(file);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static MillraceException unreadable(Path file) {
    return DirtyFiles.refused("the file of dirty records " + file + " cannot be read");
  }
}
