package io.millrace.engine.dirty;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of dirty records of one run. A file belongs to one try of one split; it ends in
 * {@code .open} until it is sealed. The seal, the file's name and SHA-256, goes into the target's
 * ledger with the split's commit: only files that a commit names count.
 */
public final class DirtyStore {

  static final String OPEN = ".open";

  /** {@code <split>.<epoch>-<try>.jsonl}, with {@code .open} or {@code .uncommitted} in it. */
  private static final Pattern TRY =
      Pattern.compile(".*\\.([0-9]{1,18})-[0-9]+(\\.uncommitted)?\\.jsonl(\\.open)?");

  private final Path directory;
  private final long epoch;
  private final DirtyGate gate;
  private final DirtyObserver observer;
  private final boolean keepsMarks;

  /**
   * @param directory made when the first record comes
   * @param epoch of the attempt, with which the names of its tries begin
   * @param observer sees every record that is kept, for the run log
   * @param keepsMarks reasons are kept with the marks of what is data
   */
  public DirtyStore(
      Path directory, long epoch, DirtyGate gate, DirtyObserver observer, boolean keepsMarks) {
    this.directory = directory;
    this.epoch = epoch;
    this.gate = gate;
    this.observer = observer;
    this.keepsMarks = keepsMarks;
  }

  /** The directory, which need not exist. */
  public Path directory() {
    return directory;
  }

  /**
   * Begins one try of a split.
   *
   * @param tryName distinguishes this try from any other of the run, such as {@code 2-1}
   */
  public DirtySplit begin(String splitId, String tryName) {
    Path sealed = directory.resolve(splitId + "." + tryName + ".jsonl");
    return new DirtySplit(splitId, sealed, gate, observer, keepsMarks);
  }

  /**
   * Checks the files of committed splits and removes those of tries that were given up.
   *
   * @param seals the seals that the target's ledger holds
   * @throws MillraceException when a committed split's file is missing or has changed: its records
   *     would be lost
   */
  public void keepOnly(Collection<String> seals) {
    Set<String> kept = new HashSet<>();
    for (String seal : seals) {
      if (seal.isEmpty()) {
        continue;
      }
      int space = seal.indexOf(' ');
      String name = space < 0 ? seal : seal.substring(0, space);
      Path file = directory.resolve(name).normalize();
      if (space < 0 || !directory.equals(file.getParent())) {
        throw new MillraceException(
            StandardError.INTERNAL, "the target's ledger holds a bad seal: '" + seal + "'");
      }
      if (!Files.isRegularFile(file) || !sha256(file).equals(seal.substring(space + 1))) {
        throw new MillraceException(
            StandardError.RESOURCE,
            "the dirty records of a committed split are missing or were changed: "
                + file
                + "; put the file back, or start anew in another run directory");
      }
      kept.add(name);
    }
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        // An attempt that was taken for dead and wakes up leaves its successor's files alone.
        Matcher tried = TRY.matcher(name);
        boolean ours = tried.matches() && Long.parseLong(tried.group(1)) <= epoch;
        if (ours && !kept.contains(name)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE, "cannot tidy " + directory + ": " + Sensitive.message(e), e);
    }
  }

  /** Makes names in a directory durable. */
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = newDigest();
      byte[] buffer = new byte[65_536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE, "cannot read " + file + ": " + Sensitive.message(e), e);
    }
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
