package io.millrace.api.read;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;
import io.millrace.api.record.Schema;
import org.jspecify.annotations.Nullable;

/** What the reading of one split is given. */
public interface ReadContext extends StageContext {

  /** Takes the records of this split that cannot be read or converted. */
  DirtyRecords dirty();

  /**
   * The target's columns, one for each of the source's, as {@link
   * io.millrace.api.write.Writer#check} returned them; null where nothing is written, as in a
   * preview.
   */
  @Nullable Schema target();
}
