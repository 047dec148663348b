package io.millrace.server.security;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A row of the table of accounts. Its text does not tell the hash. */
record Account(
    long id,
    String name,
    Role role,
    String passwordHash,
    boolean mustChange,
    boolean disabled,
    long createdAt,
    long changedAt) {

  static final String COLUMNS =
      "account.id, account.name, account.role, account.password_hash, account.must_change,"
          + " account.disabled, account.created_at, account.changed_at";

  static Account of(ResultSet row) throws SQLException {
    return new Account(
        row.getLong(1),
        row.getString(2),
        Role.valueOf(row.getString(3)),
        row.getString(4),
        row.getBoolean(5),
        row.getBoolean(6),
        row.getLong(7),
        row.getLong(8));
  }

  @Override
  public String toString() {
    return "account " + name;
  }
}
