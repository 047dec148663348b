package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.util.Map;

/**
 * A login with a password, for the few routes that do not take a token. Closing it ends the
 * session. Used by one thread.
 */
final class PasswordSession implements AutoCloseable {

  static final Endpoint LOG_IN = Endpoint.of("POST /session");
  static final Endpoint LOG_OUT = Endpoint.of("DELETE /session");
  static final Endpoint CHANGE_PASSWORD = Endpoint.of("PUT /password");

  private final ApiClient client;
  private final JsonNode session;
  private String password;

  private PasswordSession(ApiClient client, JsonNode session, String password) {
    this.client = client;
    this.session = session;
    this.password = password;
  }

  /** Logs in. */
  static PasswordSession open(ServerAddress address, String user, String password) {
    ApiClient anonymous = ApiClient.anonymous(address);
    ObjectNode credentials = Json.object().put("user", user).put("password", password);
    try (Http.Answering answering = anonymous.answering(LOG_IN, credentials)) {
      String cookie = answering.header("Set-Cookie").split(";", 2)[0];
      JsonNode session = new ApiClient.Reply(answering.read()).json();
      return new PasswordSession(
          anonymous.withSession(cookie, session.path("csrfToken").asText()), session, password);
    } catch (IOException e) {
      throw anonymous.broken(e);
    }
  }

  /** Says with every change that follows why it is made. */
  PasswordSession because(String why) {
    return new PasswordSession(client.because(why), session, password);
  }

  ApiClient client() {
    return client;
  }

  String user() {
    return session.path("user").asText();
  }

  String role() {
    return session.path("role").asText();
  }

  /** True when nothing else can be done with the password that was given. */
  boolean mustChangePassword() {
    return session.path("mustChangePassword").asBoolean();
  }

  /**
   * Changes the password, which ends all other sessions.
   *
   * @param keepTokens false to revoke the API tokens as well
   * @return how many tokens were revoked
   */
  int changePassword(String other, boolean keepTokens) {
    ApiClient.Reply reply =
        client.send(
            CHANGE_PASSWORD,
            Json.object()
                .put("oldPassword", password)
                .put("newPassword", other)
                .put("keepTokens", keepTokens));
    password = other;
    return reply.json().path("tokensRevoked").asInt();
  }

  @Override
  public void close() {
    try {
      client.call(LOG_OUT, Map.of());
    } catch (MillraceException e) {
      // It ends by itself in a while, and what it was for is done.
      return;
    }
  }
}
