package io.millrace.api.write;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;
import java.util.Optional;

/** What one try of a split's writing is given. */
public interface WriteContext extends StageContext {

  /** Takes the records of this split that cannot be written. */
  DirtyRecords dirty();

  /**
   * The channel that writes, from 0 to {@link io.millrace.api.TaskContext.Limits#channels()} - 1.
   */
  int channel();

  /**
   * The split that the task asks for and that the one to be written is a part of ({@link
   * io.millrace.api.read.Split#group}): other parts of it may come, in any order, or have been
   * committed before. Empty where it is a whole one.
   */
  default Optional<String> group() {
    return Optional.empty();
  }
}
