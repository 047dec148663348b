package io.millrace.server.security;

import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.UniqueKey;
import io.millrace.server.page.Page;
import io.millrace.server.page.PageRequest;
import io.millrace.server.problem.ProblemException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The accounts of users. Every change is audited, and ends the sessions that it takes rights from.
 * Thread-safe.
 */
public final class Accounts {

  /** Who did what happens without a login, in the audit. */
  static final String SYSTEM = "system";

  private static final String FIRST = "admin";
  private static final UniqueKey NAME = new UniqueKey("account_name");

  private final Database database;
  private final Clock clock;
  private final Passwords passwords;
  private final Audit audit;

  Accounts(Database database, Clock clock, Passwords passwords, Audit audit) {
    this.database = database;
    this.clock = clock;
    this.passwords = passwords;
    this.audit = audit;
  }

  /**
   * Makes the account {@code admin} when there is no account at all.
   *
   * @return its one-time password, to be shown once; empty when there are accounts already
   */
  public Optional<String> makeFirst() {
    if (count() > 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(create(FIRST, Role.ADMIN, SYSTEM, "first start"));
    } catch (MillraceException e) {
      if (e.errorCode() != SchedulerError.CONFLICT) {
        throw e;
      }
      // Another node was faster, and has shown it.
      return Optional.empty();
    }
  }

  private long count() {
    return database.with(
        handle -> handle.createQuery("SELECT COUNT(*) FROM account").mapTo(Long.class).one());
  }

  /** One page of the accounts by name. */
  Page<UserView> page(PageRequest page) {
    List<UserView> users =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "SELECT "
                            + Account.COLUMNS
                            + " FROM account ORDER BY name LIMIT :size OFFSET :offset")
                    .bind("size", page.size())
                    .bind("offset", page.offset())
                    .map((row, context) -> UserView.of(Account.of(row)))
                    .list());
    return Page.of(users, page, count());
  }

  Optional<Account> find(String name) {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT " + Account.COLUMNS + " FROM account WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> Account.of(row))
                .findOne()
                // MySQL takes a name with blanks at its end for the same one.
                .filter(account -> account.name().equals(name)));
  }

  Account require(String name) {
    return find(name).orElseThrow(Accounts::unknown);
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such user");
  }

  /** Makes an account; returns its one-time password. */
  String create(String name, Role role, String who, String why) {
    String password = Secret.typed();
    String hash = passwords.hash(password);
    long now = clock.millis();
    database.useTransaction(
        handle -> {
          NAME.claim(
              "there is a user of this name already",
              () ->
                  handle
                      .createUpdate(
                          "INSERT INTO account (name, role, password_hash, must_change, disabled,"
                              + " created_at, changed_at) VALUES (:name, :role, :hash, TRUE,"
                              + " FALSE, :now, :now)")
                      .bind("name", name)
                      .bind("role", role.name())
                      .bind("hash", hash)
                      .bind("now", now)
                      .execute());
          audit.record(handle, who, "user.create", name, why, "role " + role);
        });
    return password;
  }

  /** Gives another role, or bars from logging in. */
  void change(String name, Role role, boolean disabled, String who, String why) {
    database.useTransaction(
        handle -> {
          Account old = lock(handle, name);
          if (role != Role.ADMIN || disabled) {
            requireAnotherAdmin(handle, old);
          }
          handle
              .createUpdate(
                  "UPDATE account SET role = :role, disabled = :disabled, changed_at = :now"
                      + " WHERE id = :id")
              .bind("role", role.name())
              .bind("disabled", disabled)
              .bind("now", clock.millis())
              .bind("id", old.id())
              .execute();
          if (disabled) {
            endSessions(handle, old.id(), "");
          }
          audit.record(
              handle,
              who,
              "user.change",
              name,
              why,
              "role " + old.role() + " to " + role + ", disabled " + disabled);
        });
  }

  void delete(String name, String who, String why) {
    database.useTransaction(
        handle -> {
          Account old = lock(handle, name);
          requireAnotherAdmin(handle, old);
          endSessions(handle, old.id(), "");
          revokeTokens(handle, old.id());
          handle.createUpdate("DELETE FROM account WHERE id = :id").bind("id", old.id()).execute();
          audit.record(handle, who, "user.delete", name, why, "role " + old.role());
        });
  }

  /**
   * Gives a one-time password, ends the sessions and revokes the tokens; returns the password.
   *
   * @throws ProblemException when there is no such user
   */
  public String reset(String name, String who, String why) {
    String password = Secret.typed();
    String hash = passwords.hash(password);
    database.useTransaction(
        handle -> {
          Account old = lock(handle, name);
          setPassword(handle, old.id(), hash, true);
          endSessions(handle, old.id(), "");
          int revoked = revokeTokens(handle, old.id());
          audit.record(
              handle, who, "user.password.reset", name, why, revoked + " API tokens revoked");
        });
    return password;
  }

  /**
   * Changes one's own password and ends all other sessions. The caller has checked the old one.
   *
   * @param keepSession the hash of the session that stays
   * @param keepTokens false to revoke the API tokens as well
   * @return how many tokens were revoked
   */
  int changePassword(
      Account account, String password, String keepSession, boolean keepTokens, String why) {
    String hash = passwords.hash(password);
    return database.inTransaction(
        handle -> {
          setPassword(handle, account.id(), hash, false);
          endSessions(handle, account.id(), keepSession);
          int revoked = keepTokens ? 0 : revokeTokens(handle, account.id());
          audit.record(
              handle,
              account.name(),
              "user.password.change",
              account.name(),
              why,
              keepTokens ? "API tokens kept" : revoked + " API tokens revoked");
          return revoked;
        });
  }

  private static int revokeTokens(Handle handle, long id) {
    return handle
        .createUpdate("DELETE FROM api_token WHERE account_id = :id")
        .bind("id", id)
        .execute();
  }

  private void setPassword(Handle handle, long id, String hash, boolean mustChange) {
    handle
        .createUpdate(
            "UPDATE account SET password_hash = :hash, must_change = :due, changed_at = :now"
                + " WHERE id = :id")
        .bind("hash", hash)
        .bind("due", mustChange)
        .bind("now", clock.millis())
        .bind("id", id)
        .execute();
  }

  private static void endSessions(Handle handle, long id, String except) {
    handle
        .createUpdate("DELETE FROM login_session WHERE account_id = :id AND token_hash <> :except")
        .bind("id", id)
        .bind("except", except)
        .execute();
  }

  private static Account lock(Handle handle, String name) {
    // All administrators are locked as well, in one order, so that two requests cannot each remove
    // the other's last one.
    return handle
        .createQuery(
            "SELECT "
                + Account.COLUMNS
                + " FROM account WHERE name = :name OR role = 'ADMIN' ORDER BY id FOR UPDATE")
        .bind("name", name)
        .map((row, context) -> Account.of(row))
        .list()
        .stream()
        .filter(account -> account.name().equals(name))
        .findFirst()
        .orElseThrow(Accounts::unknown);
  }

  private static void requireAnotherAdmin(Handle handle, Account account) {
    long others =
        handle
            .createQuery(
                "SELECT COUNT(*) FROM account WHERE role = 'ADMIN' AND disabled = FALSE"
                    + " AND id <> :id")
            .bind("id", account.id())
            .mapTo(Long.class)
            .one();
    if (others == 0 && account.role() == Role.ADMIN) {
      throw ProblemException.conflict("this is the last administrator: make another one first");
    }
  }
}
