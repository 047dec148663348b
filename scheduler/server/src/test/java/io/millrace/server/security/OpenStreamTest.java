package io.millrace.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.StreamRoutes;
import io.millrace.server.TestCaller;
import io.millrace.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that is still flowing ends when who asked for it may not have it any more. */
@Timeout(60)
class OpenStreamTest {

  private static final String USER = "test-operator";

  @TempDir private Path directory;
  private StreamRoutes routes;
  private TestServer server;
  private Accounts otherNode;

  @BeforeEach
  void start() {
    routes = new StreamRoutes(directory.resolve("log"));
    server = new TestServer(database -> List.of(routes));
    otherNode =
        new Security(
                server.database(),
                server.clock(),
                SecuritySettings.defaults().withPasswordMemoryKib(TestServer.PASSWORD_MEMORY_KIB),
                null)
            .accounts();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** What takes the right away, done by another node of the store. */
  enum Ending {
    DISABLED {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.otherNode.change(USER, Role.OPERATOR, true, "boss", "");
      }
    },
    DELETED {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.otherNode.delete(USER, "boss", "");
      }
    },
    LOWER_ROLE {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.otherNode.change(USER, Role.VIEWER, false, "boss", "");
      }
    },
    PASSWORD_RESET {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.server.secret(test.otherNode.reset(USER, "boss", ""));
      }
    },
    PASSWORD_CHANGED {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.otherNode.changePassword(
            test.otherNode.require(USER), "a much better one", "another session", false, "");
      }
    },
    EXPIRED {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.server.clock().advance(Duration.ofDays(2));
      }
    },
    LOGGED_OUT_OR_REVOKED {
      @Override
      void happens(OpenStreamTest test, TestCaller caller) {
        test.server
            .database()
            .useTransaction(
                handle -> {
                  handle.execute("DELETE FROM login_session");
                  handle.execute("DELETE FROM api_token");
                });
      }
    };

    abstract void happens(OpenStreamTest test, TestCaller caller);
  }

  private InputStream open(String path, TestCaller caller) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
    caller.headers().forEach(request::setHeader);
    HttpResponse<InputStream> answer =
        server.client().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    InputStream in = answer.body();
    assertThat(in.read()).isGreaterThanOrEqualTo(0);
    return in;
  }

  private static CompletableFuture<Boolean> end(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            while (in.read() >= 0) {
              // Until its end.
            }
            return true;
          } catch (IOException e) {
            return true;
          }
        });
  }

  private static void endsSoon(InputStream in) throws Exception {
    assertThat(end(in).get(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Ending.class)
  void anOpenStreamEndsWithTheRightToIt(Ending ending) throws Exception {
    for (boolean token : List.of(false, true)) {
      TestCaller caller =
          token ? server.logins().token(Role.OPERATOR) : server.logins().session(Role.OPERATOR);
      InputStream events = open("/api/v1/stream/events", caller);
      InputStream log = open("/api/v1/stream/log", caller);
      InputStream download = open("/api/v1/stream/download", caller);
      ending.happens(this, caller);
      endsSoon(events);
      endsSoon(log);
      endsSoon(download);
      if (ending == Ending.DISABLED) {
        otherNode.change(USER, Role.OPERATOR, false, "boss", "");
      } else if (ending == Ending.LOWER_ROLE) {
        otherNode.change(USER, Role.OPERATOR, false, "boss", "");
      } else if (ending == Ending.PASSWORD_RESET) {
        otherNode.changePassword(otherNode.require(USER), "one of my own", "", true, "");
      }
    }
  }

  @Test
  void otherStreamsGoOnAndDoNotKeepASessionFromEnding() throws Exception {
    TestCaller caller = server.logins().session(Role.VIEWER);
    InputStream other = open("/api/v1/stream/events", caller);
    InputStream events = open("/api/v1/stream/events", server.logins().session(Role.OPERATOR));
    Ending.DELETED.happens(this, caller);
    endsSoon(events);
    CompletableFuture<Boolean> end = end(other);
    server.clock().advance(Duration.ofMinutes(29));
    try {
      // Longer than it takes to notice.
      assertThat(end.get(4, TimeUnit.SECONDS)).isFalse();
    } catch (TimeoutException e) {
      server.clock().advance(Duration.ofMinutes(2));
      assertThat(end.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aRoleHoldsForTheNextRequestOfASession() {
    TestCaller caller = server.logins().session(Role.OPERATOR);
    assertThat(server.get("/api/v1/stream/operators", caller).status()).isEqualTo(200);
    otherNode.change(USER, Role.VIEWER, false, "boss", "");
    server.get("/api/v1/stream/operators", caller).isProblem(403);
  }
}
