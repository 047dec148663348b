package io.millrace.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.TestCaller;
import io.millrace.server.TestServer;
import io.millrace.server.TestServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoginTest {

  private static final String NEW_PASSWORD = "correct horse battery";

  private TestServer server;

  /** The store that the test uses; a new one each time. */
  StoreSettings store() {
    return TestServer.inMemory();
  }

  @BeforeEach
  void start() {
    server = new TestServer(database -> List.of(), store());
    server.secret(NEW_PASSWORD);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply login(String user, String password) {
    return server.send(
        "POST",
        "/api/v1/session",
        TestCaller.NOBODY,
        "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}");
  }

  private TestCaller caller(Reply login) {
    assertThat(login.status()).as(login.body()).isEqualTo(200);
    String cookie = login.header("Set-Cookie");
    return TestCaller.session(
        cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')), login.text("csrfToken"));
  }

  private TestCaller admin() {
    TestCaller first = caller(login("admin", server.firstPassword()));
    assertThat(
            server
                .send(
                    "PUT",
                    "/api/v1/password",
                    first,
                    "{\"oldPassword\":\""
                        + server.firstPassword()
                        + "\",\"newPassword\":\""
                        + NEW_PASSWORD
                        + "\"}")
                .status())
        .isEqualTo(200);
    return first;
  }

  @Test
  void theFirstPasswordOnlyOpensTheChangeOfThePassword() {
    Reply login = login("admin", server.firstPassword());
    assertThat(login.json().path("mustChangePassword").asBoolean()).isTrue();
    TestCaller first = caller(login);
    Reply refused = server.get("/api/v1/users", first).isProblem(403);
    assertThat(refused.text("type")).isEqualTo("/problems/password-due");
    TestCaller admin = admin();
    assertThat(server.get("/api/v1/users", admin).status()).isEqualTo(200);
    login("admin", server.firstPassword()).isProblem(401);
    // The session from before the change was another one, and is over.
    server.get("/api/v1/users", first).isProblem(401);
  }

  @Test
  void aSecondStartMakesNoSecondAdministrator() {
    Security again =
        new Security(server.database(), server.clock(), SecuritySettings.defaults(), null);
    assertThat(again.accounts().makeFirst()).isEmpty();
  }

  @Test
  void aPasswordIsHashedAsOwaspRecommendsAtLeast() {
    String hash = new Passwords(SecuritySettings.defaults().passwordMemoryKib()).hash(NEW_PASSWORD);
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    // A hash says what it was made with, so another setting does not lock anybody out.
    assertThat(new Passwords(TestServer.PASSWORD_MEMORY_KIB).matches(NEW_PASSWORD, hash)).isTrue();
    // What stands for the hash of nobody is one that can be checked, and takes as long.
    assertThat(new Passwords(TestServer.PASSWORD_MEMORY_KIB).matches(NEW_PASSWORD, null)).isFalse();
  }

  @Test
  void theCookieIsKeptFromScriptsAndOtherSites() {
    String cookie = login("admin", server.firstPassword()).header("Set-Cookie");
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Secure");
    SessionCookie secure = new SessionCookie(true, Duration.ofHours(1));
    assertThat(secure.set("x")).startsWith("__Host-").contains("; Secure").doesNotContain("Domain");
  }

  @Test
  void theAnswerDoesNotTellWhichUsersExist() {
    Reply unknown = login("nobody", "wrong password").isProblem(401);
    Reply wrong = login("admin", "wrong password").isProblem(401);
    assertThat(unknown.body()).isEqualTo(wrong.body());
  }

  @Test
  void guessingIsSlowedDownForKnownAndUnknownAccountsAlike() {
    List<Long> waits = new ArrayList<>();
    for (String user : List.of("admin", "nobody")) {
      waits.clear();
      for (int i = 0; i < 15; i++) {
        if (i >= 5) {
          Reply limited = login(user, "wrong password").isProblem(429);
          waits.add(Long.parseLong(limited.header("Retry-After")));
          server.clock().advance(Duration.ofSeconds(waits.get(i - 5)));
        }
        login(user, "wrong password").isProblem(401);
      }
      assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L);
    }
    // The right password as well: otherwise the answer would tell that it is right.
    login("admin", server.firstPassword()).isProblem(429);
    server.clock().advance(Duration.ofMinutes(5));
    assertThat(login("admin", server.firstPassword()).status()).isEqualTo(200);
  }

  @Test
  void oneAddressCannotTryManyAccounts() {
    for (int i = 0; i < 30; i++) {
      login("user" + i, "wrong password").isProblem(401);
    }
    login("another", "wrong password").isProblem(429);
  }

  @Test
  void aLimitThatIsReachedIsInTheAuditWithoutANameThatNobodyHas() {
    for (String user : List.of("admin", "my password")) {
      for (int i = 0; i < 5; i++) {
        login(user, "wrong password").isProblem(401);
      }
      login(user, "wrong password").isProblem(429);
    }
    List<String> audit =
        server
            .database()
            .with(
                handle ->
                    handle
                        .createQuery(
                            "SELECT CONCAT(subject, ': ', detail) FROM audit"
                                + " WHERE action = 'login.limit' ORDER BY id")
                        .mapTo(String.class)
                        .list());
    assertThat(audit).hasSize(2).noneMatch(line -> line.contains("my password"));
    assertThat(audit.get(0)).startsWith("admin: too many failed logins from 127.0.0.1");
    assertThat(audit.get(1)).startsWith("an unknown user: ");
  }

  @Test
  void aNameWithBlanksAtItsEndIsNoNameOfAnAccount() {
    // MySQL compares without them, and each such name would have tries of its own.
    login("admin ", server.firstPassword()).isProblem(401);
    login("admin  ", server.firstPassword()).isProblem(401);
  }

  @Test
  void aSessionEndsWhenIdleAndInAnyCaseAfterItsTime() {
    TestCaller idle = server.logins().session(Role.VIEWER);
    TestCaller busy = server.logins().session(Role.VIEWER);
    for (int i = 0; i < 36; i++) {
      assertThat(server.get("/api/v1/session", busy).status()).isEqualTo(200);
      if (i == 2) {
        server.get("/api/v1/session", idle).isProblem(401);
      }
      server.clock().advance(Duration.ofMinutes(20));
    }
    server.clock().advance(Duration.ofSeconds(1));
    server.get("/api/v1/session", busy).isProblem(401);
  }

  @Test
  void aSessionOfOneNodeIsKnownToTheOther() {
    TestCaller caller = server.logins().session(Role.VIEWER);
    Sessions other =
        new Sessions(
            server.database(), server.clock(), Duration.ofMinutes(30), Duration.ofHours(12));
    assertThat(other.find(caller.secret(), true)).isPresent();
  }

  @Test
  void theStoreHoldsNoSecretThatCouldBeUsed() {
    TestCaller session = server.logins().session(Role.ADMIN);
    TestCaller token = server.logins().token(Role.ADMIN);
    List<String> kept =
        server
            .database()
            .with(
                handle ->
                    handle
                        .createQuery(
                            "SELECT token_hash FROM login_session UNION ALL SELECT token_hash FROM"
                                + " api_token UNION ALL SELECT password_hash FROM account")
                        .mapTo(String.class)
                        .list());
    assertThat(kept).doesNotContain(session.secret(), token.secret(), server.firstPassword());
    assertThat(kept).allMatch(hash -> hash.matches("[0-9a-f]{64}|\\$argon2id\\$.*"));
  }

  @Test
  void loggingOutEndsTheSession() {
    TestCaller caller = server.logins().session(Role.VIEWER);
    assertThat(server.send("DELETE", "/api/v1/session", caller, null).header("Set-Cookie"))
        .contains("Max-Age=0");
    server.get("/api/v1/session", caller).isProblem(401);
  }

  @Test
  void aTokenIsShownOnceAndWorksUntilItIsRevokedOrExpires() {
    TestCaller session = server.logins().session(Role.DEVELOPER);
    Reply made =
        server.send(
            "POST",
            "/api/v1/tokens",
            session,
            "{\"name\":\"ci\",\"role\":\"OPERATOR\",\"days\":2}");
    assertThat(made.status()).isEqualTo(201);
    TestCaller token = TestCaller.token(server.secret(made.text("token")));
    assertThat(made.text("token")).matches("mrt_[A-Za-z0-9_-]{43}");
    assertThat(server.get("/api/v1/session", token).text("role")).isEqualTo("OPERATOR");
    assertThat(server.get("/api/v1/tokens", session).body()).doesNotContain(made.text("token"));

    // Needs no proof against cross-site requests, but makes no further credentials.
    server
        .send("POST", "/api/v1/tokens", token, "{\"name\":\"x\",\"role\":\"VIEWER\",\"days\":1}")
        .isProblem(403);
    server
        .send("POST", "/api/v1/tokens", session, "{\"name\":\"x\",\"role\":\"ADMIN\",\"days\":1}")
        .isProblem(403);
    server
        .send("POST", "/api/v1/tokens", session, "{\"name\":\"ci\",\"role\":\"VIEWER\",\"days\":1}")
        .isProblem(409);

    server.clock().advance(Duration.ofDays(2));
    server.get("/api/v1/session", token).isProblem(401);

    session = server.logins().session(Role.DEVELOPER);
    TestCaller other = server.logins().token(Role.DEVELOPER);
    TestCaller stranger = server.logins().session(Role.ADMIN);
    String id = "";
    for (var view : server.get("/api/v1/tokens", session).json()) {
      if (!view.path("name").asText().equals("ci")) {
        id = view.path("id").asText();
      }
    }
    server.send("DELETE", "/api/v1/tokens/" + id, stranger, null).isProblem(404);
    assertThat(server.get("/api/v1/session", other).status()).isEqualTo(200);
    assertThat(server.send("DELETE", "/api/v1/tokens/" + id, session, null).status())
        .isEqualTo(204);
    server.get("/api/v1/session", other).isProblem(401);
  }

  @Test
  void aTokenIsNeverMoreThanItsUser() {
    TestCaller token = server.logins().token(Role.DEVELOPER);
    TestCaller admin = server.logins().session(Role.ADMIN);
    server.send(
        "PUT", "/api/v1/users/test-developer", admin, "{\"role\":\"VIEWER\",\"disabled\":false}");
    assertThat(server.get("/api/v1/session", token).text("role")).isEqualTo("VIEWER");
    server.send(
        "PUT", "/api/v1/users/test-developer", admin, "{\"role\":\"VIEWER\",\"disabled\":true}");
    server.get("/api/v1/session", token).isProblem(401);
  }

  @Test
  void aUserIsMadeChangedResetAndDeletedAndAllOfItIsAudited() {
    TestCaller admin = admin();
    Reply made =
        server.send(
            "POST",
            "/api/v1/users",
            admin.with("Millrace-Reason", "joins the team"),
            "{\"name\":\"ada\",\"role\":\"OPERATOR\"}");
    assertThat(made.status()).isEqualTo(201);
    String password = server.secret(made.text("oneTimePassword"));
    TestCaller ada = caller(login("ada", password));
    assertThat(
            server
                .send("PUT", "/api/v1/users/ada", admin, "{\"role\":\"VIEWER\",\"disabled\":false}")
                .text("role"))
        .isEqualTo("VIEWER");
    Reply reset = server.send("POST", "/api/v1/users/ada/password-reset", admin, null);
    server.secret(reset.text("oneTimePassword"));
    server.get("/api/v1/session", ada).isProblem(401);
    login("ada", password).isProblem(401);
    assertThat(login("ada", reset.text("oneTimePassword")).status()).isEqualTo(200);
    assertThat(server.send("DELETE", "/api/v1/users/ada", admin, null).status()).isEqualTo(204);
    server.get("/api/v1/users/ada", admin).isProblem(404);

    List<String> audit =
        server
            .database()
            .with(
                handle ->
                    handle
                        .createQuery(
                            "SELECT CONCAT(who, ' ', action, ' ', subject, ' ', why) FROM audit"
                                + " ORDER BY id")
                        .mapTo(String.class)
                        .list());
    assertThat(audit)
        .containsExactly(
            "system user.create admin first start",
            "admin user.password.change admin ",
            "admin user.create ada joins the team",
            "admin user.change ada ",
            "admin user.password.reset ada ",
            "admin user.delete ada ");
  }

  private Reply change(TestCaller caller, String from, String to, String more) {
    return server.send(
        "PUT",
        "/api/v1/password",
        caller,
        "{\"oldPassword\":\""
            + from
            + "\",\"newPassword\":\""
            + server.secret(to)
            + "\""
            + more
            + "}");
  }

  @Test
  void aChangedPasswordEndsOtherSessionsAndRevokesTokensUnlessTheyAreToBeKept() {
    TestCaller admin = admin();
    TestCaller stolen = caller(login("admin", NEW_PASSWORD));
    Reply made =
        server.send(
            "POST", "/api/v1/tokens", stolen, "{\"name\":\"ci\",\"role\":\"ADMIN\",\"days\":2}");
    TestCaller token = TestCaller.token(server.secret(made.text("token")));

    Reply kept = change(admin, NEW_PASSWORD, "another good one", ",\"keepTokens\":true");
    assertThat(kept.json().path("tokensRevoked").asInt(-1)).isZero();
    assertThat(server.get("/api/v1/session", token).status()).isEqualTo(200);
    server.get("/api/v1/session", stolen).isProblem(401);

    Reply revoked = change(admin, "another good one", "and one more of them", "");
    assertThat(revoked.json().path("tokensRevoked").asInt()).isEqualTo(1);
    server.get("/api/v1/session", token).isProblem(401);
    assertThat(server.get("/api/v1/session", admin).status()).isEqualTo(200);
  }

  @Test
  void theLastAdministratorStays() {
    TestCaller admin = admin();
    server.send("DELETE", "/api/v1/users/admin", admin, null).isProblem(409);
    server
        .send("PUT", "/api/v1/users/admin", admin, "{\"role\":\"VIEWER\",\"disabled\":false}")
        .isProblem(409);
    server
        .send("PUT", "/api/v1/users/admin", admin, "{\"role\":\"ADMIN\",\"disabled\":true}")
        .isProblem(409);
  }

  @Test
  void aWrongOldPasswordAndAWeakNewOneAreRefusedWithTheField() {
    TestCaller admin = admin();
    assertThat(
            server
                .send(
                    "PUT",
                    "/api/v1/password",
                    admin,
                    "{\"oldPassword\":\"not it\",\"newPassword\":\"another good one\"}")
                .isProblem(400)
                .text("field"))
        .isEqualTo("oldPassword");
    for (String weak : List.of("short", "aaaaaaaaaaaaaaa")) {
      assertThat(
              server
                  .send(
                      "PUT",
                      "/api/v1/password",
                      admin,
                      "{\"oldPassword\":\"" + NEW_PASSWORD + "\",\"newPassword\":\"" + weak + "\"}")
                  .isProblem(400)
                  .text("field"))
          .isEqualTo("newPassword");
    }
  }
}
