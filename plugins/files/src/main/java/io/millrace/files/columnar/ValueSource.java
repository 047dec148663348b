package io.millrace.files.columnar;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Column;
import io.millrace.files.format.RawValues;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The values of one column of a file, one after another. Used by one thread. */
@FunctionalInterface
public interface ValueSource {

  /**
   * Passes the next value, and appends it.
   *
   * @return null, or what is wrong with the value: nothing was appended then
   * @throws IOException when the file cannot be read on
   */
  @Nullable String next(Column into) throws IOException;

  /** What the value was that the last call of {@link #next} found something wrong with. */
  default RawValue rejected() {
    return RawValues.lost("UNKNOWN");
  }
}
