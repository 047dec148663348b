package io.millrace.api.write;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;

/** What one try of a split's writing is given. */
public interface WriteContext extends StageContext {

  /** Takes the records of this split that cannot be written. */
  DirtyRecords dirty();

  /**
   * The channel that writes, from 0 to {@link io.millrace.api.TaskContext.Limits#channels()} - 1.
   */
  int channel();
}
