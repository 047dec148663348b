package io.millrace.engine.state;

import io.millrace.api.error.MillraceException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What earlier attempts of an instance kept, each in a directory of its own. They may still be
 * running: read again once the target refuses them, this says for good what they came to.
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
   * The state to go on from, where all are of one generation: the one that got farthest, and of
   * these the newest. An attempt finds the plan of an earlier one before it makes its own, so the
   * newest plan is the one that commits belong to.
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

  /**
   * What was prepared in the target and did not succeed: of each generation the newest state, the
   * oldest generation first.
   *
   * @param unreadable takes a line for each state that cannot be read, which is left out
   */
  public List<AttemptState> unfinished(Consumer<String> unreadable) {
    Map<Integer, AttemptState> newest = new TreeMap<>();
    Set<Integer> succeeded = new HashSet<>();
    for (Path directory : directories) {
      try {
        AttemptState state = StateStore.read(directory).orElse(null);
        if (state != null && state.succeeded()) {
          succeeded.add(state.generation());
        } else if (state != null && state.writeState() != null) {
          newest.merge(
              state.generation(), state, (one, other) -> one.epoch() > other.epoch() ? one : other);
        }
      } catch (MillraceException e) {
        unreadable.accept(String.valueOf(e.getMessage()));
      }
    }
    newest.keySet().removeAll(succeeded);
    return List.copyOf(newest.values());
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
