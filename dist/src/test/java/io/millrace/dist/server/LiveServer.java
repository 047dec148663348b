package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A packaged server as a process of its own, and the administrator who is logged in to it. */
final class LiveServer implements AutoCloseable {

  /** What the administrator's password is changed to. */
  static final String PASSWORD = "a better password";

  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://[0-9.:]+);");
  private static final Pattern ONE_TIME = Pattern.compile("(?m)^  ([a-z0-9-]{20,})$");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Distribution.Running process;
  private final String address;
  private String cookie = "";
  private String csrf = "";

  private LiveServer(Distribution.Running process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts a server, and logs in with {@link #PASSWORD}.
   *
   * @param directory where it is started, with its settings and its data
   * @param settings what {@code millrace.yaml} says beside where the data is
   */
  static LiveServer start(Path directory, String settings) throws Exception {
    return startAs(directory, settings, null);
  }

  /**
   * The same with a one-time password, which is changed to {@link #PASSWORD}.
   *
   * @param oneTime null to take the one that it prints at its first start
   */
  static LiveServer startAs(Path directory, String settings, @Nullable String oneTime)
      throws Exception {
    return start(distribution(directory, settings), oneTime);
  }

  /** The same with what commands have in common, which {@link #distribution} makes. */
  static LiveServer start(Distribution distribution, @Nullable String oneTime) throws Exception {
    Distribution.Running process = distribution.start("server");
    try {
      process.awaitPrinted(ADDRESS);
      LiveServer server = new LiveServer(process, found(ADDRESS, process.outputSoFar()));
      server.logInAsUsual(oneTime);
      return server;
    } catch (Throwable e) {
      process.process().destroyForcibly().waitFor();
      throw e;
    }
  }

  /** For commands that have the same settings. */
  static Distribution distribution(Path directory, String settings) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("millrace.yaml"),
        "server.data: " + directory.resolve("data") + "\n" + settings + "\n");
    return new Distribution(directory).with("MILLRACE_CONF", conf.toString());
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private void logInAsUsual(@Nullable String given) throws Exception {
    Matcher printed = ONE_TIME.matcher(process.outputSoFar());
    String oneTime = given == null && printed.find() ? printed.group(1) : given;
    if (oneTime != null) {
      HttpResponse<String> first = logIn(oneTime);
      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
      HttpResponse<String> changed =
          send("PUT", "/password", Map.of("oldPassword", oneTime, "newPassword", PASSWORD));
      assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }
    logIn(PASSWORD);
  }

  String address() {
    return address;
  }

  /** Logs the administrator in. */
  HttpResponse<String> logIn(String password) throws Exception {
    HttpResponse<String> session =
        send("POST", "/session", Map.of("user", "admin", "password", password));
    if (session.statusCode() == 200) {
      cookie = session.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
      csrf = JSON.readTree(session.body()).path("csrfToken").asText();
    }
    return session;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
    return cookie.isEmpty()
        ? request
        : request.header("Cookie", cookie).header("X-CSRF-Token", csrf);
  }

  /**
   * Sends a request.
   *
   * @param path what stands behind {@code /api/v1}
   */
  HttpResponse<String> send(String method, String path, @Nullable Object body) throws Exception {
    return http.send(
        request("/api/v1" + path)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, null);
  }

  /** A path outside the API. */
  HttpResponse<String> plain(String path) throws Exception {
    return http.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  /** What a request that must succeed answers. */
  JsonNode json(String method, String path, @Nullable Object body) throws Exception {
    HttpResponse<String> reply = send(method, path, body);
    assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 299);
    return JSON.readTree(reply.body());
  }

  /** Makes, publishes and runs a task; the instance's id. */
  long run(String name, String script) throws Exception {
    long task =
        json("POST", "/tasks", Map.of("name", name, "definition", Map.of("script", script)))
            .path("id")
            .asLong();
    json("POST", "/tasks/" + task + "/publish", Map.of());
    return json("POST", "/tasks/" + task + "/run", null).path("instance").asLong();
  }

  String state(long instance) throws Exception {
    return json("GET", "/instances/" + instance, null).path("instance").path("state").asText();
  }

  /** Waits until an instance is in one of these states; which one. */
  String await(long instance, String... states) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String state = state(instance);
    while (!List.of(states).contains(state)) {
      assertThat(System.nanoTime()).as("still " + state).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
      state = state(instance);
    }
    return state;
  }

  /** An open event stream. */
  BufferedReader stream(String path) throws Exception {
    HttpResponse<InputStream> response =
        http.send(request("/api/v1" + path).GET().build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** Everything that it has printed. */
  String printed() throws IOException {
    return Files.readString(process.out()) + Files.readString(process.err());
  }

  /** Ends it as a crash does. */
  void kill() throws InterruptedException {
    process.process().destroyForcibly().waitFor();
  }

  /** Ends it in order. */
  Distribution.Ended stop() {
    process.process().destroy();
    return process.await();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
