package io.millrace.engine.attempt;

import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to run and where to keep it.
 *
 * @param task what to run
 * @param runDirectory holds the logs, the dirty records and the state for resume; made when missing
 * @param resume go on from the state in the run directory; where nothing has begun in it, begin.
 *     Otherwise a directory in which something has begun is refused
 * @param lineage who the attempt is, where somebody else counts attempts; null when the run
 *     directory itself does
 */
public record AttemptRequest(
    TaskSpec task, Path runDirectory, boolean resume, @Nullable Lineage lineage) {

  /** An attempt whose run directory knows the earlier ones. */
  public AttemptRequest(TaskSpec task, Path runDirectory, boolean resume) {
    this(task, runDirectory, resume, null);
  }

  /** An attempt with a run directory of its own; it goes on from what the earlier ones kept. */
  public static AttemptRequest of(TaskSpec task, Path runDirectory, Lineage lineage) {
    return new AttemptRequest(task, runDirectory, !lineage.earlier().isEmpty(), lineage);
  }

  /** Where dirty records are kept. */
  public Path dirtyDirectory() {
    return lineage == null ? runDirectory.resolve("dirty") : lineage.dirtyDirectory();
  }

  /**
   * True when the files of the run directory keep the marks of what is data: somebody shows them
   * who knows who may see it ({@link io.millrace.api.Sensitive}). Where nobody counts attempts,
   * people read the files themselves.
   */
  public boolean keepsMarks() {
    return lineage != null;
  }

  /** Where this attempt keeps its state. */
  Path stateDirectory() {
    return runDirectory.resolve("state");
  }
}
