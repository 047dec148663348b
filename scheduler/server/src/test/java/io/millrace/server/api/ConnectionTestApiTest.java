package io.millrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.server.TestServer.Reply;
import io.millrace.server.security.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionTestApiTest extends ApiTest {

  private static final String SECRET = "hunter2hunter2";

  @AfterEach
  void letTheDeafGoOn() {
    scene.troubled.end.countDown();
  }

  private void source(String name, String type, Map<String, Object> options) {
    Map<String, Object> source = Map.of("name", name, "type", type, "options", options);
    assertThat(post("/datasources", developer, source).status()).isEqualTo(201);
  }

  private void troubled(String name, String trouble) {
    source(name, "troubled", Map.of("trouble", trouble, "sesame", server.secret(SECRET)));
  }

  private Reply test(String name) {
    return post("/datasources/" + name + "/test", developer, null);
  }

  private JsonNode tested(String name) {
    Reply reply = test(name);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body()).doesNotContain(SECRET);
    assertThat(reply.json().path("millis").isIntegralNumber()).isTrue();
    return reply.json();
  }

  @Test
  void whatAnsweredIsToldInOneLineWithoutSecretsAndIsAudited() {
    troubled("behind", "none");
    JsonNode tested = tested("behind");
    assertThat(tested.path("ok").asBoolean()).isTrue();
    assertThat(tested.path("message").asText()).isEqualTo("Troubled 1.0 of key ***");
    assertThat(audit()).contains("test-developer datasource.test datasource/behind ");
    assertThat(
            server
                .get("/api/v1/audit?action=datasource.test", admin)
                .json()
                .at("/items/0/detail")
                .asText())
        .isEqualTo("revision 1 of type troubled");
  }

  @Test
  void theCertificatesOfTheDataSourceAreKeptAndCompared() {
    troubled("pinned", "certificate");
    assertThat(tested("pinned").path("message").asText()).isEqualTo("certificates are kept: true");
  }

  @Test
  void whyItFailsIsTheAnswerAndHoldsNoSecret() {
    troubled("refused", "refused");
    JsonNode refused = tested("refused");
    assertThat(refused.path("ok").asBoolean()).isFalse();
    assertThat(refused.path("message").asText()).isEqualTo("cannot log in with ***");
    troubled("broken", "broken");
    assertThat(test("broken").isProblem(500).body()).contains("trace").doesNotContain(SECRET);
    source("bare", "troubled", Map.of("sesame", server.secret(SECRET)));
    assertThat(tested("bare").path("message").asText())
        .isEqualTo("data source 'bare': option 'trouble' is missing: What goes wrong.");
    source("stranger", "nosuch", Map.of("key", server.secret(SECRET)));
    assertThat(tested("stranger").path("message").asText())
        .contains("no connector is called 'nosuch'");
    assertThat(server.get("/api/v1/audit?size=500", admin).body()).doesNotContain(SECRET);
  }

  @Test
  void aConnectorWithoutATestIsAClearProblemAndNothingIsTried() {
    source("here", "memory", Map.of("table", "t"));
    assertThat(test("here").isProblem(422).body())
        .contains("connector 'memory' has no connection test");
    test("nowhere").isProblem(404);
    assertThat(audit()).noneMatch(entry -> entry.contains("datasource.test"));
  }

  @Test
  void onlyWhoMayUseItInATaskTestsIt() {
    troubled("behind", "none");
    for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
      post("/datasources/behind/test", server.logins().session(role), null).isProblem(403);
      post("/datasources/behind/test", server.logins().token(role), null).isProblem(403);
    }
    assertThat(audit()).noneMatch(entry -> entry.contains("datasource.test"));
  }

  @Test
  void oneThatDoesNotAnswerIsAReasonAndKeepsAPlaceAmongTheFewAtOnce() {
    troubled("deaf", "deaf");
    JsonNode tested = tested("deaf");
    assertThat(tested.path("ok").asBoolean()).isFalse();
    assertThat(tested.path("message").asText())
        .contains("data source 'deaf' gave no answer within 2 s; check its address");
    assertThat(tested.path("millis").asLong()).isGreaterThanOrEqualTo(1_900);
    assertThat(scene.looks.running()).isEqualTo(1);
    tested("deaf");
    assertThat(test("deaf").isProblem(429).header("Retry-After")).isEqualTo("5");
    scene.troubled.end.countDown();
    await().until(() -> scene.looks.running() == 0);
  }
}
