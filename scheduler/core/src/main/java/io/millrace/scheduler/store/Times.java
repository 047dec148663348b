package io.millrace.scheduler.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Instants as milliseconds in a column; 0 is none. Stateless. */
public final class Times {

  private Times() {}

  public static long millis(@Nullable Instant time) {
    return time == null ? 0 : time.toEpochMilli();
  }

  public static @Nullable Instant optional(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }

  public static Instant required(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }
}
