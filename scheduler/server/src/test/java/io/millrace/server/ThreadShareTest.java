package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.security.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody takes all threads of the server: who is there is answered. */
@Timeout(60)
class ThreadShareTest {

  private static final int MANY = 250;
  private static final int LARGE = 40_000;

  @TempDir private Path directory;
  private TestServer server;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() {
    server = new TestServer(database -> List.of(new StreamRoutes(directory.resolve("log"))));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    server.close();
  }

  /** A request whose body never comes, or not all of it. */
  enum Stalled {
    LOGIN("POST /api/v1/session", "Content-Length: 50", ""),
    LOGIN_TRICKLES("POST /api/v1/session", "Content-Length: 50", "{"),
    LOGIN_OF_UNKNOWN_LENGTH("POST /api/v1/session", "Transfer-Encoding: chunked", "1\r\n{\r\n"),
    LARGE_LOGIN("POST /api/v1/session", "Content-Length: " + LARGE, " ".repeat(LARGE - 1)),
    LARGE_LOGIN_OF_UNKNOWN_LENGTH(
        "POST /api/v1/session",
        "Transfer-Encoding: chunked",
        Integer.toHexString(LARGE) + "\r\n" + " ".repeat(LARGE) + "\r\n"),
    LOGIN_THAT_WAITS_TO_BE_ASKED(
        "POST /api/v1/session", "Expect: 100-continue\r\nContent-Length: 50", ""),
    TOO_LARGE("POST /api/v1/session", "Content-Length: 100000000", "{"),
    WITHOUT_LOGIN("PUT /api/v1/password", "Content-Length: " + LARGE, ""),
    WHERE_NONE_BELONGS("GET /health/live", "Transfer-Encoding: chunked", ""),
    LARGE_WHERE_NONE_BELONGS("GET /health/live", "Content-Length: 100000000", ""),
    NOWHERE("POST /nowhere", "Content-Length: 50", ""),
    OF_A_VIEWER("PUT /api/v1/password", "Content-Length: " + LARGE, "{") {
      @Override
      String headers(TestServer server) {
        StringBuilder all = new StringBuilder();
        server
            .logins()
            .session(Role.VIEWER)
            .headers()
            .forEach((name, value) -> all.append(name).append(": ").append(value).append("\r\n"));
        return all.toString();
      }
    };

    private final String line;
    private final String length;
    private final String body;

    Stalled(String line, String length, String body) {
      this.line = line;
      this.length = length;
      this.body = body;
    }

    String headers(TestServer server) {
      return "";
    }

    byte[] bytes(TestServer server) {
      String request =
          line
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + headers(server)
              + length
              + "\r\n\r\n"
              + body;
      return request.getBytes(StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @EnumSource(Stalled.class)
  void bodiesThatNeverComeLeaveThreadsForOthers(Stalled stalled) throws Exception {
    TestCaller operator = server.logins().session(Role.OPERATOR);
    byte[] request = stalled.bytes(server);
    for (int i = 0; i < MANY; i++) {
      Socket socket = new Socket("127.0.0.1", server.server().port());
      open.add(socket);
      try {
        socket.getOutputStream().write(request);
      } catch (IOException e) {
        // It has been refused already.
      }
    }
    for (int i = 0; i < 3; i++) {
      long before = System.nanoTime();
      assertThat(server.get("/api/v1/stream/operators", operator).status()).isEqualTo(200);
      // As long as the server is patient, it would be thirty seconds.
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
    // Who comes with all he has to say gets in, too.
    server.logins().session(Role.ADMIN);
  }

  private HttpResponse<InputStream> follow(TestCaller caller) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/api/v1/stream/log"));
    caller.headers().forEach(request::setHeader);
    HttpResponse<InputStream> answer =
        server.client().send(request.build(), BodyHandlers.ofInputStream());
    open.add(answer.body());
    return answer;
  }

  @Test
  void oneAccountLeavesStreamsForOthersAlsoWithSeveralSessionsAndTokens() throws Exception {
    List<TestCaller> same =
        List.of(
            server.logins().session(Role.VIEWER),
            server.logins().session(Role.VIEWER),
            server.logins().token(Role.VIEWER));
    List<InputStream> streams = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 70; i++) {
      HttpResponse<InputStream> answer = follow(same.get(i % same.size()));
      if (answer.statusCode() == 429) {
        refused++;
        assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
            .contains("16 streams", "server.streamsPerAccount");
      } else {
        assertThat(answer.statusCode()).isEqualTo(200);
        streams.add(answer.body());
      }
    }
    assertThat(refused).isEqualTo(70 - 16);
    assertThat(follow(server.logins().session(Role.OPERATOR)).statusCode()).isEqualTo(200);
    // One that is closed is free again.
    streams.get(0).close();
    Awaitility.await()
        .atMost(40, TimeUnit.SECONDS)
        .until(() -> follow(same.get(0)).statusCode() == 200);
  }
}
