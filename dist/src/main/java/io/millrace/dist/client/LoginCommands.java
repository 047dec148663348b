package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.MillraceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logging in and out, and one's own password. */
final class LoginCommands {

  private static final Endpoint WHO = Endpoint.of("GET /session");

  private static final String USER = "--user";
  private static final String INPUT =
      "The password is typed without being shown, or is a line of standard input.";

  private LoginCommands() {}

  static ClientCommands login() {
    return new Alone(
        ClientCommand.of(
                "login",
                "Log in to a server: makes an API token and keeps it for the commands that follow.",
                PasswordSession.LOG_IN,
                PasswordSession.LOG_OUT,
                PasswordSession.CHANGE_PASSWORD,
                TokenCommands.CREATE)
            .option(USER, "NAME", "The user; asked for when not given.")
            .choice("--role", "A lower role than one's own", TokenCommands.ROLES)
            .option("--days", "N", "How long it is good for, 1 to 366 days; 30 when not given.")
            .hint(
                INPUT
                    + " With a one-time password, a new one is asked for as well (the next line).")
            .hint(
                "The token is kept in $$XDG_CONFIG_HOME/millrace or ~/.config/millrace, in a file"
                    + " that only its owner can read. MILLRACE_TOKEN counts before it.")
            .does(LoginCommands::logIn));
  }

  static ClientCommands logout() {
    return new Alone(
        ClientCommand.of(
                "logout", "Revoke the token of the login and forget it.", TokenCommands.REVOKE)
            .does(LoginCommands::logOut));
  }

  static ClientCommands whoami() {
    return new Alone(
        ClientCommand.of("whoami", "Show who is logged in.", WHO)
            .does(
                invocation -> {
                  invocation.output().answer(invocation.api().call(WHO, Map.of()));
                  return true;
                }));
  }

  static ClientCommands password() {
    return new Alone(
        ClientCommand.of(
                "password",
                "Change one's own password.",
                PasswordSession.LOG_IN,
                PasswordSession.CHANGE_PASSWORD,
                PasswordSession.LOG_OUT)
            .option(USER, "NAME", "The user; asked for when not given.")
            .flag(
                "--keep-tokens",
                "Keep the user's API tokens; otherwise they are revoked, for who knew the old"
                    + " password may have made some.")
            .hint(INPUT + " The new one is asked for next.")
            .hint(
                "All other sessions of the user end. The token of millrace login is one of those"
                    + " that are revoked: log in again.")
            .does(LoginCommands::changePassword));
  }

  private static boolean changePassword(Invocation invocation) {
    boolean keepTokens = invocation.flag("--keep-tokens");
    int revoked;
    String user;
    try (PasswordSession session = session(invocation)) {
      revoked = session.changePassword(invocation.passwords().fresh(), keepTokens);
      user = session.user();
    }
    SavedLogin saved = invocation.login();
    SavedLogin.Token token = keepTokens ? null : previous(saved);
    boolean loggedOut = token != null && token.user().equals(user);
    if (loggedOut) {
      saved.forget();
    }
    invocation
        .output()
        .line(
            "The password of "
                + user
                + " is changed; all other sessions have ended, "
                + (keepTokens ? "the API tokens are kept." : revoked + " API tokens are revoked.")
                + (loggedOut ? " Run millrace login to go on." : ""));
    return true;
  }

  /** A session of the user that is given or asked for. */
  static PasswordSession session(Invocation invocation) {
    if (invocation.address().isReadableByOthers()) {
      invocation
          .context()
          .warn(
              "warning: "
                  + invocation.address().url()
                  + " is not encrypted: others on the way can read the password");
    }
    Passwords passwords = invocation.passwords();
    String user = invocation.option(USER).orElseGet(() -> passwords.text("User"));
    return PasswordSession.open(invocation.address(), user, passwords.secret("Password"))
        .because(invocation.why());
  }

  private static boolean logIn(Invocation invocation) {
    SavedLogin saved = invocation.login();
    try (PasswordSession session = session(invocation)) {
      if (session.mustChangePassword()) {
        invocation
            .context()
            .err()
            .println("This password is for one login only. Choose one of your own.");
        session.changePassword(invocation.passwords().fresh(), false);
      }
      String role =
          invocation
              .option("--role")
              .map(text -> text.toUpperCase(Locale.ROOT))
              .orElse(session.role());
      int days = invocation.number("--days").orElse(30);
      // Two logins of one user must not have the same name, nor take each other's token away.
      String name =
          "millrace login on " + host() + ", " + UUID.randomUUID().toString().substring(0, 8);
      ApiClient.Reply made =
          session
              .client()
              .send(
                  TokenCommands.CREATE,
                  Json.object().put("name", name).put("role", role).put("days", days));
      JsonNode token = made.json();
      SavedLogin.Token before = previous(saved);
      saved.keep(
          new SavedLogin.Token(
              session.user(), token.path("id").asLong(), token.path("token").asText()));
      if (before != null && before.user().equals(session.user())) {
        revokeQuietly(session.client(), before.id());
      }
      invocation
          .output()
          .line(
              "Logged in to "
                  + invocation.address().url()
                  + " as "
                  + session.user()
                  + " ("
                  + role
                  + ") until "
                  + token.path("expiresAt").asText().replaceFirst("T.*", "")
                  + ".");
      if (invocation.output().isJson()) {
        invocation
            .output()
            .json(
                Json.object()
                    .put("server", invocation.address().url())
                    .put("user", session.user())
                    .put("role", role)
                    .set("expiresAt", token.path("expiresAt")));
      }
      return true;
    }
  }

  private static SavedLogin.@Nullable Token previous(SavedLogin saved) {
    try {
      return saved.token().orElse(null);
    } catch (MillraceException e) {
      return null; // it is replaced in any case
    }
  }

  private static void revokeQuietly(ApiClient client, long id) {
    try {
      client.call(TokenCommands.REVOKE, Map.of(), id);
    } catch (MillraceException e) {
      return; // it may have ended or been revoked before
    }
  }

  private static String host() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      return host.length() > 50 ? host.substring(0, 50) : host;
    } catch (UnknownHostException e) {
      return "an unnamed machine";
    }
  }

  private static boolean logOut(Invocation invocation) {
    SavedLogin saved = invocation.login();
    SavedLogin.Token token = saved.token().orElse(null);
    if (token == null) {
      invocation.output().line("Not logged in to " + invocation.address().url() + ".");
      return true;
    }
    try {
      ApiClient.withToken(invocation.address(), token.text())
          .because(invocation.why())
          .call(TokenCommands.REVOKE, Map.of(), token.id());
    } catch (MillraceException e) {
      if (e.errorCode() != ClientError.NOT_LOGGED_IN && e.errorCode() != ClientError.NOT_FOUND) {
        throw e; // it is still good: forgetting it would leave it so
      }
    }
    saved.forget();
    invocation.output().line("Logged out of " + invocation.address().url() + ".");
    return true;
  }
}
