package io.millrace.server.security;

import io.millrace.scheduler.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The sessions of browsers. They are in the store, so that every node knows them; the store has
 * only hashes, so that its reader cannot use them. Thread-safe.
 */
final class Sessions {

  private static final long TOUCH_MILLIS = 60_000;

  private final Database database;
  private final Clock clock;
  private final long idleMillis;
  private final long absoluteMillis;

  Sessions(Database database, Clock clock, Duration idle, Duration absolute) {
    this.database = database;
    this.clock = clock;
    this.idleMillis = idle.toMillis();
    this.absoluteMillis = absolute.toMillis();
  }

  private record Found(Account account, long seenAt) {}

  /** Starts one; returns its token. */
  String start(long account) {
    String token = Secret.random();
    long now = clock.millis();
    database.useTransaction(
        handle -> {
          handle
              .createUpdate("DELETE FROM login_session WHERE seen_at < :idle OR created_at < :old")
              .bind("idle", now - idleMillis)
              .bind("old", now - absoluteMillis)
              .execute();
          handle
              .createUpdate(
                  "INSERT INTO login_session (token_hash, account_id, created_at, seen_at)"
                      + " VALUES (:hash, :account, :now, :now)")
              .bind("hash", Secret.hash(token))
              .bind("account", account)
              .bind("now", now)
              .execute();
        });
    return token;
  }

  /**
   * The account of a living session.
   *
   * @param used true when this is a use of it, from which its idle time begins anew
   */
  Optional<Account> find(String token, boolean used) {
    long now = clock.millis();
    String hash = Secret.hash(token);
    Optional<Found> found =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "SELECT "
                            + Account.COLUMNS
                            + ", login_session.seen_at FROM login_session"
                            + " JOIN account ON account.id = login_session.account_id"
                            + " WHERE token_hash = :hash AND seen_at >= :idle"
                            + " AND login_session.created_at >= :old AND disabled = FALSE")
                    .bind("hash", hash)
                    .bind("idle", now - idleMillis)
                    .bind("old", now - absoluteMillis)
                    .map((row, context) -> new Found(Account.of(row), row.getLong(9)))
                    .findOne());
    // Not at every request: a write each would be the costliest part of reading.
    if (used
        && found.isPresent()
        && now - found.get().seenAt() >= Math.min(TOUCH_MILLIS, idleMillis / 2)) {
      database.with(
          handle ->
              handle
                  .createUpdate("UPDATE login_session SET seen_at = :now WHERE token_hash = :hash")
                  .bind("now", now)
                  .bind("hash", hash)
                  .execute());
    }
    return found.map(Found::account);
  }

  void end(String token) {
    database.with(
        handle ->
            handle
                .createUpdate("DELETE FROM login_session WHERE token_hash = :hash")
                .bind("hash", Secret.hash(token))
                .execute());
  }
}
