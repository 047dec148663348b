package io.millrace.server.security;

import io.millrace.engine.task.Secrets;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.store.Database;
import io.millrace.server.TestCaller;
import io.millrace.server.TestServer;
import java.time.Clock;
import java.time.Duration;

/** Makes users and logs them in without the cost of a password each time. */
public final class TestLogins {

  private final Database database;
  private final Clock clock;
  private final Sessions sessions;
  private final Tokens tokens;
  private static final String HASH =
      new Passwords(TestServer.PASSWORD_MEMORY_KIB).hash(Secret.random());

  public TestLogins(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    this.sessions = new Sessions(database, clock, Duration.ofMinutes(30), Duration.ofHours(12));
    this.tokens = new Tokens(database, clock, new Audit(clock, handle -> Secrets.NONE));
  }

  /** A session of a user with this role, which is made if need be. */
  public TestCaller session(Role role) {
    String token = sessions.start(user(role));
    return TestCaller.session(token, Secret.csrf(token));
  }

  /** An API token of such a user, with the user's role. */
  public TestCaller token(Role role) {
    Identity owner = new Identity(user(role), name(role), role, true, false);
    return TestCaller.token(
        tokens.create(owner, "test-" + Secret.random(), role, Duration.ofDays(1), "").token());
  }

  private static String name(Role role) {
    return "test-" + role.name().toLowerCase(java.util.Locale.ROOT);
  }

  private long user(Role role) {
    return database.with(
        handle -> {
          var known =
              handle
                  .createQuery("SELECT id FROM account WHERE name = :name")
                  .bind("name", name(role))
                  .mapTo(Long.class)
                  .findOne();
          if (known.isPresent()) {
            return known.get();
          }
          return handle
              .createUpdate(
                  "INSERT INTO account (name, role, password_hash, must_change, disabled,"
                      + " created_at, changed_at) VALUES (:name, :role, :hash, FALSE, FALSE, :now,"
                      + " :now)")
              .bind("name", name(role))
              .bind("role", role.name())
              .bind("hash", HASH)
              .bind("now", clock.millis())
              .executeAndReturnGeneratedKeys("id")
              .mapTo(Long.class)
              .one();
        });
  }
}
