package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.server.TestCaller;
import io.millrace.server.TestServer;
import io.millrace.server.TestServer.Reply;
import io.millrace.server.security.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with a scheduler, and the words that its tests share. */
abstract class ApiTest {

  static final String SCRIPT =
      """
      reader:
        stream:
          sliceRecordCount: 1
          column: [{type: string, value: "${dt}"}]
      writer:
        stream: {print: false}
      setting: {channels: 2}
      """;

  static final Map<String, Object> DAILY =
      Map.of("cycle", Map.of("every", "day", "time", "02:30"), "zone", "UTC");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  TestServer server;
  ApiScene scene;
  TestCaller admin;
  TestCaller developer;
  TestCaller operator;

  ApiScene scene(io.millrace.scheduler.store.Database database) {
    return new ApiScene(database, directory);
  }

  @BeforeEach
  void start() {
    server =
        new TestServer(
            database -> {
              scene = scene(database);
              return scene.routes;
            });
    admin = server.logins().session(Role.ADMIN);
    developer = server.logins().session(Role.DEVELOPER);
    operator = server.logins().session(Role.OPERATOR);
  }

  @AfterEach
  void stop() {
    scene.close();
    server.close();
  }

  Reply get(String path) {
    return server.get("/api/v1" + path, server.logins().session(Role.VIEWER));
  }

  Reply post(String path, TestCaller caller, @Nullable Object body) {
    return send("POST", path, caller, body);
  }

  Reply send(String method, String path, TestCaller caller, @Nullable Object body) {
    return server.send(method, "/api/v1" + path, caller, body == null ? null : json(body));
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static Map<String, Object> definition(@Nullable Map<String, Object> schedule) {
    Map<String, Object> definition =
        new java.util.LinkedHashMap<>(
            Map.of("script", SCRIPT, "parameters", Map.of("dt", "$bizdate")));
    if (schedule != null) {
      definition.put("schedule", schedule);
    }
    return definition;
  }

  /** Makes and publishes a task; its id. */
  long task(String name, @Nullable Map<String, Object> schedule) {
    long id = draft(name, definition(schedule));
    Reply published = post("/tasks/" + id + "/publish", developer, Map.of("note", "first"));
    assertThat(published.status()).as(published.body()).isEqualTo(200);
    return id;
  }

  /** Makes a task; its id. */
  long draft(String name, Map<String, Object> definition) {
    Reply made = post("/tasks", developer, Map.of("name", name, "definition", definition));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.header("Location")).isEqualTo("/api/v1/tasks/" + made.json().path("id"));
    return made.json().path("id").asLong();
  }

  long revision(long task) {
    return get("/tasks/" + task).json().path("task").path("revision").asLong();
  }

  /** Runs a task now; the instance's id. */
  long run(long task) {
    Reply made = post("/tasks/" + task + "/run", operator, null);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().path("instance").asLong();
  }

  String state(long instance) {
    return get("/instances/" + instance).json().path("instance").path("state").asText();
  }

  /** What the audit says, the newest first: who, action, subject, why. */
  List<String> audit() {
    return server
        .get("/api/v1/audit?size=500", admin)
        .json()
        .path("items")
        .findParents("who")
        .stream()
        .map(
            entry ->
                entry.path("who").asText()
                    + " "
                    + entry.path("action").asText()
                    + " "
                    + entry.path("subject").asText()
                    + " "
                    + entry.path("why").asText())
        .toList();
  }
}
