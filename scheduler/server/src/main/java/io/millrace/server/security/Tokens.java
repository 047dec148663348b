package io.millrace.server.security;

import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.UniqueKey;
import io.millrace.server.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The API tokens of programs. A token is shown once; the store has its hash. Thread-safe. */
final class Tokens {

  /**
   * What every token begins with, so that a leaked one is recognised by those who scan for them.
   */
  static final String PREFIX = "mrt_";

  private static final int PER_ACCOUNT = 100;
  private static final UniqueKey NAME = new UniqueKey("api_token_name");
  private static final long TOUCH_MILLIS = 60_000;

  private final Database database;
  private final Clock clock;
  private final Audit audit;

  Tokens(Database database, Clock clock, Audit audit) {
    this.database = database;
    this.clock = clock;
    this.audit = audit;
  }

  record Made(long id, String token, Instant expiresAt) {}

  private record Found(Account account, Role role, long usedAt) {}

  /** An account with the role that its token has. */
  record Bearer(Account account, Role role) {}

  Made create(Identity owner, String name, Role role, Duration validity, String why) {
    String token = PREFIX + Secret.random();
    long now = clock.millis();
    long end = now + validity.toMillis();
    return database.inTransaction(
        handle -> {
          long present =
              handle
                  .createQuery("SELECT COUNT(*) FROM api_token WHERE account_id = :account")
                  .bind("account", owner.account())
                  .mapTo(Long.class)
                  .one();
          if (present >= PER_ACCOUNT) {
            throw ProblemException.conflict(
                "you have " + PER_ACCOUNT + " tokens: revoke one first");
          }
          long id =
              NAME.claim(
                  "you have a token of this name already",
                  () ->
                      handle
                          .createUpdate(
                              "INSERT INTO api_token (account_id, name, role, token_hash,"
                                  + " created_at, expires_at, used_at) VALUES (:account, :name,"
                                  + " :role, :hash, :now, :end, 0)")
                          .bind("account", owner.account())
                          .bind("name", name)
                          .bind("role", role.name())
                          .bind("hash", Secret.hash(token))
                          .bind("now", now)
                          .bind("end", end)
                          .executeAndReturnGeneratedKeys("id")
                          .mapTo(Long.class)
                          .one());
          audit.record(
              handle,
              owner.name(),
              "token.create",
              owner.name() + "/" + name,
              why,
              "role " + role + ", until " + Instant.ofEpochMilli(end));
          return new Made(id, token, Instant.ofEpochMilli(end));
        });
  }

  List<TokenView> list(long account) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT id, name, role, created_at, expires_at, used_at FROM api_token"
                        + " WHERE account_id = :account ORDER BY name")
                .bind("account", account)
                .map((row, context) -> TokenView.of(row))
                .list());
  }

  /** Revokes a token of this account. */
  void revoke(Identity owner, long id, String why) {
    database.useTransaction(
        handle -> {
          String name =
              handle
                  .createQuery(
                      "SELECT name FROM api_token WHERE id = :id AND account_id = :account"
                          + " FOR UPDATE")
                  .bind("id", id)
                  .bind("account", owner.account())
                  .mapTo(String.class)
                  .findOne()
                  .orElseThrow(() -> ProblemException.notFound("you have no such token"));
          handle.createUpdate("DELETE FROM api_token WHERE id = :id").bind("id", id).execute();
          audit.record(handle, owner.name(), "token.revoke", owner.name() + "/" + name, why, "");
        });
  }

  /**
   * The account of a living token.
   *
   * @param used true when this is a use of it, which is shown with the token
   */
  Optional<Bearer> find(String token, boolean used) {
    long now = clock.millis();
    String hash = Secret.hash(token);
    Optional<Found> found =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "SELECT "
                            + Account.COLUMNS
                            + ", api_token.role, api_token.used_at FROM api_token"
                            + " JOIN account ON account.id = api_token.account_id"
                            + " WHERE token_hash = :hash AND expires_at > :now"
                            + " AND disabled = FALSE")
                    .bind("hash", hash)
                    .bind("now", now)
                    .map(
                        (row, context) ->
                            new Found(
                                Account.of(row), Role.valueOf(row.getString(9)), row.getLong(10)))
                    .findOne());
    if (used && found.isPresent() && now - found.get().usedAt() >= TOUCH_MILLIS) {
      database.with(
          handle ->
              handle
                  .createUpdate("UPDATE api_token SET used_at = :now WHERE token_hash = :hash")
                  .bind("now", now)
                  .bind("hash", hash)
                  .execute());
    }
    return found.map(
        bearer ->
            new Bearer(bearer.account(), Role.lesser(bearer.role(), bearer.account().role())));
  }
}
