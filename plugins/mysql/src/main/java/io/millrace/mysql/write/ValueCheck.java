package io.millrace.mysql.write;

import io.millrace.api.record.Column;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds values that the server would change in silence, or refuse, before they are sent. Used by
 * one thread.
 */
@FunctionalInterface
interface ValueCheck {

  /**
   * What is wrong with a value that is not NULL, or null when nothing is.
   *
   * @throws SQLException when the server had to be asked and did not answer
   */
  @Nullable Problem check(Column column, int row) throws SQLException;

  /** This check, then another. */
  default ValueCheck and(ValueCheck other) {
    return (column, row) -> {
      Problem problem = check(column, row);
      return problem != null ? problem : other.check(column, row);
    };
  }
}
