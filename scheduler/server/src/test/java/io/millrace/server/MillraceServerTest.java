package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.server.TestServer.Reply;
import io.millrace.server.event.LogTail;
import io.millrace.server.security.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MillraceServerTest {

  @TempDir private Path directory;
  private Path log;
  private DemoRoutes demo;
  private TestServer server;

  @BeforeEach
  void start() {
    log = directory.resolve("log");
    demo = new DemoRoutes(log);
    server = new TestServer(database -> List.of(demo));
  }

  @AfterEach
  void stop() {
    demo.leave.countDown();
    server.close();
  }

  private Reply fail(String how) {
    return server.send("POST", "/api/v1/demo/fail/" + how, TestCaller.NOBODY, null);
  }

  @Test
  void itsAddressTellsWhatItIs() {
    Reply reply = server.get("/", TestCaller.NOBODY);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("text/plain");
    assertThat(reply.body()).contains("Millrace", "millrace login", "/api/v1/openapi.json");
  }

  @Test
  void whatGoesWrongIsToldAsAProblem() {
    server.get("/nowhere", TestCaller.NOBODY).isProblem(404);
    server.get("/api/v1/nowhere", TestCaller.NOBODY).isProblem(404);
    Reply method = server.send("PATCH", "/api/v1/session", TestCaller.NOBODY, null).isProblem(405);
    assertThat(method.header("Allow")).contains("GET", "POST", "DELETE");
    Reply user = fail("user").isProblem(422);
    assertThat(user.text("detail")).isEqualTo("channels must be a number");
    assertThat(user.text("code")).isEqualTo("Framework-03");
    fail("fenced").isProblem(409);
    fail("external").isProblem(503);
  }

  @Test
  void anInternalErrorTellsATraceAndTheLogTheReason() {
    for (String how : List.of("null", "internal", "stack")) {
      Reply reply = fail(how).isProblem(500);
      assertThat(reply.body()).doesNotContain("secret internals");
      assertThat(server.logged())
          .anyMatch(event -> event.getFormattedMessage().contains(reply.text("trace")));
    }
  }

  @Test
  void everyAnswerTellsTheBrowserWhatNotToDo() {
    for (String path : List.of("/api/v1/openapi.json", "/nowhere", "/api/v1/session")) {
      Reply reply = server.get(path, TestCaller.NOBODY);
      assertThat(reply.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("Server")).isEmpty();
    }
  }

  /** Sends raw bytes; returns what comes back until the connection ends or {@code end} is seen. */
  private String raw(byte[] request, String end) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[8192];
      InputStream in = socket.getInputStream();
      for (int read = in.read(buffer);
          read >= 0 && answer.indexOf(end) < 0;
          read = in.read(buffer)) {
        answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        if (answer.indexOf(end) >= 0) {
          break;
        }
      }
      return answer.toString();
    }
  }

  private String raw(String request) throws IOException {
    return raw(request.getBytes(StandardCharsets.UTF_8), "}");
  }

  @Test
  void aRequestForAnotherHostIsRefused() throws Exception {
    assertThat(raw("GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 421")
        .contains("application/problem+json");
    for (String host : List.of("localhost:1", "127.0.0.1", "[::1]:80", "LocalHost")) {
      assertThat(raw("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void malformedAndOversizedHeadersAreRefusedAsProblems() throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("application/problem+json");
    assertThat(raw("GET /a%2fb HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json")
        .doesNotContain("etty");
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
  }

  @Test
  void aBodyOfFiftyMegabytesIsRefusedWithoutBeingKept() {
    TestCaller developer = server.logins().session(Role.DEVELOPER);
    byte[] block = new byte[1 << 20];
    Runtime.getRuntime().gc();
    // With a length, and in chunks without one.
    HttpRequest.BodyPublisher[] bodies = {
      BodyPublishers.fromPublisher(
          BodyPublishers.ofByteArrays(java.util.Collections.nCopies(50, block)), 50L << 20),
      BodyPublishers.ofByteArrays(java.util.Collections.nCopies(50, block))
    };
    for (HttpRequest.BodyPublisher body : bodies) {
      for (String path : List.of("/api/v1/demo/1", "/api/v1/session")) {
        server
            .send(
                HttpRequest.newBuilder(server.uri(path))
                    .header("Content-Type", "application/json")
                    .method(path.endsWith("session") ? "POST" : "PUT", body),
                developer)
            .isProblem(413);
      }
    }
    assertThat(server.get("/health/live", TestCaller.NOBODY).status()).isEqualTo(200);
  }

  @Test
  void aValueOfABodyThatIsWrongIsNamedButNotQuoted() {
    TestCaller developer = server.logins().session(Role.DEVELOPER);
    String[][] cases = {
      {"{\"text\":\"a\",\"labels\":[1]}", "labels[0]"},
      {"{\"text\":\"a\"}", "labels"},
      {"{\"text\":\"a\",\"labels\":[],\"inner\":{\"x\":\"sesame\"}}", "inner.x"},
      {"{\"text\":{\"sesame\":1},\"labels\":[]}", "text"},
    };
    for (String[] expected : cases) {
      Reply reply = server.send("PUT", "/api/v1/demo/1", developer, expected[0]).isProblem(400);
      assertThat(reply.text("field")).isEqualTo(expected[1]);
      assertThat(reply.body()).doesNotContain("sesame");
    }
    assertThat(
            server
                .send("PUT", "/api/v1/demo/1", developer, "{\"text\":\"ä\",\"labels\":[\"x\"]}")
                .text("text"))
        .isEqualTo("ä");
  }

  @Test
  void listsAreBoundedAndFilteredByWhatIsKnown() {
    TestCaller operator = server.logins().session(Role.OPERATOR);
    Reply page = server.get("/api/v1/demo?page=2&size=10&role=viewer,ADMIN&q=50%25", operator);
    assertThat(page.json().path("page").asInt()).isEqualTo(2);
    assertThat(page.json().path("items").path(0).asText())
        .isEqualTo(
            "1 = 1 AND role IN (:filter0, :filter1) AND LOWER(name) LIKE :filter2 ESCAPE '!'");
    for (String query : List.of("page=0", "size=501", "size=x", "role=king", "page=1&page=2")) {
      server.get("/api/v1/demo?" + query, operator).isProblem(400);
    }
  }

  @Test
  void healthIsPublicAndMetricsAreNot() {
    assertThat(server.get("/health/ready", TestCaller.NOBODY).text("status")).isEqualTo("UP");
    server.get("/metrics", TestCaller.NOBODY).isProblem(401);
    server.get("/api/v1/nowhere/somebody", TestCaller.NOBODY);
    String metrics = server.get("/metrics", server.logins().token(Role.VIEWER)).body();
    assertThat(metrics)
        .contains("jvm_memory_used_bytes", "http_server_requests_seconds_count", "/health/ready")
        .doesNotContain("somebody");
  }

  @Test
  void headIsGuardedAsGetIsAndHasNoBody() {
    assertThat(server.send("HEAD", "/api/v1/users", TestCaller.NOBODY, null).status())
        .isEqualTo(401);
    TestCaller admin = server.logins().session(Role.ADMIN);
    for (String path : List.of("/api/v1/users", "/api/v1/demo/events", "/health/ready")) {
      Reply reply = server.send("HEAD", path, admin, null);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void aPortThatIsTakenIsToldInOneLine() {
    ServerSettings taken = ServerSettings.loopback(server.server().port());
    try (MillraceServer second =
        new MillraceServer(
            taken, server.database(), Clock.systemUTC(), List.of(), null, Map.of())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("taken");
    }
  }

  @Test
  void aRunningRequestFinishesWhileTheServerStops() throws Exception {
    CompletableFuture<Integer> running =
        CompletableFuture.supplyAsync(
            () -> server.send("POST", "/api/v1/demo/1/wait", TestCaller.NOBODY, null).status());
    demo.entered.await();
    CompletableFuture<Void> stopping;
    try (Socket idle = new Socket("127.0.0.1", server.server().port())) {
      String request = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      idle.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(idle.getInputStream().read()).isPositive();
      stopping = CompletableFuture.runAsync(server.server()::close);
      // A connection without a request is closed soon; one with a request outlasts that.
      idle.getInputStream().readAllBytes();
    }
    Awaitility.await()
        .until(
            () -> {
              try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
                return false;
              } catch (IOException | IllegalArgumentException e) {
                return true;
              }
            });
    assertThat(running).isNotDone();
    demo.leave.countDown();
    assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(204);
    stopping.get(10, TimeUnit.SECONDS);
  }

  private BufferedReader stream(String path, String lastEventId) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
    server.logins().session(Role.VIEWER).headers().forEach(request::header);
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        server.client().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private record Seen(String id, String name, String data) {}

  /** The next event, without heartbeats; null at the end of the stream. */
  private static Seen next(BufferedReader stream) throws IOException {
    String id = "";
    String name = "";
    List<String> data = new ArrayList<>();
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data.add(line.substring(6));
      } else if (line.isEmpty() && !name.isEmpty()) {
        return new Seen(id, name, String.join("\n", data));
      }
    }
    return null;
  }

  private void append(String text) throws IOException {
    Files.writeString(
        log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
  }

  @Test
  void aLogIsFollowedWhileItGrowsAndResumedWhereItWasLeft() throws Exception {
    String middle;
    try (BufferedReader stream = stream("/api/v1/demo/1/log?follow=true", "")) {
      append("one\ntwö\nhal");
      assertThat(next(stream).data()).isEqualTo("one\ntwö\n");
      append("f\n");
      Seen half = next(stream);
      assertThat(half.data()).isEqualTo("half\n");
      middle = half.id();
    }
    assertThat(middle).isEqualTo("14");
    append("after\n");
    try (BufferedReader stream = stream("/api/v1/demo/1/log?follow", middle)) {
      assertThat(next(stream).data()).isEqualTo("after\n");
      append("the last, without an end");
      demo.finished.set(true);
      assertThat(next(stream).data()).isEqualTo("the last, without an end");
      assertThat(next(stream).name()).isEqualTo("end");
      assertThat(next(stream)).isNull();
    }
  }

  @Test
  void aLogOfManyMegabytesComesInParts() throws Exception {
    String line = "0123456789 äöü\n";
    append(line.repeat(200_000) + "x".repeat(300_000) + "ä".repeat(300_000));
    demo.finished.set(true);
    StringBuilder all = new StringBuilder();
    TestCaller viewer = server.logins().session(Role.VIEWER);
    for (long at = 0; at < Files.size(log); ) {
      Reply part = server.get("/api/v1/demo/1/log?offset=" + at, viewer);
      assertThat(part.body().length()).isBetween(1, LogTail.PART);
      all.append(part.body());
      at = Long.parseLong(part.header(LogTail.NEXT));
    }
    assertThat(all.toString().equals(Files.readString(log))).isTrue();
    StringBuilder followed = new StringBuilder();
    try (BufferedReader stream = stream("/api/v1/demo/1/log?follow=1", "")) {
      for (Seen seen = next(stream); !seen.name().equals("end"); seen = next(stream)) {
        followed.append(seen.data());
      }
    }
    assertThat(followed.toString().contentEquals(all)).isTrue();
  }

  @Test
  void aLogThatIsNotThereYetIsWaitedFor() throws Exception {
    server.get("/api/v1/demo/1/log", server.logins().session(Role.VIEWER)).isProblem(404);
    try (BufferedReader stream = stream("/api/v1/demo/1/log?follow=true", "")) {
      append("first\n");
      assertThat(next(stream).data()).isEqualTo("first\n");
      Files.writeString(log, "");
      assertThat(next(stream).name()).isEqualTo("resync");
    }
  }

  @Test
  void eventsReachEveryClientAndOneThatComesBackGetsWhatItMissed() throws Exception {
    String seen;
    try (BufferedReader one = stream("/api/v1/demo/events", "");
        BufferedReader other = stream("/api/v1/demo/events", "")) {
      Awaitility.await().until(() -> demo.events.listening() == 2);
      demo.events.publish("instance", "{\"id\":1}");
      assertThat(next(one).data()).isEqualTo("{\"id\":1}");
      seen = next(other).id();
    }
    demo.events.publish("instance", "{\"id\":2}");
    // Who has left is noticed at the next write.
    Awaitility.await().until(() -> demo.events.listening() == 0);
    try (BufferedReader back = stream("/api/v1/demo/events", seen)) {
      assertThat(next(back).data()).isEqualTo("{\"id\":2}");
    }
    try (BufferedReader stranger = stream("/api/v1/demo/events", "another-life-1")) {
      assertThat(next(stranger).name()).isEqualTo("resync");
    }
  }

  @Test
  void aClientThatDoesNotReadIsToldThatItMissedSomething() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
      socket.setReceiveBufferSize(4096);
      OutputStream out = socket.getOutputStream();
      String cookie = server.logins().session(Role.VIEWER).headers().get("Cookie");
      out.write(
          ("GET /api/v1/demo/events HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      Awaitility.await().until(() -> demo.events.listening() == 1);
      String data = "x".repeat(100_000);
      for (int i = 0; i < 1_000; i++) {
        // Never waits, whatever the client does.
        demo.events.publish("instance", data);
      }
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      Seen seen = next(in);
      int events = 1;
      while (!seen.name().equals("resync")) {
        seen = next(in);
        events++;
      }
      assertThat(events).isLessThan(1_000);
    }
  }

  @Test
  void openStreamsEndWhenTheServerStops() throws Exception {
    try (BufferedReader stream = stream("/api/v1/demo/events", "")) {
      Awaitility.await().until(() -> demo.events.listening() == 1);
      server.server().close();
      assertThat(next(stream)).isNull();
      assertThat(demo.events.listening()).isZero();
    }
  }
}
