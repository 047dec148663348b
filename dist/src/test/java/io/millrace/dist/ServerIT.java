package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged {@code bin/millrace server} as a process of its own. */
@Timeout(120)
class ServerIT {

  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://[0-9.:]+);");
  private static final Pattern PASSWORD = Pattern.compile("(?m)^  ([a-z0-9-]{20,})$");

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Distribution.Running> started = new ArrayList<>();
  private Distribution distribution;

  @BeforeEach
  void writeSettings() throws IOException {
    distribution = new Distribution(directory);
    settings(0, "data");
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (Distribution.Running running : started) {
      running.process().destroyForcibly().waitFor();
    }
  }

  private void settings(int port, String data) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("millrace.yaml"),
        "server.port: " + port + "\nserver.data: " + directory.resolve(data) + "\n");
    distribution.with("MILLRACE_CONF", conf.toString());
  }

  private Distribution.Running start() throws InterruptedException {
    long begun = System.nanoTime();
    Distribution.Running server = distribution.start("server");
    started.add(server);
    server.awaitPrinted(ADDRESS);
    System.out.printf("the server started in %d ms%n", (System.nanoTime() - begun) / 1_000_000);
    return server;
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private HttpResponse<String> send(
      Distribution.Running server, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(found(ADDRESS, server.outputSoFar()) + path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return http.send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> logIn(Distribution.Running server, String password)
      throws IOException, InterruptedException {
    return send(
        server,
        "POST",
        "/api/v1/session",
        "{\"user\": \"admin\", \"password\": \"" + password + "\"}");
  }

  private void changePassword(Distribution.Running server, String from, String to)
      throws IOException, InterruptedException {
    HttpResponse<String> session = logIn(server, from);
    assertThat(session.statusCode()).as(session.body()).isEqualTo(200);
    String cookie = session.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    String csrf = found(Pattern.compile("\"csrfToken\":\"([^\"]+)\""), session.body());
    HttpResponse<String> changed =
        send(
            server,
            "PUT",
            "/api/v1/password",
            "{\"oldPassword\": \"" + from + "\", \"newPassword\": \"" + to + "\"}",
            "Cookie",
            cookie,
            "X-CSRF-Token",
            csrf);
    assertThat(changed.statusCode()).as(changed.body()).isBetween(200, 204);
  }

  @Test
  void itStartsIsLoggedInToAndStopsInOrder() throws Exception {
    Distribution.Running server = start();
    String password = found(PASSWORD, server.outputSoFar());
    assertThat(send(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
    assertThat(send(server, "GET", "/health/ready", "").body())
        .contains("\"status\":\"UP\"", "\"scheduler\":true", "\"store\":true");

    changePassword(server, password, "a better password");
    assertThat(logIn(server, password).statusCode()).isEqualTo(401);
    assertThat(logIn(server, "a better password").statusCode()).isEqualTo(200);

    assertThat(distribution.run("server").errors())
        .singleElement()
        .asString()
        .contains("another millrace server uses the data directory");

    long asked = System.nanoTime();
    server.process().destroy();
    Distribution.Ended ended = server.await();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().split(password, -1)).as("told once").hasSize(2);
    assertNowhere(password);
    assertNowhere("a better password");

    Distribution.Running again = start();
    assertThat(again.outputSoFar()).doesNotContain("password");
    assertThat(logIn(again, "a better password").statusCode()).isEqualTo(200);
  }

  private void assertNowhere(String secret) throws IOException {
    Path data = directory.resolve("data");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret);
      }
    }
  }

  @Test
  void aKilledServerLosesNothingThatItHasAnswered() throws Exception {
    Distribution.Running server = start();
    changePassword(server, found(PASSWORD, server.outputSoFar()), "a better password");
    server.process().destroyForcibly().waitFor();

    Distribution.Running again = start();
    assertThat(logIn(again, "a better password").statusCode()).isEqualTo(200);
    assertThat(send(again, "GET", "/health/ready", "").statusCode()).isEqualTo(200);
  }

  @Test
  void itServesTheApiOfTheScheduler() throws Exception {
    Distribution.Running server = start();
    assertThat(send(server, "GET", "/api/v1/openapi.json", "").body())
        .contains("/api/v1/tasks", "/api/v1/instances", "/api/v1/backfills", "/api/v1/datasources");
  }

  @Test
  void aPortThatIsTakenIsToldInOneLineAndTheFirstPasswordIsNotLost() throws Exception {
    Distribution.Running server = start();
    String address = found(ADDRESS, server.outputSoFar());
    settings(URI.create(address).getPort(), "other");
    Distribution.Ended refused = distribution.run("server");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errors()).singleElement().asString().contains("server.port");

    settings(0, "other");
    assertThat(found(PASSWORD, start().outputSoFar())).isNotEmpty();
  }
}
