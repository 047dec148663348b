package io.millrace.server.api;

import static io.millrace.server.api.LeakyConnector.MARKER;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.runner.LogFile;
import io.millrace.server.TestCaller;
import io.millrace.server.TestServer.Reply;
import io.millrace.server.route.Access;
import io.millrace.server.route.Method;
import io.millrace.server.route.Route;
import io.millrace.server.security.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A viewer reads every route after runs whose every value is a marker, and meets none. A new route
 * is tested because it is in the list; one with a new parameter fails until it is filled here.
 */
class ViewerTest extends ApiTest {

  private static final String PREFIX = Route.PREFIX;

  private static final String LEAKY =
      """
      name: orders
      reader:
        leaky:
          table: orders
          column: [name, "'Zmarker-constant'", "4711"]
          size: 7
          where: "name = 'Zmarker-where' and who = '${who}' and dt = ${dt}"
          preSql: DELETE FROM t WHERE name = 'Zmarker-sql'
          breaks: BREAKS
      writer: {memory: {table: target}}
      setting: {dirty: all}
      """;

  @Override
  ApiScene scene(io.millrace.scheduler.store.Database database) {
    return new ApiScene(database, directory, true);
  }

  private final List<Long> instances = new ArrayList<>();
  private long task;

  private void runAll() {
    scene.memory.table("target", LeakyConnector.SCHEMA);
    post(
        "/datasources",
        developer,
        Map.of(
            "name",
            "source",
            "type",
            "leaky",
            "options",
            Map.of("where", MARKER + "-source", "host", "db.example", "session", MARKER)));
    task = leaky("good", "false");
    long bad = leaky("bad", "true");
    long workflow = post("/workflows", developer, Map.of("name", "all")).json().path("id").asLong();
    send("PUT", "/workflows/" + workflow + "/tasks/" + task, developer, null);
    scene.scheduler.start();
    instances.add(run(task));
    instances.add(run(bad));
    Reply made =
        post(
            "/backfills",
            operator,
            Map.of(
                "task",
                "bad",
                "name",
                "again",
                "alert",
                "BOTH",
                "parameters",
                Map.of("who", MARKER + "-given"),
                "ranges",
                List.of(Map.of("from", "2026-11-01", "to", "2026-11-01"))));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> get("/backfills/1").text("state").equals("FAILED"));
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> state(instances.get(0)).equals("SUCCEEDED"));
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> state(instances.get(1)).equals("FAILED"));
    instances.add(get("/instances?backfill=1").json().path("items").path(0).path("id").asLong());
  }

  private long leaky(String name, String breaks) {
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("script", LEAKY.replace("BREAKS", breaks));
    definition.put("parameters", Map.of("who", MARKER + "-who", "dt", "$[yyyymmdd-1]"));
    definition.put("schedule", DAILY);
    long id = draft(name, definition);
    for (String where : List.of("", "2")) {
      definition.put(
          "script", LEAKY.replace("BREAKS", breaks).replace("Zmarker-w", MARKER + where));
      Reply saved =
          send(
              "PUT",
              "/tasks/" + id + "/draft",
              developer,
              Map.of("revision", revision(id), "definition", definition));
      assertThat(saved.status()).as(saved.body()).isEqualTo(200);
      Reply published = post("/tasks/" + id + "/publish", developer, Map.of("note", "first"));
      assertThat(published.status()).as(published.body()).isEqualTo(200);
    }
    return id;
  }

  @Test
  void noRouteGivesAViewerAValueOfARowOrOfAStatement() throws Exception {
    TestCaller viewer = server.logins().session(Role.VIEWER);
    Stream<String> told = lines("/events", viewer);
    CompletableFuture<List<String>> events =
        CompletableFuture.supplyAsync(
            () -> told.takeWhile(line -> !line.contains("BACKFILL_FAILED")).toList());
    runAll();
    assertThat(events.get(60, TimeUnit.SECONDS)).noneMatch(line -> line.contains(MARKER));
    List<String> asked = new ArrayList<>();
    for (Route route : server.server().routes()) {
      for (String path : paths(route)) {
        if (route.contract().mediaType().equals("text/event-stream")) {
          if (path.contains("/log/tail")) {
            List<String> lines = lines(path.substring(PREFIX.length()), viewer).toList();
            assertThat(lines).noneMatch(line -> line.contains(MARKER));
            assertThat(lines).contains("event: end");
          } else {
            assertThat(path).isEqualTo(PREFIX + "/events");
          }
          continue;
        }
        if (route.method() == Method.DELETE && path.endsWith("/session")) {
          continue;
        }
        Reply reply =
            server.send(
                route.method().name(),
                path,
                viewer,
                route.contract().takes() == null ? null : "{}");
        assertThat(reply.body()).as(path).doesNotContain(MARKER).doesNotContain("\u2068", "\u2069");
        assertThat(reply.response().headers().map().toString()).as(path).doesNotContain(MARKER);
        if (route.method() == Method.GET && reply.status() == 200) {
          asked.add(route.path());
        }
      }
    }
    // Those that had something to show: nothing is tested by a 404.
    assertThat(asked)
        .containsAll(
            server.server().routes().stream()
                .filter(route -> route.method() == Method.GET && route.access() == Access.VIEWER)
                .filter(route -> !route.contract().mediaType().equals("text/event-stream"))
                .map(Route::path)
                .toList());
  }

  @Test
  void aViewerSeesCountsCodesNamesAndOurOwnWords() throws Exception {
    runAll();
    String attempt = "/instances/" + instances.get(0) + "/attempts/1";
    String log = get(attempt + "/log").text("text");
    assertThat(log)
        .contains("orders", "WARN the bound (hidden) is no number", "by name, from (hidden)")
        .contains("where=[(hidden)]");
    assertThat(get(attempt + "/log?file=SPLIT").text("text"))
        .contains("SELECT MIN(name) WHERE (hidden)", "1: name from (hidden)");
    String failed = get("/instances/" + instances.get(1) + "/attempts").body();
    assertThat(failed).contains("the server refuses: (hidden)", "DBUtilErrorCode-07");
    String dirty =
        get(attempt + "/dirty-records").json().path("records").path(0).path("json").asText();
    assertThat(dirty)
        .isEqualTo(
            "{\"type\":\"reader\",\"code\":\"NO_NUMBER\","
                + "\"exception\":\"the value '(hidden)' is no number\",\"column\":\"name\"}");
    String script = get("/tasks/" + task).json().path("definition").path("script").asText();
    assertThat(script)
        .contains(
            "\"table\" : \"orders\"", "\"size\" : 7", "[ \"name\", \"(hidden)\", \"(hidden)\" ]")
        .contains("\"where\" : \"(hidden)\"", "\"dirty\" : \"all\"");
    assertThat(get("/instances/" + instances.get(0)).json().path("parameters").toString())
        .matches(".*\"dt\":\"\\d{8}\".*\"who\":\"\\(hidden\\)\".*");
    assertThat(get("/datasources/source").body()).contains("db.example");
  }

  @Test
  void anOperatorSeesAllOfItWithoutMarks() throws Exception {
    runAll();
    String attempt = "/api/v1/instances/" + instances.get(0) + "/attempts/1";
    for (String path : List.of("/log", "/log/download", "/log?file=SPLIT", "/dirty-records")) {
      assertThat(server.get(attempt + path, operator).body())
          .contains(MARKER)
          .doesNotContain("\u2068", "\u2069", "(hidden)");
    }
    assertThat(server.get(attempt + "/dirty-records", operator).json().toString())
        .contains("Zmarker-raw\\\\u2069");
    assertThat(server.get("/api/v1/instances/" + instances.get(1) + "/attempts", operator).body())
        .contains("the server refuses: bad value 'Zmarker-server'");
    assertThat(server.get("/api/v1/tasks/" + task, operator).body()).contains("Zmarker-sql");
    assertThat(
            String.join(
                "\n", lines(attempt.substring(PREFIX.length()) + "/log/tail", operator).toList()))
        .contains(MARKER)
        .doesNotContain("\u2068");
  }

  private Stream<String> lines(String path, TestCaller caller) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(PREFIX + path));
    caller.headers().forEach(request::setHeader);
    HttpResponse<Stream<String>> response =
        server.client().send(request.build(), BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  /** The route for each thing that there is. */
  private List<String> paths(Route route) {
    List<String> first = List.of("");
    if (route.path().contains("/instances/{id}")) {
      first = instances.stream().map(id -> "" + id).toList();
    }
    List<String> paths = new ArrayList<>();
    for (String id : first) {
      List<String> values =
          route.parameters().stream().map(parameter -> value(route, parameter, id)).toList();
      paths.add(route.path(values));
    }
    if (route.contract().query().containsKey("file")) {
      List<String> all = new ArrayList<>();
      for (String path : paths) {
        for (LogFile file : LogFile.values()) {
          all.add(path + "?file=" + file);
        }
      }
      return all;
    }
    if (route.path().endsWith("/diff")) {
      return List.of(paths.get(0), paths.get(0) + "?from=1&to=2");
    }
    return paths;
  }

  private String value(Route route, String parameter, String id) {
    return switch (parameter) {
      case "id" -> id.isEmpty() ? (route.path().contains("/tasks/") ? "" + task : "1") : id;
      case "task" -> "" + task;
      case "number", "version" -> "1";
      case "name" -> route.path().contains("/datasources/") ? "source" : "default";
      default -> throw new AssertionError("fill the parameter {" + parameter + "} of " + route);
    };
  }
}
