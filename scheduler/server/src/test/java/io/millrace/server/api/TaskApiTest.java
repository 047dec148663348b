package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.server.TestServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskApiTest extends ApiTest {

  @Test
  void aTaskIsWrittenPublishedAndComparedVersionByVersion() {
    long id = task("orders", null);
    Map<String, Object> changed = definition(DAILY);
    changed.put("run", Map.of("priority", 5));
    Reply saved =
        send(
            "PUT",
            "/tasks/" + id + "/draft",
            developer.with("Millrace-Reason", "every night"),
            Map.of("revision", revision(id), "definition", changed));
    assertThat(saved.status()).as(saved.body()).isEqualTo(200);
    assertThat(saved.json().path("hasDraft").asBoolean()).isTrue();
    assertThat(get("/tasks/" + id + "/diff").json().findValuesAsText("field"))
        .contains("run.priority", "schedule.cycle.every", "schedule.cycle.time", "schedule.zone")
        .doesNotContain("script", "kind");
    assertThat(post("/tasks/" + id + "/publish", developer, Map.of()).json().path("version"))
        .hasToString("2");
    assertThat(get("/tasks/" + id + "/versions").json().findValuesAsText("version"))
        .containsExactly("2", "1");
    JsonNode priority = null;
    for (JsonNode change : get("/tasks/" + id + "/diff?from=1&to=2").json()) {
      priority = change.path("field").asText().equals("run.priority") ? change : priority;
    }
    assertThat(priority.path("before").asText() + priority.path("after").asText()).isEqualTo("15");
    Reply file = send("GET", "/tasks/" + id + "/versions/1/export", operator, null);
    assertThat(file.body()).isEqualTo(SCRIPT);
    assertThat(file.header("Content-Disposition"))
        .isEqualTo("attachment; filename=task-" + id + "-v1.yaml");
    get("/tasks/" + id + "/versions/3").isProblem(404);
    assertThat(audit())
        .contains(
            "test-developer task.create task/orders ",
            "test-developer task.save task/orders every night",
            "test-developer task.publish task/orders ");
  }

  @Test
  void aReasonInAnyScriptComesEncodedAndWhatCannotBeDecodedIsRefused() {
    long id = draft("orders", definition(null));
    String path = "/tasks/" + id + "/draft";
    Map<String, Object> body = Map.of("revision", revision(id), "definition", definition(DAILY));
    send("PUT", path, developer.with("Millrace-Reason", "UTF-8''%zz"), body).isProblem(400);
    send("PUT", path, developer.with("Millrace-Reason", "UTF-8''a%00b"), body).isProblem(400);
    String reason = "UTF-8''f%C3%BCr%20die+Nacht";
    assertThat(send("PUT", path, developer.with("Millrace-Reason", reason), body).status())
        .isEqualTo(200);
    assertThat(audit()).contains("test-developer task.save task/orders für die+Nacht");
  }

  @Test
  void aDraftThatSomebodyElseHasChangedIsAConflict() {
    long id = draft("orders", definition(null));
    long seen = revision(id);
    Map<String, Object> body = Map.of("revision", seen, "definition", definition(DAILY));
    assertThat(send("PUT", "/tasks/" + id + "/draft", developer, body).status()).isEqualTo(200);
    assertThat(send("PUT", "/tasks/" + id + "/draft", developer, body).isProblem(409).body())
        .contains("changed by somebody else");
    post("/tasks", developer, Map.of("name", "orders", "definition", definition(null)))
        .isProblem(409);
  }

  @Test
  void aDefinitionWithASecretInItIsRefusedWithoutRepeatingIt() {
    String secret = server.secret("hunter2hunter2");
    Map<String, Object> plain = definition(null);
    plain.put(
        "script",
        "reader:\n  mysql: {jdbcUrl: 'jdbc:mysql://h/d', username: u, password: "
            + secret
            + ", table: t}\nwriter:\n  stream: {print: false}\n");
    Reply refused = post("/tasks", developer, Map.of("name", "leak", "definition", plain));
    assertThat(refused.isProblem(422).body()).contains("holds a secret").doesNotContain(secret);
    Map<String, Object> parameter = definition(null);
    parameter.put("parameters", Map.of("password", secret));
    refused = post("/tasks", developer, Map.of("name", "leak", "definition", parameter));
    assertThat(refused.isProblem(400).body()).doesNotContain(secret);
    long id = draft("clean", definition(null));
    refused =
        send(
            "PUT",
            "/tasks/" + id + "/draft",
            developer,
            Map.of("revision", revision(id), "definition", plain));
    assertThat(refused.isProblem(422).body()).doesNotContain(secret);
    assertThat(get("/tasks?name=leak").json().path("items")).isEmpty();
  }

  @Test
  void aFileIsImportedAndItsSecretsGoIntoADataSource() {
    String secret = server.secret("s3cret-of-the-shop");
    String datax =
        """
        {"job": {"content": [{
          "reader": {"name": "mysqlreader", "parameter": {"username": "shop", "password": "%s",
            "column": ["id"],
            "connection": [{"table": ["orders"], "jdbcUrl": ["jdbc:mysql://db/shop"]}]}},
          "writer": {"name": "streamwriter", "parameter": {"print": false}}}],
          "setting": {"speed": {"channel": 1}}}}
        """
            .formatted(secret);
    Reply made = post("/tasks/import", developer, Map.of("name", "shop", "text", datax));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.body()).doesNotContain(secret);
    assertThat(made.json().path("dataSources").path(0).asText()).isEqualTo("shop_mysql");
    Reply source = get("/datasources/shop_mysql");
    assertThat(source.json().path("options").path("password").asText()).isEqualTo("***");
    post("/tasks/import", developer, Map.of("name", "shop", "text", datax)).isProblem(409);
    // A name that no task may have leaves no data source behind.
    post("/tasks/import", developer, Map.of("name", "(x)", "text", datax)).isProblem(422);
    assertThat(get("/datasources").json().path("total").asInt()).isEqualTo(1);
  }

  @Test
  void aPreviewShowsTheNextTenTimesAndTheirValues() {
    long id = draft("orders", definition(DAILY));
    JsonNode preview = get("/tasks/" + id + "/preview").json();
    assertThat(preview.path("cron").asText()).isEqualTo("0 30 2 * * ?");
    assertThat(preview.path("rows")).hasSize(10);
    JsonNode first = preview.path("rows").path(0);
    assertThat(first.path("at").asText()).isEqualTo("2026-11-23T02:30:00Z");
    assertThat(first.path("businessDate").asText()).isEqualTo("2026-11-22");
    assertThat(first.path("parameters").path("dt").asText()).isEqualTo("20261122");
    Map<String, Object> yearly =
        Map.of(
            "cycle",
            Map.of("every", "year", "days", List.of("02-29"), "time", "01:00"),
            "zone",
            "UTC");
    Reply given =
        post("/tasks/preview", developer, Map.of("name", "x", "definition", definition(yearly)));
    assertThat(given.json().path("rows").findValuesAsText("businessDate"))
        .startsWith("2028-02-28", "2032-02-28")
        .hasSize(10);
    Reply byHand =
        post("/tasks/preview", developer, Map.of("name", "x", "definition", definition(null)));
    assertThat(byHand.json().path("rows").findValuesAsText("businessDate"))
        .containsExactly("2026-11-21");
    Map<String, Object> wrong =
        Map.of("cycle", Map.of("every", "fortnight", "time", "01:00"), "zone", "UTC");
    assertThat(
            post("/tasks/preview", developer, Map.of("name", "x", "definition", definition(wrong)))
                .isProblem(422)
                .body())
        .contains("schedule.cycle.every");
  }

  @Test
  void tasksAreListedByCursorAndFilter() {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, draft("task-" + i, definition(null)));
    }
    List<Long> seen = new ArrayList<>();
    String next = "";
    do {
      JsonNode part = get("/tasks?size=2" + (next.isEmpty() ? "" : "&cursor=" + next)).json();
      part.path("items").forEach(item -> seen.add(item.path("id").asLong()));
      next = part.path("next").asText("");
    } while (!next.isEmpty() && !next.equals("null"));
    assertThat(seen).isEqualTo(ids);
    long id = ids.get(4);
    Reply described =
        send(
            "PUT",
            "/tasks/" + id,
            developer,
            Map.of(
                "revision", 1, "owner", "ann", "description", "d", "labels", List.of("a", "b_c")));
    assertThat(described.status()).as(described.body()).isEqualTo(200);
    post("/tasks/" + id + "/publish", developer, Map.of());
    for (String filter :
        List.of("name=TASK-0", "owner=ann", "label=b_c", "published=true", "label=a&owner=ann")) {
      assertThat(get("/tasks?" + filter).json().path("items").findValuesAsText("id"))
          .as(filter)
          .containsExactly(Long.toString(id));
    }
    assertThat(get("/tasks?label=bxc").json().path("items")).isEmpty();
    assertThat(get("/tasks?name=%25").json().path("items")).isEmpty();
    get("/tasks?cursor=nonsense").isProblem(400);
  }

  @Test
  void aTaskIsDeletedOnlyWhenNothingNeedsIt() throws Exception {
    long up = task("up", null);
    Map<String, Object> dependent = definition(null);
    dependent.put("dependencies", List.of(Map.of("task", "up", "kind", "SAME_CYCLE")));
    long down = draft("down", dependent);
    post("/tasks/" + down + "/publish", developer, Map.of());
    assertThat(send("DELETE", "/tasks/" + up, developer, null).isProblem(409).body())
        .contains("[down]");
    scene.scheduler.start();
    long instance = run(down);
    ApiScene.Attempt attempt = scene.next();
    assertThat(send("DELETE", "/tasks/" + down, developer, null).isProblem(409).body())
        .contains("1 instance of task 'down' runs");
    attempt.end(io.millrace.engine.attempt.RunState.SUCCESS);
    assertThat(state(instance)).isEqualTo("SUCCEEDED");
    assertThat(send("DELETE", "/tasks/" + down, developer, null).status()).isEqualTo(204);
    assertThat(send("DELETE", "/tasks/" + up, developer, null).status()).isEqualTo(204);
    get("/tasks/" + up).isProblem(404);
    // What it did is kept, and the name is free.
    assertThat(get("/instances/" + instance).json().path("instance").path("task").asText())
        .isEqualTo("down (deleted " + down + ")");
    draft("up", definition(null));
  }

  private long instances() {
    return server
        .database()
        .<Long, RuntimeException>with(
            handle -> handle.createQuery("SELECT COUNT(*) FROM instance").mapTo(Long.class).one());
  }

  @Test
  void whatIsMissingIsReportedAndMade() {
    long id = task("orders", DAILY);
    scene.clock.advance(Duration.ofHours(14));
    scene.scheduler.start();
    post("/tasks/" + id + "/freeze", operator, null);
    assertThat(get("/tasks/" + id).json().path("task").path("frozen").asBoolean()).isTrue();
    // They are made in the background.
    await().atMost(Duration.ofSeconds(30)).until(() -> instances() > 0);
    server
        .database()
        .<RuntimeException>useTransaction(handle -> handle.execute("DELETE FROM instance"));
    String range = "from=2026-11-22T00:00:00Z&to=2026-12-22T00:00:00Z";
    JsonNode report = get("/tasks/" + id + "/reconciliation?" + range).json();
    int missing = report.path("missing").size();
    assertThat(missing).as(report.toString()).isPositive();
    Map<String, Object> body = Map.of("from", "2026-11-22T00:00:00Z", "to", "2026-12-22T00:00:00Z");
    Reply repaired = post("/tasks/" + id + "/reconciliation", operator, body);
    assertThat(repaired.json().path("missing")).as(repaired.body()).hasSize(missing);
    assertThat(get("/tasks/" + id + "/reconciliation?" + range).json().path("missing")).isEmpty();
    get("/tasks/" + id + "/reconciliation?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z")
        .isProblem(400);
  }
}
