package io.millrace.server.security;

import static io.millrace.server.route.Access.PUBLIC;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logging in and out, and one's own password. */
final class SessionRoutes implements Routes {

  private final Login login;
  private final Accounts accounts;
  private final Sessions sessions;
  private final SessionCookie cookie;

  SessionRoutes(Login login, Accounts accounts, Sessions sessions, SessionCookie cookie) {
    this.login = login;
    this.accounts = accounts;
    this.sessions = sessions;
    this.cookie = cookie;
  }

  /** Name and password. */
  record Credentials(String user, String password) {
    Credentials {
      Check.text("user", user, 1, 64);
      Check.text("password", password, 1, Passwords.MOST);
    }

    @Override
    public String toString() {
      return "credentials of " + user;
    }
  }

  /** Who is logged in; with a session, the token that its changes have to carry. */
  record SessionView(
      String user, Role role, boolean mustChangePassword, @Nullable String csrfToken) {}

  /**
   * The password that is, and the one that shall be.
   *
   * @param keepTokens true to keep the API tokens; otherwise they are revoked: who knew the old
   *     password may have made some
   */
  record PasswordChange(String oldPassword, String newPassword, @Nullable Boolean keepTokens) {
    PasswordChange {
      Check.text("oldPassword", oldPassword, 1, Passwords.MOST);
      Check.text("newPassword", newPassword, 1, Passwords.MOST);
    }

    @Override
    public String toString() {
      return "a change of password";
    }
  }

  /** What else has ended with the old password, beside all other sessions. */
  record PasswordChanged(int tokensRevoked) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/session", PUBLIC, "Logs in and sets the session's cookie", this::logIn)
            .takes(Credentials.class)
            .gives(SessionView.class),
        Route.get("/session", VIEWER, "Shows who is logged in", this::show)
            .gives(SessionView.class)
            .whilePasswordIsDue(),
        Route.delete("/session", VIEWER, "Logs out", this::logOut).whilePasswordIsDue(),
        Route.put(
                "/password",
                VIEWER,
                "Changes one's own password, ends all other sessions and revokes the API tokens,"
                    + " unless keepTokens is true",
                this::changePassword)
            .takes(PasswordChange.class)
            .gives(PasswordChanged.class)
            .whilePasswordIsDue());
  }

  private Object logIn(Request request) throws IOException {
    Credentials given = request.body(Credentials.class);
    Account account = login.check(given.user(), given.password(), request.address());
    // Never the session that the browser had before: somebody else may know it.
    request.cookie(cookie.name()).ifPresent(sessions::end);
    String token = sessions.start(account.id());
    return Answer.of(
            new SessionView(
                account.name(), account.role(), account.mustChange(), Secret.csrf(token)))
        .with("Set-Cookie", cookie.set(token));
  }

  private Object show(Request request) {
    Identity identity = request.identity();
    String csrf =
        identity.session() ? request.cookie(cookie.name()).map(Secret::csrf).orElse(null) : null;
    return new SessionView(identity.name(), identity.role(), identity.mustChangePassword(), csrf);
  }

  private Object logOut(Request request) {
    request.cookie(cookie.name()).ifPresent(sessions::end);
    return Answer.empty().with("Set-Cookie", cookie.cleared());
  }

  private Object changePassword(Request request) throws IOException {
    Identity identity = requireSession(request);
    PasswordChange change = request.body(PasswordChange.class);
    Passwords.requireGood("newPassword", change.newPassword(), identity.name());
    if (change.newPassword().equals(change.oldPassword())) {
      throw ProblemException.field("newPassword", "must be another one");
    }
    Account account = checkOld(identity, change.oldPassword(), request.address());
    String keep = request.cookie(cookie.name()).map(Secret::hash).orElse("");
    boolean keepTokens = Boolean.TRUE.equals(change.keepTokens());
    return new PasswordChanged(
        accounts.changePassword(account, change.newPassword(), keep, keepTokens, request.why()));
  }

  private Account checkOld(Identity identity, String password, String address) {
    try {
      return login.check(identity.name(), password, address);
    } catch (ProblemException e) {
      // 401 would tell the browser that its session is over.
      if (e.problem().status() == ProblemKind.NOT_LOGGED_IN.status()) {
        throw ProblemException.field("oldPassword", "is wrong");
      }
      throw e;
    }
  }

  /**
   * What makes or changes credentials needs a person: a leaked token must not make more of them.
   */
  static Identity requireSession(Request request) {
    Identity identity = request.identity();
    if (!identity.session()) {
      throw new ProblemException(
          ProblemKind.FORBIDDEN, "an API token cannot do this: log in with the password");
    }
    return identity;
  }
}
