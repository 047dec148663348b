package io.millrace.api.read;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;

/** What the reading of one split is given. */
public interface ReadContext extends StageContext {

  /** Takes the records of this split that cannot be read or converted. */
  DirtyRecords dirty();
}
