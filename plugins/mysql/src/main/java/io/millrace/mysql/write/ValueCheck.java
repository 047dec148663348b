package io.millrace.mysql.write;

import io.millrace.api.record.Column;
import org.jspecify.annotations.Nullable;

/**
 * Finds values that the server would change in silence, or refuse, before they are sent. Stateless,
 * used by several threads.
 */
@FunctionalInterface
interface ValueCheck {

  /** What is wrong with a value that is not NULL, or null when nothing is. */
  @Nullable Problem check(Column column, int row);

  /** This check, then another. */
  default ValueCheck and(ValueCheck other) {
    return (column, row) -> {
      Problem problem = check(column, row);
      return problem != null ? problem : other.check(column, row);
    };
  }
}
