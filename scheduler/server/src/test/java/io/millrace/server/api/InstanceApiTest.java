package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.attempt.RunState;
import io.millrace.server.TestServer.Reply;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class InstanceApiTest extends ApiTest {

  @Test
  void anInstanceIsShownWithItsValuesItsAttemptsAndItsReasons() throws Exception {
    long task = task("orders", null);
    // Two slots each, in a group of three.
    send("PUT", "/groups/default", admin, Map.of("slots", 3, "backfillMinimum", 0));
    scene.scheduler.start();
    long first = run(task);
    ApiScene.Attempt attempt = scene.next();
    long second = run(task);
    assertThat(get("/instances/" + second + "/waiting").json().path("reasons").toString())
        .contains("needs 2 of 3 slots", "held by instances (slots) " + first + " (2)");
    JsonNode queue = get("/groups/default/queue").json();
    assertThat(queue.path("holders").findValuesAsText("id")).containsExactly("" + first);
    assertThat(queue.path("queue").findValuesAsText("id")).containsExactly("" + second);
    assertThat(queue.path("group").path("used").asInt()).isEqualTo(2);
    assertThat(queue.path("group").path("waiting").asInt()).isEqualTo(1);
    JsonNode shown = get("/instances/" + first).json();
    assertThat(shown.path("parameters").path("dt").asText()).isEqualTo("20261121");
    assertThat(shown.path("allowed").toString()).isEqualTo("[\"STOP\"]");
    attempt.end(RunState.SUCCESS);
    // The one that waited gets the slots; more capacity would have done as well.
    assertThat(scene.next().order.instanceId()).isEqualTo(second);
    assertThat(get("/instances/" + first + "/attempts").json().findValuesAsText("recordsRead"))
        .containsExactly("3");
    assertThat(get("/instances/" + first + "/waiting").json().path("reasons").toString())
        .isEqualTo("[\"it does not wait: it has ended, and is SUCCEEDED\"]");
    get("/instances/999").isProblem(404);
    get("/instances/999/waiting").isProblem(404);
  }

  @Test
  void instancesAreFilteredByEverythingThatTellsThemApart() {
    long orders = task("orders", DAILY);
    long other = task("other", null);
    long manual = run(other);
    Reply test = post("/tasks/" + orders + "/test", operator, Map.of("businessDate", "2026-03-01"));
    String tested = test.json().path("instance").asText();
    for (String filter :
        List.of(
            "kind=test",
            "from=2026-03-01&to=2026-03-01",
            "to=2026-03-02",
            "task=orders&kind=TEST,MANUAL",
            "taskId=" + orders + "&kind=TEST&owner=test-developer&group=default")) {
      assertThat(get("/instances?" + filter).json().path("items").findValuesAsText("id"))
          .as(filter)
          .containsExactly(tested);
    }
    assertThat(
            get("/instances?state=WAITING_FOR_RESOURCES&task=other")
                .json()
                .path("items")
                .findValuesAsText("id"))
        .containsExactly("" + manual);
    assertThat(get("/instances?owner=nobody").json().path("items")).isEmpty();
    assertThat(get("/instances?backfill=1").json().path("items")).isEmpty();
    get("/instances?state=SLEEPING").isProblem(400);
    get("/instances?from=yesterday").isProblem(400);
  }

  @Test
  void operationsGiveAResultForEachInstanceAndAreAudited() throws Exception {
    long task = task("orders", null);
    long instance = run(task);
    assertThat(operate("freeze", Map.of("ids", List.of(instance, 999), "why", "look first")))
        .isEqualTo("true, false there is no instance 999");
    assertThat(state(instance)).isEqualTo("FROZEN");
    assertThat(operate("priority", Map.of("ids", List.of(instance), "priority", 9, "why", "")))
        .isEqualTo("true");
    assertThat(operate("unfreeze", Map.of("ids", List.of(instance)))).isEqualTo("true");
    assertThat(operate("set-succeeded", Map.of("ids", List.of(instance))))
        .startsWith("false instance " + instance + " is WAITING_FOR_RESOURCES");
    scene.scheduler.start();
    ApiScene.Attempt attempt = scene.next();
    assertThat(operate("stop", Map.of("ids", List.of(instance), "why", "too slow")))
        .isEqualTo("true");
    Awaitility.await().until(() -> state(instance).equals("FAILED"));
    assertThat(operate("set-succeeded", Map.of("ids", List.of(instance)))).isEqualTo("true");
    assertThat(attempt.order.attempt()).isEqualTo(1);
    Reply again =
        post(
            "/instances/rerun",
            operator,
            Map.of("ids", List.of(instance), "again", "ANEW", "why", "once more"));
    assertThat(again.text("warning")).contains("double");
    scene.next().end(RunState.SUCCESS);
    Awaitility.await().until(() -> state(instance).equals("SUCCEEDED"));
    assertThat(operate("rerun", Map.of("ids", List.of(instance), "again", "CONTINUE", "why", "")))
        .contains("there is nothing to continue");
    for (String more : List.of("rerun-downstream", "force-rerun")) {
      assertThat(operate(more, Map.of("ids", List.of(instance), "again", "ANEW")))
          .isEqualTo("true");
      scene.next().end(RunState.SUCCESS);
      Awaitility.await().until(() -> state(instance).equals("SUCCEEDED"));
    }
    assertThat(operate("remove-dependencies", Map.of("ids", List.of(instance))))
        .contains("needs one of [NOT_RUN]");
    post("/instances/stop", operator, Map.of("ids", List.of())).isProblem(400);
    post("/instances/stop", operator, Map.of("ids", java.util.Arrays.asList(1, null)))
        .isProblem(400);
    assertThat(audit())
        .contains(
            "test-operator FREEZE instance " + instance + " look first",
            "test-operator STOP instance " + instance + " too slow",
            "test-operator RERUN instance " + instance + " once more");
  }

  private String operate(String operation, Map<String, Object> body) {
    Reply reply = post("/instances/" + operation, operator, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    StringBuilder results = new StringBuilder();
    reply
        .json()
        .path("results")
        .forEach(
            one ->
                results
                    .append(results.isEmpty() ? "" : ", ")
                    .append(one.path("done").asText())
                    .append(" ")
                    .append(one.path("refusal").asText()));
    return results.toString().replace(" ,", ",").strip();
  }

  @Test
  void logsAreShownDownloadedAndFollowedToTheirEnd() throws Exception {
    long task = task("orders", null);
    scene.scheduler.start();
    long instance = run(task);
    ApiScene.Attempt attempt = scene.next();
    Path log = attempt.directory().resolve(io.millrace.engine.runlog.RunLog.FILE_NAME);
    Files.writeString(log, "first\n");
    Path dirty = Files.createDirectories(attempt.directory().resolveSibling("dirty"));
    Files.writeString(dirty.resolve("s.0-1.jsonl"), "{\"a\":1}\n{\"a\":2}\n");
    String path = "/instances/" + instance + "/attempts/1";
    assertThat(get(path + "/log").text("text")).isEqualTo("first\n");
    Reply whole = get(path + "/log/download");
    assertThat(whole.body()).isEqualTo("first\n");
    assertThat(whole.header("Content-Disposition"))
        .startsWith("attachment; filename=instance-" + instance + "-1-");
    get(path + "/log?file=SPLIT").isProblem(404);
    get(path + "/log?file=/etc/passwd").isProblem(400);
    get("/instances/" + instance + "/attempts/2/log").isProblem(404);
    Reply page = send("GET", path + "/dirty-records?size=1", operator, null);
    assertThat(page.json().path("records").path(0).path("json").asText()).isEqualTo("{\"a\":1}");
    String next = java.net.URLEncoder.encode(page.text("next"), StandardCharsets.UTF_8);
    Reply rest = send("GET", path + "/dirty-records?cursor=" + next, operator, null);
    assertThat(rest.json().findValuesAsText("json")).containsExactly("{\"a\":2}");

    HttpResponse<java.io.InputStream> stream = open(path + "/log/tail");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      until(lines, "data: first");
      Files.writeString(log, "second\n", StandardOpenOption.APPEND);
      until(lines, "data: second");
      attempt.end(RunState.SUCCESS);
      until(lines, "event: end");
    }
  }

  @Test
  void eventsTellOfEachChange() throws Exception {
    long task = task("orders", null);
    HttpResponse<java.io.InputStream> stream = open("/events");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      // The first heartbeat is sent before the client listens.
      until(lines, ":");
      Awaitility.await()
          .until(
              () -> {
                run(task);
                return lines.ready();
              });
      assertThat(until(lines, "data: ")).contains("\"state\":\"WAITING_FOR_RESOURCES\"");
      scene.scheduler.start();
      ApiScene.Attempt attempt = scene.next();
      String instance = "{\"id\":" + attempt.instanceId() + ",";
      assertThat(untilHas(lines, instance, "\"state\":\"RUNNING\"")).contains("MANUAL");
      attempt.end(RunState.SUCCESS);
      assertThat(untilHas(lines, instance, "\"state\":\"SUCCEEDED\"")).contains("MANUAL");
    }
  }

  @Test
  void aBackfillThatEndsAsItsMakerWantedToKnowIsAnAlert() throws Exception {
    task("orders", DAILY);
    scene.scheduler.start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open("/events").body(), StandardCharsets.UTF_8))) {
      until(lines, ":");
      for (String alert : new String[] {"FAILURE", "SUCCESS"}) {
        Reply made =
            post(
                "/backfills",
                operator,
                java.util.Map.of(
                    "task",
                    "orders",
                    "name",
                    "told of " + alert,
                    "alert",
                    alert,
                    "existing",
                    "ALL",
                    "ranges",
                    java.util.List.of(java.util.Map.of("from", "2026-11-01", "to", "2026-11-01"))));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        scene.next().end(RunState.SUCCESS);
      }
      until(lines, "event: alert");
      assertThat(until(lines, "data: "))
          .contains(
              "\"type\":\"BACKFILL_SUCCEEDED\"", "told of SUCCESS", "\"by\":\"test-operator\"");
    }
    assertThat(server.logged())
        .filteredOn(event -> event.getFormattedMessage().startsWith("Backfill "))
        .singleElement()
        .asString()
        .contains("'told of SUCCESS' of test-operator has succeeded");
  }

  private HttpResponse<java.io.InputStream> open(String path) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/api/v1" + path));
    operator.headers().forEach(request::setHeader);
    HttpResponse<java.io.InputStream> response =
        server.client().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response;
  }

  private static String untilHas(BufferedReader lines, String one, String other) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(one) && line.contains(other)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended before " + other);
  }

  private static String until(BufferedReader lines, String beginning) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended before " + beginning);
  }
}
