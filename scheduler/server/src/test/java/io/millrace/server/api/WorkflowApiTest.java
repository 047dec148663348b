package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.attempt.RunState;
import io.millrace.server.TestServer.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowApiTest extends ApiTest {

  private long workflow(String name) {
    return post("/workflows", developer, Map.of("name", name)).json().path("id").asLong();
  }

  private void add(long workflow, long task) {
    assertThat(send("PUT", "/workflows/" + workflow + "/tasks/" + task, developer, null).status())
        .isEqualTo(200);
  }

  /** Drafts of which the second waits for the first. */
  private long two() {
    long workflow = workflow("night");
    add(workflow, draft("up", definition(null)));
    Map<String, Object> down = definition(null);
    down.put("dependencies", List.of(Map.of("task", "up", "kind", "SAME_CYCLE")));
    add(workflow, draft("down", down));
    return workflow;
  }

  @Test
  void aWorkflowIsPublishedAndRunAsOne() throws Exception {
    long workflow = two();
    Reply published =
        send(
            "POST",
            "/workflows/" + workflow + "/publish",
            developer.with("Millrace-Reason", "go live"),
            Map.of());
    assertThat(published.json().toString())
        .isEqualTo("[{\"task\":\"up\",\"version\":1},{\"task\":\"down\",\"version\":1}]");
    JsonNode shown = get("/workflows/" + workflow).json();
    assertThat(shown.path("workflow").path("tasks").asInt()).isEqualTo(2);
    assertThat(shown.path("tasks").findValuesAsText("workflow")).containsExactly("night", "night");
    assertThat(shown.path("edges").toString())
        .isEqualTo("[{\"task\":\"down\",\"upstream\":\"up\",\"kind\":\"SAME_CYCLE\"}]");
    scene.scheduler.start();
    JsonNode made =
        post("/workflows/" + workflow + "/run", operator, null).json().path("instances");
    assertThat(made.findValuesAsText("task")).containsExactly("up", "down");
    ApiScene.Attempt first = scene.next();
    assertThat(first.order.task()).isEqualTo("up");
    assertThat(scene.attempts).isEmpty();
    first.end(RunState.SUCCESS);
    ApiScene.Attempt second = scene.next();
    assertThat(second.order.task()).isEqualTo("down");
    second.end(RunState.SUCCESS);
    assertThat(state(made.path(1).path("instance").asLong())).isEqualTo("SUCCEEDED");
    assertThat(get("/instances?workflow=night").json().path("items")).hasSize(2);
    assertThat(get("/instances?workflow=day").json().path("items")).isEmpty();
    assertThat(audit())
        .contains(
            "test-developer workflow.create workflow/night ",
            "test-developer workflow.add workflow/night ",
            "test-developer task.publish task/down go live",
            "test-operator task.run task/up ");
  }

  @Test
  void aTestRunsEveryTaskForItsDate() throws Exception {
    long workflow = two();
    Map<String, String> date = Map.of("businessDate", "2026-03-01");
    post("/workflows/" + workflow + "/test", operator, date).isProblem(422);
    post("/workflows/" + workflow + "/publish", developer, Map.of());
    Reply made = post("/workflows/" + workflow + "/test", operator, date);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    for (JsonNode one : made.json().path("instances")) {
      JsonNode instance =
          get("/instances/" + one.path("instance").asLong()).json().path("instance");
      assertThat(instance.path("businessDate").asText()).isEqualTo("2026-03-01");
      assertThat(instance.path("kind").asText()).isEqualTo("TEST");
    }
  }

  @Test
  void oneBadDraftKeepsTheOthersFromBeingPublished() {
    long workflow = two();
    Map<String, Object> bad = definition(null);
    bad.put("dependencies", List.of(Map.of("task", "nowhere", "kind", "SAME_CYCLE")));
    add(workflow, draft("bad", bad));
    assertThat(
            post("/workflows/" + workflow + "/publish", developer, Map.of()).isProblem(422).body())
        .contains("'bad' depends on 'nowhere'");
    assertThat(get("/tasks?published=true").json().path("items")).isEmpty();
  }

  @Test
  void workflowsAreListedDescribedAndDeletedWithoutTheirTasks() {
    long night = two();
    long empty = workflow("Empty one");
    assertThat(get("/workflows").json().path("items").findValuesAsText("name"))
        .containsExactly("Empty one", "night");
    assertThat(get("/workflows?name=EMPTY").json().path("items").findValuesAsText("id"))
        .containsExactly(Long.toString(empty));
    assertThat(get("/workflows?name=%25").json().path("items")).isEmpty();
    assertThat(get("/tasks?workflow=night").json().path("items")).hasSize(2);
    assertThat(get("/tasks?workflow=Empty%20one").json().path("items")).isEmpty();
    Map<String, Object> said = Map.of("revision", 3, "owner", "ann", "description", "all");
    JsonNode described = send("PUT", "/workflows/" + night, developer, said).json();
    assertThat(described.path("owner").asText()).isEqualTo("ann");
    send("PUT", "/workflows/" + night, developer, said).isProblem(409);
    assertThat(get("/workflows?owner=ann").json().path("items")).hasSize(1);
    post("/workflows", developer, Map.of("name", "night")).isProblem(409);
    post("/workflows", developer, Map.of("name", "(x)")).isProblem(422);
    long up = get("/tasks?name=up").json().path("items").path(0).path("id").asLong();
    assertThat(
            send("PUT", "/workflows/" + empty + "/tasks/" + up, developer, null)
                .isProblem(409)
                .body())
        .contains("belongs to workflow 'night'");
    send("DELETE", "/workflows/" + empty + "/tasks/" + up, developer, null).isProblem(409);
    assertThat(send("DELETE", "/workflows/" + night, developer, null).status()).isEqualTo(204);
    get("/workflows/" + night).isProblem(404);
    JsonNode kept = get("/tasks/" + up).json().path("task");
    assertThat(kept.has("workflow")).as(kept.toString()).isFalse();
    post("/workflows/" + empty + "/run", operator, null).isProblem(422);
    send("PUT", "/workflows/" + empty + "/tasks/999999", developer, null).isProblem(404);
  }
}
