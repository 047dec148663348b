package io.millrace.server.security;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An API token as the API shows it: never the token itself. */
record TokenView(
    long id,
    String name,
    Role role,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant usedAt) {

  static TokenView of(ResultSet row) throws SQLException {
    long used = row.getLong(6);
    return new TokenView(
        row.getLong(1),
        row.getString(2),
        Role.valueOf(row.getString(3)),
        Instant.ofEpochMilli(row.getLong(4)),
        Instant.ofEpochMilli(row.getLong(5)),
        used == 0 ? null : Instant.ofEpochMilli(used));
  }
}
