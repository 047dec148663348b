package io.millrace.engine.attempt;

import io.millrace.api.Counted;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The comparison before SUCCESS: every split committed once, and read = written + dirty + skipped.
 */
final class Reconciliation {

  private Reconciliation() {}

  /** Refuses a plan in which two splits could be taken for each other. */
  static void checkDistinct(List<Split> splits) {
    Set<String> seen = new HashSet<>();
    for (Split split : splits) {
      if (!seen.add(split.id())) {
        throw new MillraceException(
            StandardError.INTERNAL, "the reader gave two splits the id '" + split.id() + "'");
      }
    }
    for (Split split : splits) {
      if (split.partOf().filter(seen::contains).isPresent()) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "the reader made split " + split.id() + " a part of another split of the plan");
      }
    }
  }

  /**
   * Compares the plan with what is committed.
   *
   * @param maySkip true when the writer may leave records out
   * @throws MillraceException when anything does not add up
   */
  static void check(List<Split> splits, List<SplitCommit> commits, boolean maySkip) {
    Set<String> open = new HashSet<>();
    splits.forEach(split -> open.add(split.id()));
    long read = 0;
    long accounted = 0;
    for (SplitCommit commit : commits) {
      if (!open.remove(commit.splitId())) {
        throw mismatch("split " + commit.splitId() + " is committed twice or was never planned");
      }
      SplitTally tally = commit.tally();
      read += tally.read();
      accounted += tally.written() + tally.dirty();
    }
    if (!open.isEmpty()) {
      throw mismatch("splits without a commit: " + open);
    }
    if (read < accounted || read > accounted && !maySkip) {
      throw mismatch(
          Counted.of(read, "record was", "records were")
              + " read, but written and dirty are "
              + accounted);
    }
  }

  /**
   * The commits that the target does not have any more.
   *
   * @param believed what it had acknowledged
   * @param found what it says now, by split id
   * @throws MillraceException when it has another commit of a split than the one it acknowledged
   */
  static List<SplitCommit> lost(List<SplitCommit> believed, Map<String, SplitCommit> found) {
    List<SplitCommit> lost = new ArrayList<>();
    for (SplitCommit commit : believed) {
      SplitCommit now = found.get(commit.splitId());
      if (now == null) {
        lost.add(commit);
      } else if (!now.tally().equals(commit.tally())) {
        throw mismatch(
            "split "
                + commit.splitId()
                + " was committed as "
                + commit.tally()
                + ", and the target has "
                + now.tally());
      }
    }
    return lost;
  }

  /** The sum over all splits. */
  static SplitTally sum(List<SplitCommit> commits) {
    long read = 0;
    long written = 0;
    long dirty = 0;
    long bytes = 0;
    for (SplitCommit commit : commits) {
      read += commit.tally().read();
      written += commit.tally().written();
      dirty += commit.tally().dirty();
      bytes += commit.tally().bytes();
    }
    return new SplitTally(read, written, dirty, bytes, "");
  }

  private static MillraceException mismatch(String what) {
    return new MillraceException(
        StandardError.INTERNAL, "the counts do not add up, so this is no SUCCESS: " + what);
  }
}
