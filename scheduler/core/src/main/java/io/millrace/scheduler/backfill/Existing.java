package io.millrace.scheduler.backfill;

import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of an occurrence for which there are instances already. Those that count are the
 * recurring one and those of earlier backfills, of the same task and scheduled time; tests and
 * manual runs do not. The run of a slice counts for its last period. A dry run that succeeded is no
 * success of an occurrence that really runs.
 *
 * <table>
 * <caption>What is made</caption>
 * <tr><th>there is</th><th>ALL</th><th>MISSING_ONLY</th><th>FAILED_ONLY</th><th>SKIP_ANY</th></tr>
 * <tr><td>none</td><td>create</td><td>create</td><td>skip</td><td>create</td></tr>
 * <tr><td>one that succeeded</td><td>rerun</td><td>skip</td><td>skip</td><td>skip</td></tr>
 * <tr><td>none that succeeded, one on its way</td>
 *     <td>rerun</td><td>skip</td><td>skip</td><td>skip</td></tr>
 * <tr><td>otherwise, the newest failed</td>
 *     <td>rerun</td><td>rerun</td><td>rerun</td><td>skip</td></tr>
 * <tr><td>only dry runs that succeeded</td>
 *     <td>rerun</td><td>rerun</td><td>skip</td><td>skip</td></tr>
 * </table>
 */
public enum Existing {
  /** Everything, whatever there is. */
  ALL,

  /** Whatever has not succeeded, for its data are missing. */
  MISSING_ONLY,

  /** Only what failed. */
  FAILED_ONLY,

  /** Only what there is no instance of. */
  SKIP_ANY;

  /** What is done about an occurrence. */
  public enum Action {
    CREATE,

    /** Made although there is an instance of it. The older one is not touched. */
    RERUN,

    SKIP
  }

  /** An instance that is there already. */
  record Earlier(long id, InstanceKind kind, InstanceState state, RunMode mode) {
    String words() {
      String dry = mode == RunMode.DRY_RUN ? ", dry run" : "";
      return "instance " + id + " (" + kind + dry + ") is " + state;
    }
  }

  /** What is done, and why. */
  record Decision(Action action, String why) {}

  /**
   * Decides about one occurrence.
   *
   * @param dryRun true when the new one is a dry run
   */
  Decision decide(List<Earlier> earlier, boolean dryRun) {
    Optional<Earlier> newest = earlier.stream().max(Comparator.comparingLong(Earlier::id));
    if (newest.isEmpty()) {
      return this == FAILED_ONLY
          ? new Decision(Action.SKIP, "there is none that failed")
          : new Decision(Action.CREATE, "");
    }
    Optional<Earlier> good =
        earlier.stream()
            .filter(one -> one.state() == InstanceState.SUCCEEDED)
            .filter(one -> dryRun || one.mode() != RunMode.DRY_RUN)
            .findFirst();
    Optional<Earlier> onItsWay = earlier.stream().filter(one -> !one.state().isEnd()).findFirst();
    Earlier decisive = good.or(() -> onItsWay).orElse(newest.get());
    boolean done = good.isPresent() || onItsWay.isPresent();
    boolean run =
        switch (this) {
          case ALL -> true;
          case MISSING_ONLY -> !done;
          case FAILED_ONLY -> !done && decisive.state() == InstanceState.FAILED;
          case SKIP_ANY -> false;
        };
    return new Decision(run ? Action.RERUN : Action.SKIP, decisive.words());
  }
}
