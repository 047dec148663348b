package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is given as a secret is looked for wherever it could come out: in every answer, in what the
 * server prints, in every file that it and its attempts leave, and in every table of the store.
 */
@Timeout(240)
class SecretsIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String RIGHT = "mArker-Right-7f3a";
  private static final String IN_URL = "mArker-InUrl-81bc";
  private static final String UNREACHED = "mArker-Unreached-c2d9";
  private static final String REFUSED = "mArker-Refused-55e0";
  private static final String IMPORTED = "mArker-Imported-4b71";
  private static final String MISTYPED = "mArker-Mistyped-9d02";

  /** Whose options' names say nothing. */
  private static final String PRIVATE_KEY = "mArker-Key-60aa";

  private static final String USER_INFO = "mArker-Info-1c9e";
  private static final String SHORT_NAME = "mArker-Sk-e07d";
  private static final String HEADER = "mArker-Header-33b8";
  private static final List<String> SECRETS =
      List.of(
          RIGHT,
          IN_URL,
          UNREACHED,
          REFUSED,
          IMPORTED,
          MISTYPED,
          PRIVATE_KEY,
          USER_INFO,
          SHORT_NAME,
          HEADER);

  @TempDir private Path directory;
  private final TestServer database = TestServers.mariadb();
  private final Map<String, String> answers = new LinkedHashMap<>();
  private LiveServer server;
  private String shop;

  private void keep(String what, String answer) {
    answers.put(what, answer);
  }

  private void dataSource(String name, Map<String, Object> options) throws Exception {
    dataSource(name, "mysql", options);
  }

  private void dataSource(String name, String type, Map<String, Object> options) throws Exception {
    keep(
        "make " + name,
        server
            .json("POST", "/datasources", Map.of("name", name, "type", type, "options", options))
            .toString());
  }

  private static String script(String source) {
    return """
        reader:
          mysql:
            datasource: %s
            column: [id, name]
            connection: [{table: [goods]}]
        writer:
          stream: {print: false}
        setting: {channels: 1}
        """
        .formatted(source);
  }

  @Test
  void aSecretIsNowhereButEncryptedInItsRow() throws Exception {
    shop = database.createDatabase("shop");
    String store = database.createDatabase("store");
    database.execute(
        shop,
        "CREATE TABLE goods (id BIGINT PRIMARY KEY, name VARCHAR(20))",
        "INSERT INTO goods VALUES (1, 'a'), (2, 'b')",
        "CREATE OR REPLACE USER secret_a IDENTIFIED BY '" + RIGHT + "'",
        "CREATE OR REPLACE USER secret_b IDENTIFIED BY '" + IN_URL + "'",
        "GRANT ALL ON " + shop + ".* TO secret_a",
        "GRANT ALL ON " + shop + ".* TO secret_b");
    String settings =
        "server.port: 0\nstore.url: "
            + database.jdbcUrl(store)
            + "\nstore.user: "
            + database.user()
            + "\nstore.password: '"
            + database.password()
            + "'";
    try (LiveServer started = LiveServer.start(directory, settings)) {
      server = started;
      use();
      readEverything();
      server.stop();
      keep("what the server printed", server.printed());
    }
    keepFiles();
    keepTables(store);
    for (String secret : SECRETS) {
      String encoded = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
      answers.forEach(
          (what, answer) ->
              assertThat(answer.contains(secret) || answer.contains(encoded))
                  .as(secret + " in " + what)
                  .isFalse());
    }
  }

  /** Whatever takes a secret, or fails with one. */
  private void use() throws Exception {
    String url = database.jdbcUrl(shop);
    dataSource("right", Map.of("jdbcUrl", url, "username", "secret_a", "password", RIGHT));
    dataSource("in-url", Map.of("jdbcUrl", url + "?user=secret_b&password=" + IN_URL));
    int closed = LiveServer.freePort();
    dataSource(
        "unreached",
        Map.of(
            "jdbcUrl",
            "jdbc:mysql://127.0.0.1:" + closed + "/x?connectTimeout=1000",
            "username",
            "u",
            "password",
            UNREACHED));
    dataSource("refused", Map.of("jdbcUrl", url, "username", "secret_a", "password", REFUSED));
    dataSource(
        "hub",
        "kafka",
        Map.of(
            "server",
            "127.0.0.1:" + closed,
            "securityProtocol",
            "SSL",
            "kafkaConfig",
            Map.of(
                "ssl.keystore.type", "PEM",
                "ssl.keystore.key", PRIVATE_KEY,
                "ssl.keystore.certificate.chain", PRIVATE_KEY)));
    dataSource(
        "odd",
        "kafka",
        Map.of(
            "server",
            "127.0.0.1:" + closed,
            "kafkaConfig",
            Map.of("basic.auth.user.info", USER_INFO, "sk", SHORT_NAME),
            "headers",
            Map.of("Authorization", HEADER)));
    try (BufferedReader events = server.stream("/events")) {
      Map<String, String> ends = new LinkedHashMap<>();
      for (String source : List.of("right", "in-url", "unreached", "refused")) {
        long instance = server.run("reads " + source, script(source));
        ends.put(source, server.await(instance, "SUCCEEDED", "FAILED"));
        keep(
            "tail of " + source,
            lines(server.stream("/instances/" + instance + "/attempts/1/log/tail")));
      }
      for (String source : List.of("hub", "odd")) {
        String reader = "reader:\n  kafka: {datasource: " + source + ", topic: t}\n";
        long instance = server.run("reads " + source, reader + "writer:\n  stream: {}\n");
        ends.put(source, server.await(instance, "FAILED"));
        keep(
            "tail of " + source,
            lines(server.stream("/instances/" + instance + "/attempts/1/log/tail")));
      }
      assertThat(ends)
          .containsEntry("right", "SUCCEEDED")
          .containsEntry("unreached", "FAILED")
          .containsEntry("refused", "FAILED");
      StringBuilder told = new StringBuilder();
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        told.append(line).append('\n');
        if (line.contains("{\"id\":" + ends.size() + ",") && line.contains("FAILED")) {
          break;
        }
      }
      assertThat(told).contains("SUCCEEDED");
      keep("events", told.toString());
    }
    // A file with its secrets in it, a definition with one, and a body that is wrong around one.
    String datax =
        """
        {"job": {"setting": {"speed": {"channel": 1}}, "content": [{
          "reader": {"name": "mysqlreader", "parameter": {"username": "u", "password": "%s",
            "column": ["id"], "connection": [{"table": ["goods"], "jdbcUrl": ["%s"]}]}},
          "writer": {"name": "streamwriter", "parameter": {"print": false}}}]}}
        """
            .formatted(IMPORTED, url);
    keep(
        "import",
        server.json("POST", "/tasks/import", Map.of("name", "imported", "text", datax)).toString());
    for (Object body :
        List.of(
            Map.of("name", "x", "type", "mysql", "options", List.of(MISTYPED)),
            Map.of("name", "x", "type", Map.of("password", MISTYPED), "options", Map.of()),
            Map.of("name", "no/name", "type", "mysql", "options", Map.of("password", MISTYPED)))) {
      var reply = server.send("POST", "/datasources", body);
      assertThat(reply.statusCode()).as(reply.body()).isBetween(400, 422);
      keep("refused " + answers.size(), reply.body());
    }
    var task =
        Map.of(
            "name",
            "holds one",
            "definition",
            Map.of(
                "script",
                "reader:\n  mysql: {username: u, password: "
                    + MISTYPED
                    + "}\nwriter: {stream: {}}"));
    var reply = server.send("POST", "/tasks", task);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(422);
    keep("task with a secret", reply.body());
    keep("rotate", server.json("POST", "/datasources/rotate-key", null).toString());
    JsonNode right = server.json("GET", "/datasources/right", null);
    keep(
        "change",
        server
            .json(
                "PUT",
                "/datasources/right",
                Map.of(
                    "revision",
                    right.path("revision").asInt(),
                    "type",
                    "mysql",
                    "description",
                    "with its password kept",
                    "options",
                    Map.of(
                        "jdbcUrl", database.jdbcUrl(shop),
                        "username", "secret_a",
                        "password", "***")))
            .toString());
  }

  private static String lines(BufferedReader stream) throws Exception {
    StringBuilder all = new StringBuilder();
    try (stream) {
      for (String line = stream.readLine(); line != null; line = stream.readLine()) {
        all.append(line).append('\n');
      }
    }
    return all.toString();
  }

  /** Every route that only reads, for every thing that was made. */
  private void readEverything() throws Exception {
    JsonNode paths = JSON.readTree(server.get("/openapi.json").body()).path("paths");
    int shown = 0;
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      if (!path.getValue().has("get") || path.getKey().matches(".*/(events|tail)")) {
        continue;
      }
      for (int id = 1; id <= 7; id++) {
        String name =
            List.of("right", "in-url", "unreached", "refused", "admin", "hub", "odd").get(id - 1);
        String filled =
            path.getKey()
                .replace("{id}", "" + id)
                .replace("{name}", name)
                .replaceAll("\\{[a-zA-Z]+}", "1");
        var reply = server.plain(filled);
        keep(filled, reply.body());
        shown += reply.statusCode() == 200 ? 1 : 0;
        if (!path.getKey().contains("{")) {
          break;
        }
      }
    }
    assertThat(shown).isGreaterThan(40);
    assertThat(answers.get("/api/v1/datasources/right")).contains("***");
    assertThat(answers.get("/api/v1/audit")).contains("datasource.create");
    assertThat(answers.get("tail of hub")).contains("ssl.keystore.key");
    for (String file : List.of("PRE_PREPARATION", "SPLIT", "SYNCHRONIZE", "POST_PREPARATION")) {
      for (int id = 1; id <= 6; id++) {
        String path = "/instances/" + id + "/attempts/1/log?file=" + file;
        keep(path, server.get(path).body());
      }
    }
  }

  private void keepFiles() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        keep(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(answers.keySet()).anyMatch(name -> name.endsWith("/run.log"));
  }

  private void keepTables(String store) throws Exception {
    List<String> tables = new ArrayList<>();
    try (Connection connection = database.connect(store);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SHOW TABLES")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (String table : tables) {
        StringBuilder content = new StringBuilder();
        try (ResultSet rows = statement.executeQuery("SELECT * FROM `" + table + "`")) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              byte[] value = rows.getBytes(i);
              content
                  .append(value == null ? "" : new String(value, StandardCharsets.ISO_8859_1))
                  .append('\n');
            }
          }
        }
        keep("table " + table, content.toString());
      }
    }
    assertThat(tables).contains("audit", "data_source_secret", "attempt", "node_event");
    assertThat(answers.get("table data_source_secret")).isNotEmpty();
  }
}
