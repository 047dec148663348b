package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.route.Routes;
import io.millrace.server.security.SecuritySettings;
import io.millrace.server.security.TestLogins;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A server on a free port with a store in memory. At the end it checks that none of the secrets it
 * has seen is in the log.
 */
public final class TestServer implements AutoCloseable {

  /** Hashing passwords is slow on purpose; what tests need is that it is done. */
  public static final int PASSWORD_MEMORY_KIB = 64;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Database database;
  private final TestClock clock = new TestClock();
  private final MillraceServer server;
  private final String firstPassword;
  private final TestLogins logins;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<String> secrets = Collections.synchronizedList(new ArrayList<>());

  /** An answer. */
  public record Reply(HttpResponse<String> response) {

    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public JsonNode json() {
      try {
        return MAPPER.readTree(response.body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + response.body(), e);
      }
    }

    public String text(String field) {
      return json().path(field).asText();
    }

    /** Checks that it is a problem of this status. */
    public Reply isProblem(int status) {
      assertThat(status()).as(body()).isEqualTo(status);
      assertThat(header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(json().path("status").asInt()).isEqualTo(status);
      assertThat(text("title")).isNotBlank();
      return this;
    }
  }

  public TestServer(Function<Database, List<Routes>> resources) {
    this(resources, inMemory());
  }

  public TestServer(Function<Database, List<Routes>> resources, StoreSettings store) {
    this(resources, store, SecuritySettings.defaults());
  }

  public TestServer(
      Function<Database, List<Routes>> resources, StoreSettings store, SecuritySettings security) {
    log.start();
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
    database = Database.open(store);
    server =
        new MillraceServer(
            // The client of a test keeps its connections, and nobody waits for them.
            ServerSettings.loopback(0)
                .withIdleAtStop(Duration.ofMillis(50))
                .with(security.withPasswordMemoryKib(PASSWORD_MEMORY_KIB)),
            database,
            clock,
            resources.apply(database),
            null,
            Map.of());
    firstPassword = secret(server.start().orElseThrow());
    logins = new TestLogins(database, clock);
  }

  /** A store of its own, in memory. */
  public static StoreSettings inMemory() {
    return new StoreSettings("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  }

  public MillraceServer server() {
    return server;
  }

  public Database database() {
    return database;
  }

  public TestClock clock() {
    return clock;
  }

  public String firstPassword() {
    return firstPassword;
  }

  public TestLogins logins() {
    return logins;
  }

  /** Remembers what must not be logged. */
  public String secret(String secret) {
    secrets.add(secret);
    return secret;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  public HttpClient client() {
    return client;
  }

  public Reply get(String path, TestCaller caller) {
    return send("GET", path, caller, null);
  }

  /** Sends a request and checks what holds for every answer. */
  public Reply send(String method, String path, TestCaller caller, @Nullable String json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (json != null) {
      request.header("Content-Type", "application/json");
    }
    return send(request, caller);
  }

  public Reply send(HttpRequest.Builder request, TestCaller caller) {
    if (!caller.secret().isEmpty()) {
      secret(caller.secret());
    }
    caller.headers().forEach(request::setHeader);
    try {
      Reply reply = new Reply(client.send(request.build(), BodyHandlers.ofString()));
      assertThat(reply.body())
          .doesNotContain(
              "$argon2", "password_hash", "\tat ", "jetty", "Exception", "SELECT account");
      if (!caller.secret().isEmpty()) {
        assertThat(reply.body()).doesNotContain(caller.secret());
      }
      assertThat(reply.header("X-Content-Type-Options")).isIn("nosniff", "");
      return reply;
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What was logged. */
  public List<ILoggingEvent> logged() {
    return List.copyOf(log.list);
  }

  @Override
  public void close() {
    server.close();
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    log.stop();
    List<String> audit =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT CONCAT(who, action, subject, why, detail) FROM audit")
                    .mapTo(String.class)
                    .list());
    database.close();
    for (String secret : secrets) {
      assertThat(audit).noneMatch(line -> line.contains(secret));
      assertThat(log.list)
          .noneMatch(
              event ->
                  event.getFormattedMessage().contains(secret)
                      || (event.getThrowableProxy() != null
                          && String.valueOf(event.getThrowableProxy().getMessage())
                              .contains(secret)));
    }
  }
}
