package io.millrace.server.security;

import java.time.Instant;

/** A user as the API shows it. */
record UserView(
    String name,
    Role role,
    boolean disabled,
    boolean mustChangePassword,
    Instant createdAt,
    Instant changedAt) {

  static UserView of(Account account) {
    return new UserView(
        account.name(),
        account.role(),
        account.disabled(),
        account.mustChange(),
        Instant.ofEpochMilli(account.createdAt()),
        Instant.ofEpochMilli(account.changedAt()));
  }
}
