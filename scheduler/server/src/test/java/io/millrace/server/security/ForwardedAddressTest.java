package io.millrace.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.TestCaller;
import io.millrace.server.TestServer;
import io.millrace.server.TestServer.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody who guesses says of each try that it comes from another address. */
class ForwardedAddressTest {

  private static final String PROXY_SAW = "203.0.113.7";

  enum Forging {
    /** There is no proxy, or none that the settings name. */
    NO_PROXY,
    /** The proxy appends to what the client has sent. */
    SAME_LINE,
    /** The proxy adds a line of its own. */
    OWN_LINE
  }

  private static Reply guess(TestServer server, Forging forging, int number) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("/api/v1/session"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"user\":\"user" + number + "\",\"password\":\"wrong password\"}"));
    String forged = "10.0.0." + number;
    switch (forging) {
      case NO_PROXY -> request.header("X-Forwarded-For", forged);
      case SAME_LINE -> request.header("X-Forwarded-For", forged + ", " + PROXY_SAW);
      case OWN_LINE -> {
        request.header("X-Forwarded-For", forged);
        request.header("X-Forwarded-For", PROXY_SAW);
      }
    }
    return server.send(request, TestCaller.NOBODY);
  }

  @ParameterizedTest
  @EnumSource(Forging.class)
  void aForgedAddressDoesNotGiveFurtherTries(Forging forging) {
    SecuritySettings settings =
        forging == Forging.NO_PROXY
            ? SecuritySettings.defaults()
            : SecuritySettings.defaults().behindTlsProxy();
    try (TestServer server =
        new TestServer(database -> List.of(), TestServer.inMemory(), settings)) {
      for (int i = 0; i < 30; i++) {
        guess(server, forging, i).isProblem(401);
      }
      assertThat(guess(server, forging, 99).isProblem(429).header("Retry-After")).isEqualTo("1");
    }
  }
}
