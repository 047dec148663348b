package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.server.TestServer.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups, data sources, backfills and the audit. */
class ResourceApiTest extends ApiTest {

  @Test
  void adminsMakeAndResizeGroups() {
    Map<String, Object> group =
        Map.of("name", "night", "kind", "CUSTOM", "slots", 4, "backfillMinimum", 1);
    assertThat(post("/groups", admin, group).status()).isEqualTo(201);
    post("/groups", admin, group).isProblem(409);
    post("/groups", developer, group).isProblem(403);
    Reply resized = send("PUT", "/groups/night", admin, Map.of("slots", 9, "backfillMinimum", 2));
    assertThat(resized.json().path("slots").asInt()).isEqualTo(9);
    send("PUT", "/groups/night", admin, Map.of("slots", -1, "backfillMinimum", 0)).isProblem(422);
    send("PUT", "/groups/nosuch", admin, Map.of("slots", 1, "backfillMinimum", 0)).isProblem(404);
    assertThat(get("/groups").json().findValuesAsText("name")).containsExactly("default", "night");
    assertThat(audit())
        .contains("test-admin group.create group/night ", "test-admin group.resize group/night ");
  }

  @Test
  void aDataSourceKeepsItsSecretToItself() {
    String secret = server.secret("s3cret-of-the-shop");
    Map<String, Object> options =
        Map.of("jdbcUrl", "jdbc:mysql://db/shop", "username", "shop", "password", secret);
    Reply made =
        post(
            "/datasources", developer, Map.of("name", "shop", "type", "mysql", "options", options));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.body()).doesNotContain(secret);
    for (String path : List.of("/datasources", "/datasources/shop", "/datasources?name=sh")) {
      assertThat(get(path).body()).contains("***").doesNotContain(secret);
    }
    Map<String, Object> changed =
        Map.of("jdbcUrl", "jdbc:mysql://db/shop", "username", "shop2", "password", "***");
    Map<String, Object> change = Map.of("revision", 1, "type", "mysql", "options", changed);
    Reply updated = send("PUT", "/datasources/shop", developer, change);
    assertThat(updated.json().path("revision").asInt()).as(updated.body()).isEqualTo(2);
    send("PUT", "/datasources/shop", developer, change).isProblem(409);
    assertThat(scene.dataSources.find("shop").orElseThrow()).containsEntry("password", secret);
    assertThat(post("/datasources/rotate-key", admin, null).json().path("secrets").asInt())
        .isEqualTo(1);
    post("/datasources/rotate-key", developer, null).isProblem(403);
    Reply renamed =
        post("/datasources/shop/rename", developer, Map.of("revision", 2, "name", "shop two"));
    assertThat(renamed.text("name")).as(renamed.body()).isEqualTo("shop two");
    assertThat(get("/datasources/shop%20two").status()).isEqualTo(200);
    get("/datasources/shop").isProblem(404);
    assertThat(send("DELETE", "/datasources/shop%20two", developer, null).status()).isEqualTo(204);
    assertThat(audit())
        .contains(
            "test-developer datasource.create datasource/shop ",
            "test-developer datasource.delete datasource/shop two ");
  }

  @Test
  void whoMayChangeADataSourceAcceptsItsServersCertificate() {
    Map<String, Object> options = Map.of("jdbcUrl", "jdbc:mysql://db/shop", "username", "shop");
    post("/datasources", developer, Map.of("name", "shop", "type", "mysql", "options", options));
    String before = "AA" + ":AA".repeat(31);
    String now = "BB" + ":BB".repeat(31);
    String path = "/datasources/shop/certificate";

    post(path, operator, Map.of("server", "db:3306", "fingerprint", before)).isProblem(403);
    post(path, developer, Map.of("server", "db", "fingerprint", before)).isProblem(422);
    post(path, developer, Map.of("server", "db:3306", "fingerprint", "BB")).isProblem(422);
    assertThat(post(path, developer, Map.of("server", "db:3306", "fingerprint", before)).status())
        .isEqualTo(200);
    Reply accepted = post(path, developer, Map.of("server", "db:3306", "fingerprint", now));

    assertThat(accepted.json().at("/certificates/0/fingerprint").asText())
        .as(accepted.body())
        .isEqualTo(now);
    assertThat(get("/datasources/shop").json().path("certificates")).hasSize(1);
    assertThat(audit()).contains("test-developer datasource.certificate datasource/shop ");
    post("/datasources/none/certificate", developer, Map.of("server", "db:1", "fingerprint", now))
        .isProblem(404);
  }

  @Test
  void nobodyGetsASecretBySendingItSomewhereElse() {
    String secret = server.secret("s3cret-of-the-shop");
    Map<String, Object> options =
        Map.of("jdbcUrl", "jdbc:mysql://db/shop", "username", "shop", "password", secret);
    post("/datasources", developer, Map.of("name", "shop", "type", "mysql", "options", options));

    for (Map<String, Object> evil :
        List.<Map<String, Object>>of(
            Map.of("jdbcUrl", "jdbc:mysql://evil/shop", "username", "shop", "password", "***"),
            Map.of("host", "evil", "username", "shop", "password", "***"))) {
      Reply refused =
          send(
              "PUT",
              "/datasources/shop",
              developer,
              Map.of("revision", 1, "type", "mysql", "options", evil));
      assertThat(refused.isProblem(422).body()).contains("give every secret again");
    }
    String script =
        "reader: {mysql: {datasource: shop, jdbcUrl: 'jdbc:mysql://evil/shop', table: t}}\n"
            + "writer: {stream: {}}\n";
    Reply look = post("/tasks/source", developer, Map.of("definition", Map.of("script", script)));
    assertThat(look.isProblem(422).body()).contains("sets 'jdbcUrl").doesNotContain(secret);
    Reply draft =
        post("/tasks", developer, Map.of("name", "evil", "definition", Map.of("script", script)));
    assertThat(draft.status()).as(draft.body()).isEqualTo(201);
    Reply published =
        post(
            "/tasks/" + draft.json().path("id").asLong() + "/publish",
            developer,
            Map.of("note", "x"));
    assertThat(published.isProblem(422).body()).contains("sets 'jdbcUrl").doesNotContain(secret);
  }

  @Test
  void aDataSourceThatAPublishedTaskUsesStays() {
    post(
        "/datasources",
        developer,
        Map.of("name", "out", "type", "stream", "options", Map.of("print", false)));
    Map<String, Object> definition = definition(null);
    definition.put("script", SCRIPT.replace("stream: {print: false}", "stream: {datasource: out}"));
    long id = draft("uses", definition);
    assertThat(get("/datasources/out/tasks").json()).isEmpty();
    Reply published = post("/tasks/" + id + "/publish", developer, Map.of());
    assertThat(published.status()).as(published.body()).isEqualTo(200);
    assertThat(get("/datasources/out/tasks").json().path(0).asText()).isEqualTo("uses");
    assertThat(send("DELETE", "/datasources/out", developer, null).isProblem(409).body())
        .contains("[uses]");
    post("/datasources/out/rename", developer, Map.of("revision", 1, "name", "in")).isProblem(409);
  }

  @Test
  void aBackfillIsPlannedMadePausedAndCancelled() {
    task("orders", DAILY);
    Map<String, Object> wanted =
        Map.of(
            "task",
            "orders",
            "ranges",
            List.of(Map.of("from", "2026-11-01", "to", "2026-11-05")),
            "parallelism",
            2);
    Reply plan = post("/backfills/plan", operator, wanted);
    assertThat(plan.json().path("counts").path("create").asInt()).as(plan.body()).isEqualTo(5);
    assertThat(get("/backfills").json()).isEmpty();
    Reply made = post("/backfills", operator, wanted);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    long id = made.json().path("id").asLong();
    assertThat(made.json().path("progress").path("open").asInt()).isEqualTo(2);
    assertThat(get("/instances?backfill=" + id).json().path("items")).hasSize(2);
    assertThat(post("/backfills/" + id + "/pause", operator, null).text("state"))
        .isEqualTo("PAUSED");
    assertThat(post("/backfills/" + id + "/resume", operator, null).text("state"))
        .isEqualTo("RUNNING");
    assertThat(post("/backfills/" + id + "/cancel", operator, null).text("state"))
        .isEqualTo("CANCELLED");
    Reply again = post("/backfills/" + id + "/rerun-failed", operator, Map.of("again", "ANEW"));
    assertThat(again.text("warning")).contains("double");
    assertThat(again.json().path("backfill").path("state").asText()).isEqualTo("RUNNING");
    JsonNode listed = get("/backfills?state=RUNNING").json();
    assertThat(listed.findValuesAsText("createdBy")).containsExactly("test-operator");
    get("/backfills/99").isProblem(404);
    Map<String, Object> wrong =
        Map.of(
            "task", "orders", "ranges", List.of(Map.of("from", "2026-11-05", "to", "2026-11-01")));
    assertThat(post("/backfills", operator, wrong).isProblem(400).body())
        .contains("ends before it begins");
    assertThat(audit())
        .contains(
            "test-operator backfill.create backfill/" + id + " ",
            "test-operator backfill.cancel backfill/" + id + " ");
  }

  @Test
  void whatABackfillsStateForbidsIsAConflict() {
    task("orders", DAILY);
    Map<String, Object> wanted =
        Map.of(
            "task", "orders", "ranges", List.of(Map.of("from", "2026-11-01", "to", "2026-11-02")));
    String path = "/backfills/" + post("/backfills", operator, wanted).json().path("id").asLong();
    Map<String, Object> again = Map.of("again", "CONTINUE");
    assertThat(post(path + "/rerun-failed", operator, again).isProblem(409).text("code"))
        .isEqualTo("Scheduler-01");
    post(path + "/cancel", operator, null);
    for (String step : List.of("/pause", "/resume")) {
      assertThat(post(path + step, operator, null).isProblem(409).text("detail"))
          .contains("is CANCELLED and cannot be");
    }
  }

  @Test
  void theAuditIsFilteredAndForAdminsOnly() {
    task("orders", null);
    server.get("/api/v1/audit", developer).isProblem(403);
    assertThat(
            server
                .get("/api/v1/audit?action=task.publish&subject=task/&who=test-developer", admin)
                .json()
                .path("total")
                .asInt())
        .isEqualTo(1);
    assertThat(
            server
                .get("/api/v1/audit?from=2027-01-01T00:00:00Z", admin)
                .json()
                .path("total")
                .asInt())
        .isZero();
  }
}
