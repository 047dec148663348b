package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import io.millrace.dist.cli.ShippedSettings;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.BufferedReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two packaged servers on one store in MariaDB, as a load balancer would have them. */
@Timeout(240)
class TwoServersIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SLOW =
      """
      reader:
        stream:
          sliceRecordCount: 2000
          column: [{type: long, incr: "1,1"}]
      writer:
        stream: {print: false}
      setting: {channels: 1, rate: {records: 40}}
      """;

  @TempDir private Path directory;
  private final List<LiveServer> started = new ArrayList<>();
  private String store;

  @BeforeEach
  void makeStore() throws Exception {
    TestServer server = TestServers.mariadb();
    store =
        "store.url: "
            + server.jdbcUrl(server.createDatabase("nodes"))
            + "\nstore.user: "
            + server.user()
            + "\nstore.password: '"
            + server.password()
            + "'\nscheduler.leaseSeconds: 5\n";
  }

  @AfterEach
  void end() throws InterruptedException {
    for (LiveServer server : started) {
      server.close();
    }
  }

  private String settings(String more) throws Exception {
    int port = LiveServer.freePort();
    return store + "server.port: " + port + "\nserver.advertise: 127.0.0.1:" + port + "\n" + more;
  }

  private LiveServer start(String name, String more) throws Exception {
    Path own = Files.createDirectories(directory.resolve(name));
    LiveServer server = LiveServer.start(own, settings(more));
    started.add(server);
    return server;
  }

  @Test
  void aServerStartsWithEveryLineOfTheShippedSettings() throws Exception {
    TestServer server = TestServers.mariadb();
    Path secret = Files.writeString(directory.resolve("webhook-secret"), "Bearer x");
    Path roots = Files.createDirectories(directory.resolve("roots"));
    int port = LiveServer.freePort();
    String every =
        ShippedSettings.every()
            .replaceFirst("(?m)^server.data: .*$", "")
            .replace("server.port: 7575", "server.port: " + port)
            .replace(
                "jdbc:mysql://db.example.org/millrace",
                server.jdbcUrl(server.createDatabase("every")))
            .replace("store.user: millrace", "store.user: " + server.user())
            .replace("/etc/millrace/webhook-secret", secret.toString())
            .replace("/data/in, /data/out", roots.toString())
            .replace("/var/lib/millrace/runs", directory.resolve("every-runs").toString());
    Distribution distribution =
        LiveServer.distribution(Files.createDirectories(directory.resolve("every")), every)
            .with("MILLRACE_STORE_PASSWORD", server.password())
            .with("MILLRACE_WEBHOOK", "http://127.0.0.1:" + port + "/nobody");

    started.add(LiveServer.start(distribution, null));
  }

  /** As an administrator has to, before a further node is started. */
  private void copyKeys(String from, String to) throws Exception {
    Path data = Files.createDirectories(directory.resolve(to).resolve("data"));
    Files.copy(
        directory.resolve(from).resolve("data/data-sources.key"),
        data.resolve("data-sources.key"),
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static String until(BufferedReader lines, String beginning) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended before " + beginning);
  }

  @Test
  void whatHappensOnOneNodeIsSeenAndReadOnTheOther() throws Exception {
    LiveServer one = start("one", "");
    long instance = one.run("slow", SLOW);
    one.await(instance, "RUNNING");
    copyKeys("one", "two");
    LiveServer two = start("two", "");
    String attempt = "/instances/" + instance + "/attempts/1";
    try (BufferedReader events = two.stream("/events");
        BufferedReader tail = two.stream(attempt + "/log/tail")) {
      until(events, ":");
      assertThat(until(tail, "data: ")).isNotEmpty();
      assertThat(two.state(instance)).isEqualTo("RUNNING");
      one.json("POST", "/instances/stop", Map.of("ids", List.of(instance), "why", "seen enough"));
      String event = until(events, "data: [{\"id\":" + instance + ",");
      assertThat(event).contains("\"state\":\"FAILED\"");
      // The log's own end, read while it came into being.
      until(tail, "event: end");
    }

    for (String what :
        List.of("/log", "/log?file=SYNCHRONIZE", "/log/download", "/dirty-records?size=1")) {
      HttpResponse<String> there = one.get(attempt + what);
      HttpResponse<String> here = two.get(attempt + what);
      assertThat(here.statusCode()).as(here.body()).isEqualTo(200);
      assertThat(here.body()).as(what).isEqualTo(there.body());
      assertThat(here.headers().firstValue("Content-Type"))
          .isEqualTo(there.headers().firstValue("Content-Type"));
      assertThat(here.headers().firstValue("Content-Disposition"))
          .isEqualTo(there.headers().firstValue("Content-Disposition"));
    }
    assertThat(two.get(attempt + "/log/download").body()).contains("seen enough");
    assertThat(two.get(attempt + "/dirty-records?cursor=nonsense").statusCode()).isEqualTo(422);

    try (BufferedReader events = two.stream("/events")) {
      until(events, ":");
      one.kill();
      HttpResponse<String> gone = two.get(attempt + "/log");
      assertThat(gone.statusCode()).isEqualTo(503);
      assertThat(JSON.readTree(gone.body()).path("detail").asText())
          .contains("/" + instance + "/g1/attempt-1/run.log, lies on node ")
          .contains("does not answer at http://127.0.0.1:");
      until(events, "event: resync");
    }
    HttpResponse<String> gone = two.get(attempt + "/log/tail");
    assertThat(gone.statusCode()).isEqualTo(503);
    assertThat(gone.body()).contains("which does not run: start it");

    // Where nodes share the directory, nobody has to be asked.
    copyKeys("one", "three");
    LiveServer three =
        start("three", "scheduler.runs: " + directory.resolve("one/data/runs") + "\n");
    assertThat(three.get(attempt + "/log/download").body()).contains("seen enough");
  }

  @Test
  void aNodeWithAnotherKeyFileDoesNotStartAndSaysWhatToDo() throws Exception {
    start("one", "");
    Path own = Files.createDirectories(directory.resolve("two"));
    Distribution.Ended refused = LiveServer.distribution(own, settings("")).run("server");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .contains("data-sources.key: the key file is not the one of node ")
        .contains("copy data-sources.key from there");
    Files.delete(own.resolve("data/data-sources.key"));
    copyKeys("one", "two");
    start("two", "");
  }

  @Test
  void aNodeWhoseClockIsNotTheStoresDoesNotStartAndSaysBothTimes() throws Exception {
    Path own = Files.createDirectories(directory.resolve("one"));
    // To this node the store's clock stands still, long ago.
    String settings =
        settings("")
            .replaceFirst(
                "(store\\.url: [^\n?]*)\\??", "$1?sessionVariables=timestamp=1767225600&");
    Distribution.Ended refused = LiveServer.distribution(own, settings).run("server");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .containsPattern("the clock of this node says 20[0-9T:.-]+Z and the store's 2026-01-01T00:")
        .contains("scheduler.clockSkewMillis", "set this machine's clock");
  }

  @Test
  void aStreamOfOneNodeEndsWhenThePasswordIsChangedOnTheOther() throws Exception {
    LiveServer one = start("one", "");
    copyKeys("one", "two");
    LiveServer two = start("two", "");
    try (BufferedReader events = two.stream("/events")) {
      until(events, ":");
      String other = "an even better password";
      one.json(
          "PUT", "/password", Map.of("oldPassword", LiveServer.PASSWORD, "newPassword", other));
      // Until its end, which comes long before the 15 minutes that a stream may last.
      while (events.readLine() != null) {
        continue;
      }
    }
    assertThat(two.get("/session").statusCode()).isEqualTo(401);
    assertThat(one.get("/session").statusCode()).isEqualTo(200);
  }

  @Test
  void aPasswordIsResetWhileTheServersRun() throws Exception {
    LiveServer one = start("one", "");
    one.json("POST", "/tokens", Map.of("name", "ci", "role", "VIEWER", "days", 1));
    Path own = directory.resolve("one");
    Distribution.Ended reset =
        LiveServer.distribution(own, settings("")).run("server", "--reset-password", "admin");
    assertThat(reset.exitCode()).as(reset.err()).isZero();
    String password = reset.out().lines().skip(1).findFirst().orElseThrow().strip();
    assertThat(one.get("/session").statusCode()).as("the session has ended").isEqualTo(401);
    assertThat(one.logIn(LiveServer.PASSWORD).statusCode()).isEqualTo(401);
    assertThat(one.logIn(password).body()).contains("\"mustChangePassword\":true");
  }
}
