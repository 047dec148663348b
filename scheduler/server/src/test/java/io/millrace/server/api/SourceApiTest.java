package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.server.TestServer.Reply;
import io.millrace.server.security.Role;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.sample.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SourceApiTest extends ApiTest {

  private static final Map<String, Object> NOTHING_SAID = Map.of();

  @AfterEach
  void letTheDeafGoOn() {
    scene.troubled.end.countDown();
  }

  private static Map<String, Object> reading(String table) {
    return Map.of(
        "script",
        "reader:\n  memory: {table: '" + table + "', splitRecords: 7}\nwriter:\n  stream: {}\n");
  }

  /** A look at a reader alone. */
  private Reply look(String script) {
    return post("/tasks/source", developer, Map.of("definition", Map.of("script", script)));
  }

  private void troubledSource(String secret) {
    Map<String, Object> source =
        Map.of("name", "behind", "type", "troubled", "options", Map.of("sesame", secret));
    assertThat(post("/datasources", developer, source).status()).isEqualTo(201);
  }

  private static List<@Nullable String> values(JsonNode record) {
    List<@Nullable String> values = new ArrayList<>();
    record.forEach(value -> values.add(value.isNull() ? null : value.asText()));
    return values;
  }

  @Test
  void aDevelopersLookShowsColumnsInATasksWordsAndTheFirstRecordsAndIsAudited() {
    scene.memory.table("orders", Sample.plain(50));
    long id = draft("orders", reading("orders"));
    Reply reply = post("/tasks/" + id + "/source", developer, NOTHING_SAID);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonNode seen = reply.json();
    assertThat(seen.path("connector").asText()).isEqualTo("memory");
    assertThat(seen.path("businessDate").asText()).isEqualTo("2026-11-21");
    assertThat(seen.path("columns").findValuesAsText("name"))
        .containsExactly("id", "name", "amount");
    assertThat(seen.path("columns").findValuesAsText("type"))
        .containsExactly("long", "string", "decimal(12,2)");
    assertThat(seen.path("columns").findValuesAsText("nullable"))
        .containsExactly("false", "true", "true");
    assertThat(seen.at("/columns/1/maxLength").asInt()).isEqualTo(100);
    assertThat(seen.path("records")).hasSize(20);
    // A text that is called NULL is a text.
    assertThat(values(seen.at("/records/9"))).containsExactly("9", "NULL", null);
    assertThat(values(seen.at("/records/12"))).containsExactly("12", null, "-2.16");
    assertThat(seen.path("dirty")).isEmpty();
    assertThat(
            post("/tasks/" + id + "/source", developer, Map.of("records", 200))
                .json()
                .path("records"))
        .hasSize(50);
    assertThat(audit()).contains("test-developer task.look task/orders ");
    String detail =
        server.get("/api/v1/audit?action=task.look", admin).json().at("/items/1/detail").asText();
    assertThat(detail)
        .contains("the draft, 20 records for 2026-11-21 of memory", "\"table\":\"orders\"");
  }

  @Test
  void onlyWhoMayWriteATaskLooksAtASourceAndNobodyElseReadsByIt() {
    scene.memory.table("orders", Sample.plain(5));
    long id = draft("orders", reading("orders"));
    Map<String, Object> unsaved = Map.of("definition", reading("orders"));
    for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
      post("/tasks/" + id + "/source", server.logins().session(role), NOTHING_SAID).isProblem(403);
      post("/tasks/source", server.logins().session(role), unsaved).isProblem(403);
      post("/tasks/source", server.logins().token(role), unsaved).isProblem(403);
    }
    assertThat(audit()).noneMatch(entry -> entry.contains("task.look"));
    assertThat(post("/tasks/source", developer, unsaved).status()).isEqualTo(200);
    post("/tasks/999/source", developer, NOTHING_SAID).isProblem(404);
  }

  @Test
  void aPublishedVersionIsLookedAtWhereItIsAskedFor() {
    scene.memory.table("first", Sample.plain(1));
    scene.memory.table("second", Sample.plain(2));
    long id = draft("orders", reading("first"));
    assertThat(post("/tasks/" + id + "/publish", developer, Map.of()).status()).isEqualTo(200);
    send(
        "PUT",
        "/tasks/" + id + "/draft",
        developer,
        Map.of("revision", revision(id), "definition", reading("second")));
    String path = "/tasks/" + id + "/source";
    assertThat(post(path, developer, NOTHING_SAID).json().path("records")).hasSize(2);
    assertThat(post(path, developer, Map.of("version", 1)).json().path("records")).hasSize(1);
    post(path, developer, Map.of("version", 7)).isProblem(404);
  }

  @Test
  void aReaderThatIsNotSavedNeedsNoWriterAndGetsTheValuesOfABusinessDate() {
    scene.memory.table("day-20261105-0230", Sample.plain(3));
    Map<String, Object> definition =
        Map.of(
            "script",
            "reader: {memory: {table: 'day-${bizdate}-${hour}'}}",
            "parameters",
            Map.of("hour", "$[hh24mi]"),
            "schedule",
            DAILY);
    Reply reply =
        post(
            "/tasks/source",
            developer.with("Millrace-Reason", "form"),
            Map.of("name", "orders", "definition", definition, "businessDate", "2026-11-05"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("records")).hasSize(3);
    assertThat(audit()).contains("test-developer task.look unsaved/orders form");
    // It may be kept as a draft, but not published.
    long id = draft("orders", definition);
    assertThat(post("/tasks/" + id + "/publish", developer, Map.of()).isProblem(422).body())
        .contains("writer is missing");
  }

  @Test
  void theColumnsAloneReadNothing() {
    MemoryTable table = scene.memory.table("orders", Sample.plain(5));
    table.faults().failReadAt(0, 1_000);
    long id = draft("orders", reading("orders"));
    Reply reply = post("/tasks/" + id + "/source", developer, Map.of("records", 0));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("columns")).hasSize(3);
    assertThat(reply.json().path("records")).isEmpty();
    for (int wrong : List.of(-1, 201)) {
      assertThat(
              post("/tasks/" + id + "/source", developer, Map.of("records", wrong))
                  .isProblem(400)
                  .json()
                  .path("field")
                  .asText())
          .isEqualTo("records");
    }
    assertThat(post("/tasks/" + id + "/source", developer, NOTHING_SAID).isProblem(503).body())
        .contains("the connection was lost at record 0");
  }

  @Test
  void longValuesAreCutLargeAnswersEndAndDirtyRecordsSayWhy() {
    MemoryTable table =
        scene.memory.table(
            "texts",
            Schema.of(Field.of("id", ColumnType.INT64), Field.of("text", ColumnType.STRING)));
    RecordBatch batch = new RecordBatch(table.schema(), Integer.MAX_VALUE, Integer.MAX_VALUE);
    RecordView.append(batch, 0, 0L, "€".repeat(999) + "😀😀");
    RecordView.append(batch, 1, 1L, "unreadable");
    RecordView.append(batch, 2, 2L, "x".repeat(2 << 20));
    for (long i = 3; i < 300; i++) {
      RecordView.append(batch, i, i, "y".repeat(1_500));
    }
    table.append(batch);
    table.faults().unreadable(1);
    JsonNode seen =
        post("/tasks/source", developer, Map.of("definition", reading("texts"), "records", 200))
            .json();
    // Between the halves of a character nothing is cut.
    assertThat(seen.at("/records/0/1").asText()).isEqualTo("€".repeat(999));
    assertThat(seen.at("/cut/0/column").asText()).isEqualTo("text");
    assertThat(seen.at("/cut/0/record").asInt()).isZero();
    assertThat(seen.at("/cut/0/bytes").asInt()).isEqualTo(999 * 3 + 8);
    assertThat(seen.at("/records/1/0").asText()).isEqualTo("3");
    assertThat(seen.at("/records/1/1").asText()).isEqualTo("y".repeat(1_000));
    assertThat(seen.path("dirty").toString())
        .contains("1: the test made it unreadable", "2: text: the value has 2097152 bytes");
    assertThat(seen.path("records").size()).isBetween(99, 102);
    assertThat(seen.path("notes").toString())
        .contains("more than 100000 characters", "a look takes values of up to 1,048,576 bytes");
  }

  @Test
  void aSourceOfNothingButDirtyRecordsIsNotReadToItsEnd() {
    MemoryTable table = scene.memory.table("bad", Sample.plain(1_000));
    for (long i = 0; i < 999; i++) {
      table.faults().unreadable(i);
    }
    table.faults().failReadAt(500, 1_000);
    JsonNode seen =
        post("/tasks/source", developer, Map.of("definition", reading("bad"), "records", 9)).json();
    assertThat(seen.path("dirty")).hasSize(9);
    assertThat(seen.path("records")).isEmpty();
    assertThat(seen.path("notes").toString()).contains("ended after 9 dirty records");
  }

  @Test
  void whatIsWrongIsToldInOneLineAndHoldsNoSecret() {
    assertThat(look("reader: {memory: {table: nowhere}}").isProblem(422).json().path("detail"))
        .hasToString("\"no table 'nowhere' in memory; there are []\"");
    assertThat(look("reader: {memory: {tabel: t}}").isProblem(422).body())
        .contains("did you mean 'table'?");
    assertThat(look("reader: {nosuch: {}}").isProblem(422).body())
        .contains("no connector is called 'nosuch'");
    assertThat(look("reader: {memory: {datasource: gone}}").isProblem(422).body())
        .contains("does not exist");
    assertThat(look("{}").isProblem(422).body()).contains("reader is missing");
    assertThat(look(" ").isProblem(400).json().path("field").asText()).isEqualTo("script");
    assertThat(look("reader: {memory: {table: {file: /etc/passwd}}}").isProblem(422).body())
        .doesNotContain("root:");
    String secret = server.secret("hunter2hunter2");
    assertThat(look("reader: {memory: {table: t, password: " + secret + "}}").isProblem(422).body())
        .contains("holds a secret")
        .doesNotContain(secret);
    assertThat(
            look("reader: {troubled: {trouble: refused, sesame: " + secret + "}}")
                .isProblem(422)
                .body())
        .contains("holds a secret")
        .doesNotContain(secret);
    troubledSource(secret);
    assertThat(
            look("reader: {troubled: {trouble: refused, datasource: behind}}")
                .isProblem(503)
                .body())
        .contains("cannot log in with ***")
        .doesNotContain(secret);
    assertThat(
            look("reader: {troubled: {trouble: broken, datasource: behind}}").isProblem(500).body())
        .contains("trace")
        .doesNotContain(secret);
    assertThat(server.get("/api/v1/audit?size=500", admin).body()).doesNotContain(secret);
  }

  @Test
  void aSourceThatDoesNotAnswerIsLeftInTimeAndFewAreLookedAtAtOnce() throws Exception {
    MemoryTable table = scene.memory.table("slow", Sample.plain(5));
    table.faults().block();
    Map<String, Object> body = Map.of("definition", reading("slow"));
    CompletableFuture<Reply> first =
        CompletableFuture.supplyAsync(() -> post("/tasks/source", developer, body));
    CompletableFuture<Reply> second =
        CompletableFuture.supplyAsync(() -> post("/tasks/source", developer, body));
    await().until(() -> scene.looks.running() == 2);
    Reply third = post("/tasks/source", developer, body).isProblem(429);
    assertThat(third.header("Retry-After")).isEqualTo("5");
    for (CompletableFuture<Reply> one : List.of(first, second)) {
      assertThat(one.get(20, TimeUnit.SECONDS).isProblem(503).body())
          .contains("gave no answer within 2 s");
    }
    // They were cancelled, and their places are free again.
    await().atMost(Duration.ofSeconds(10)).until(() -> scene.looks.running() == 0);
    table.faults().unblock();
    assertThat(post("/tasks/source", developer, body).status()).isEqualTo(200);
  }

  @Test
  void aConnectorThatHearsNobodyKeepsAPlaceButNoRequest() {
    troubledSource("xyz");
    String deaf = "reader: {troubled: {trouble: deaf, datasource: behind}}";
    look(deaf).isProblem(503);
    assertThat(scene.looks.running()).isEqualTo(1);
    look(deaf).isProblem(503);
    look(deaf).isProblem(429);
    scene.troubled.end.countDown();
    await().until(() -> scene.looks.running() == 0);
  }
}
