package io.millrace.engine.state;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the earlier attempts of one generation kept, each in a directory of its own. They may still
 * be running: read again once the target refuses them, this says for good what they came to.
 */
public final class KeptStates {

  private final List<Path> directories;

  /**
   * @param directories the state directories, which need not be there
   */
  public KeptStates(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /** One attempt's state and where it lies. */
  public record Kept(Path directory, AttemptState state) {}

  /**
   * The state to go on from: the one that got farthest, and of these the newest. An attempt finds
   * the plan of an earlier one before it makes its own, so the newest plan is the one that commits
   * belong to.
   */
  public Optional<Kept> farthest() {
    return directories.stream()
        .flatMap(
            directory ->
                StateStore.read(directory).map(state -> new Kept(directory, state)).stream())
        .max(
            Comparator.comparingInt((Kept kept) -> progress(kept.state()))
                .thenComparingLong(kept -> kept.state().epoch()));
  }

  private static int progress(AttemptState state) {
    if (state.succeeded()) {
      return 3;
    }
    if (state.planned()) {
      return 2;
    }
    return state.writeState() == null ? 0 : 1;
  }
}
