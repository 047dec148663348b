package io.millrace.server.security;

import io.millrace.engine.task.Secrets;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.store.Database;
import io.millrace.server.node.NodeCalls;
import io.millrace.server.route.Routes;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together who may log in and how; one per server. Thread-safe. */
public final class Security {

  private final Accounts accounts;
  private final Guard guard;
  private final List<Routes> routes;

  /**
   * Puts them together.
   *
   * @param nodes knows calls of other nodes; null where there are none
   */
  public Security(
      Database database, Clock clock, SecuritySettings settings, @Nullable NodeCalls nodes) {
    // What these entries say of accounts and tokens holds no secret of a data source.
    Audit audit = new Audit(clock, handle -> Secrets.NONE);
    Passwords passwords = new Passwords(settings.passwordMemoryKib());
    LoginLimit limit = new LoginLimit(database, clock);
    Sessions sessions = new Sessions(database, clock, settings.idle(), settings.absolute());
    Tokens tokens = new Tokens(database, clock, audit);
    SessionCookie cookie = new SessionCookie(settings.secureCookie(), settings.absolute());
    this.accounts = new Accounts(database, clock, passwords, audit);
    this.guard = new Guard(sessions, tokens, cookie, settings.behindProxy(), nodes);
    Login login = new Login(database, accounts, passwords, limit, audit);
    this.routes =
        List.of(
            new SessionRoutes(login, accounts, sessions, cookie),
            new UserRoutes(accounts),
            new TokenRoutes(tokens));
  }

  /** The accounts; for the first start. */
  public Accounts accounts() {
    return accounts;
  }

  /** What every request has to pass. */
  public Guard guard() {
    return guard;
  }

  /** The routes for logging in, users and tokens. */
  public List<Routes> routes() {
    return routes;
  }
}
