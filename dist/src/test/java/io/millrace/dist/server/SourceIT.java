package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are looked at before anything is moved, by a command and through the packaged server. */
@Timeout(180)
class SourceIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FORMATS = List.of("csv", "jsonl", "parquet", "orc");

  private static final String COLUMNS =
      "[{name: id, type: long}, {name: name, type: string}, {name: amount, type: 'decimal(12,2)'},"
          + " {name: moment, type: timestamp}]";

  private static final String CSV =
      """
      id,name,amount,moment
      1,plain,12.50,2026-11-21 08:00:00Z
      2,\\N,\\N,\\N
      3,NULL,-0.01,2026-11-21 09:30:00Z
      """;

  @TempDir private Path directory;
  private Path data;

  @BeforeEach
  void writeTheFiles() throws IOException {
    data = Files.createDirectories(directory.resolve("in").resolve("20261120"));
    Files.writeString(data.resolve("orders.csv"), CSV);
    Distribution millrace = new Distribution(directory);
    for (String format : FORMATS.subList(1, FORMATS.size())) {
      Files.writeString(
          directory.resolve("make.yaml"),
          """
          reader:
            files: {path: "%s", skipHeader: true, column: %s}
          writer:
            files: {path: "%s", fileName: orders, fileFormat: %s, writeMode: append}
          setting: {channels: 1, dirty: none}
          """
              .formatted(data.resolve("orders.csv"), COLUMNS, data, format));
      Distribution.Ended made =
          millrace.run("run", "make.yaml", "--run-dir", directory.resolve("run-" + format) + "");
      assertThat(made.exitCode()).as(made.out() + made.err()).isZero();
    }
  }

  /** The reading half of a task; parquet and orc know their columns themselves. */
  private String reader(String format) {
    boolean tells = format.equals("parquet") || format.equals("orc");
    return "reader:\n  files:\n    path: \""
        + directory
        + "/in/${bizdate}/*."
        + format
        + "\"\n"
        + (format.equals("csv") ? "    skipHeader: true\n" : "")
        + (tells ? "" : "    column: " + COLUMNS + "\n");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"csv", "jsonl", "parquet", "orc"})
  void aCommandShowsTheFirstRecordsOfAFile(String format) throws Exception {
    Files.writeString(
        directory.resolve("task.yaml"), reader(format) + "writer:\n  stream: {print: false}\n");
    Distribution.Ended seen =
        new Distribution(directory).run("preview", "task.yaml", "--bizdate", "20261120");
    assertThat(seen.exitCode()).as(seen.err()).isZero();
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "id name amount moment",
            seen.out().lines().toList().get(1).replaceAll(" +", " "),
            "1 plain 12.50 " + moment("08:00:00"),
            "2 NULL NULL NULL",
            "3 'NULL' -0.01 " + moment("09:30:00"));
  }

  private static String moment(String time) {
    return "2026-11-21 " + time + ".000000Z";
  }

  @Test
  void theServerTellsColumnsAndRecordsOfFilesToWhoMayReadThem() throws Exception {
    try (LiveServer server =
        LiveServer.start(directory, "server.port: 0\nfiles.roots: " + directory.resolve("in"))) {
      for (String format : FORMATS) {
        JsonNode seen =
            server.json(
                "POST",
                "/tasks/source",
                Map.of(
                    "definition", Map.of("script", reader(format)), "businessDate", "2026-11-20"));
        assertThat(seen.path("columns").findValuesAsText("name"))
            .as(format)
            .containsExactly("id", "name", "amount", "moment");
        assertThat(seen.path("columns").findValuesAsText("type"))
            .as(format)
            .containsExactly("long", "string", "decimal(12,2)", "timestamp");
        assertThat(texts(seen))
            .as(format)
            .containsExactly(
                List.of("1", "plain", "12.50", moment("08:00:00")),
                java.util.Arrays.asList("2", null, null, null),
                List.of("3", "NULL", "-0.01", moment("09:30:00")));
      }
      aRecordThatCannotBeReadSaysWhy(server);
      theCommandLineLooksThroughTheServer(server);
      theDaysFilesAreMissing(server);
    }
  }

  private static List<List<@Nullable String>> texts(JsonNode seen) {
    List<List<@Nullable String>> records = new ArrayList<>();
    for (JsonNode record : seen.path("records")) {
      List<@Nullable String> values = new ArrayList<>();
      record.forEach(value -> values.add(value.isNull() ? null : value.asText()));
      records.add(values);
    }
    return records;
  }

  private void aRecordThatCannotBeReadSaysWhy(LiveServer server) throws Exception {
    Files.writeString(data.resolve("bad.csv"), "id,name,amount,moment\nx,y,1,\\N\n7,z,1.00,\\N\n");
    JsonNode seen =
        server.json(
            "POST",
            "/tasks/source",
            Map.of(
                "definition",
                Map.of("script", reader("csv").replace("*.csv", "bad.csv")),
                "businessDate",
                "2026-11-20"));
    assertThat(seen.path("records")).hasSize(1);
    assertThat(seen.path("dirty")).hasSize(1);
    assertThat(seen.at("/dirty/0").asText())
        .startsWith("2: id: 'x' is not a whole number")
        .endsWith("bad.csv, line 2");
    Files.delete(data.resolve("bad.csv"));
  }

  private void theCommandLineLooksThroughTheServer(LiveServer server) throws Exception {
    Files.writeString(directory.resolve("reader.yaml"), reader("orc"));
    Distribution developer = caller(server, "DEVELOPER");
    Distribution.Ended seen =
        developer.run(
            "task", "source-file", "--script", "reader.yaml", "--business-date", "2026-11-20");
    assertThat(seen.exitCode()).as(seen.err()).isZero();
    assertThat(seen.out()).contains("decimal(12,2)", "plain", "'NULL'");
    server.json(
        "POST",
        "/tasks",
        Map.of("name", "orders", "definition", Map.of("script", reader("parquet"))));
    seen =
        developer.run(
            "task",
            "source",
            "orders",
            "--business-date",
            "2026-11-20",
            "--records",
            "2",
            "--why",
            "what is in it",
            "-o",
            "json");
    assertThat(seen.exitCode()).as(seen.err()).isZero();
    assertThat(JSON.readTree(seen.out()).path("records")).hasSize(2);
    assertThat(server.json("GET", "/audit?action=task.look", null).toString())
        .contains("task/orders", "what is in it", "2 records for 2026-11-20 of files");
    for (String role : List.of("VIEWER", "OPERATOR")) {
      Files.writeString(directory.resolve("passwd.yaml"), "reader: {files: {path: /etc/passwd}}\n");
      Distribution.Ended refused =
          caller(server, role).run("task", "source-file", "--script", "passwd.yaml");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.errors()).singleElement().asString().contains("needs the role developer");
    }
  }

  private Distribution caller(LiveServer server, String role) throws Exception {
    JsonNode token =
        server.json("POST", "/tokens", Map.of("name", "of " + role, "role", role, "days", 1));
    return new Distribution(directory)
        .with("MILLRACE_SERVER", server.address())
        .with("MILLRACE_TOKEN", token.path("token").asText());
  }

  private void theDaysFilesAreMissing(LiveServer server) throws Exception {
    HttpResponse<String> missing =
        server.send(
            "POST",
            "/tasks/source",
            Map.of("definition", Map.of("script", reader("csv")), "businessDate", "2026-11-19"));
    assertThat(missing.statusCode()).as(missing.body()).isEqualTo(422);
    assertThat(JSON.readTree(missing.body()).path("detail").asText())
        .contains("/in/20261119/*.csv")
        .doesNotContain("\n");
  }
}
