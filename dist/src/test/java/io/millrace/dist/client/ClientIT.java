package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first hour of somebody new, with the packaged {@code bin/millrace} at both ends. */
@Timeout(180)
class ClientIT {

  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://[0-9.:]+);");
  private static final Pattern PASSWORD = Pattern.compile("(?m)^  ([a-z0-9-]{20,})$");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String DATAX =
      """
      {"job": {
        "content": [{
          "reader": {"name": "streamreader", "parameter": {"sliceRecordCount": 100, "column": [
            {"type": "long", "random": "0,9"}, {"type": "string", "value": "${day}"}]}},
          "writer": {"name": "streamwriter", "parameter": {"print": false}}}],
        "setting": {"speed": {"channel": 2}}}}
      """;

  private static final String DATAX_WITH_CONNECTIONS =
      """
      {"job": {
        "content": [{
          "reader": {"name": "mysqlreader", "parameter": {
            "username": "reader", "password": "of-the-reader", "column": ["*"],
            "connection": [{"table": ["t"], "jdbcUrl": ["jdbc:mysql://db.example.org:3306/shop"]}]}},
          "writer": {"name": "streamwriter", "parameter": {"print": false}}}]}}
      """;

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();
  private Distribution millrace;

  @BeforeEach
  void startAServerAndLogIn() throws Exception {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("millrace.yaml"),
        "server.port: 0\nserver.data: " + directory.resolve("data") + "\n");
    millrace =
        new Distribution(directory)
            .with("MILLRACE_CONF", conf.toString())
            .with("LC_ALL", "C.UTF-8")
            .with("XDG_CONFIG_HOME", directory.resolve("config").toString());
    Distribution.Running server = millrace.start("server");
    started.add(server.process());
    server.awaitPrinted(ADDRESS);
    millrace.with("MILLRACE_SERVER", found(ADDRESS, server.outputSoFar()));
    String oneTime = found(PASSWORD, server.outputSoFar());
    Distribution.Ended login =
        millrace.startWith("admin\n" + oneTime + "\nmy own password\n", "login").await();
    assertThat(login.exitCode()).as(login.err()).isZero();
    assertThat(login.err()).contains("Choose one of your own");
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private String ok(String... arguments) {
    Distribution.Ended ended = millrace.run(arguments);
    assertThat(ended.exitCode()).as("%s: %s", String.join(" ", arguments), ended.err()).isZero();
    assertThat(ended.err()).as(String.join(" ", arguments)).isEmpty();
    return ended.out();
  }

  private JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    return JSON.readTree(ok(all.toArray(String[]::new)));
  }

  @Test
  void aDataxFileBecomesATaskThatIsTestedWatchedAndBackfilled() throws Exception {
    Files.writeString(directory.resolve("orders.json"), DATAX);
    assertThat(json("task", "import", "orders.json").at("/task/name").asText()).isEqualTo("orders");
    Files.writeString(
        directory.resolve("nightly.yaml"),
        "schedule: {cycle: {every: day, time: 02:30}, zone: Europe/Berlin}\n"
            + "parameters: {day: $bizdate}\n");
    ok("task", "save", "orders", "nightly.yaml", "--why", "every night");
    assertThat(ok("task", "publish", "orders", "--note", "first")).contains("version");

    long test = json("task", "test", "orders", "2026-11-20").path("instance").asLong();
    String log = ok("instance", "log", Long.toString(test), "--follow");
    assertThat(log).contains("Start Job[" + test + "]", "Stage 4");
    assertThat(ok("instance", "wait", Long.toString(test))).contains("SUCCEEDED");
    assertThat(ok("instance", "log", Long.toString(test), "--whole")).isEqualTo(log);
    assertThat(json("instance", "show", Long.toString(test)).at("/parameters/day").asText())
        .isEqualTo("20261120");

    JsonNode backfill =
        json(
            "backfill",
            "create",
            "--task",
            "orders",
            "--range",
            "2026-11-14..2026-11-20",
            "--parallelism",
            "2",
            "--wait");
    assertThat(backfill.path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(backfill.at("/progress/succeeded").asInt()).isEqualTo(7);
    JsonNode instances =
        json(
            "instance", "list", "--backfill", backfill.path("id").asText(), "--state", "succeeded");
    assertThat(instances.path("items")).hasSize(7);
    for (JsonNode instance : instances.path("items")) {
      JsonNode attempt = json("instance", "attempts", instance.path("id").asText()).path(0);
      assertThat(attempt.path("recordsWritten").asLong()).isEqualTo(200);
    }
    assertThat(ok("task", "run", "orders", "--wait")).contains("of orders: SUCCEEDED");
    assertThat(json("audit", "--action", "task.save").at("/items/0/why").asText())
        .isEqualTo("every night");
  }

  @Test
  void connectionsInAnImportedFileBecomeDataSourcesAndALogoutEndsTheLogin() throws Exception {
    Files.writeString(directory.resolve("shop.json"), DATAX_WITH_CONNECTIONS);
    JsonNode imported = json("task", "import", "shop.json", "--name", "copy of shop");
    assertThat(imported.path("dataSources")).hasSize(1);
    String source = imported.path("dataSources").path(0).asText();
    assertThat(ok("datasource", "show", source)).contains("***").doesNotContain("of-the-reader");
    assertThat(ok("task", "show", "copy of shop")).doesNotContain("of-the-reader");

    assertThat(ok("logout")).startsWith("Logged out");
    Distribution.Ended refused = millrace.run("task", "list");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errors()).singleElement().asString().contains("run millrace login");
  }

  @Test
  void theConnectionOfADataSourceIsTestedByItsConnector() throws Exception {
    Path files = Files.createDirectories(directory.resolve("data/files"));
    ok("datasource", "create", "here", "--type", "files", "--option", "path=" + files);
    assertThat(ok("datasource", "test", "here"))
        .matches("ok: the folder .*files \\(\\d+ ms\\)\\s*");
    ok("datasource", "save", "here", "--option", "path=" + files.resolve("gone"));
    Distribution.Ended failed = millrace.run("datasource", "test", "here");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.out()).startsWith("failed: option 'path': no file or folder is at ");
    assertThat(json("datasource", "list").path("items")).hasSize(1);
  }

  @Test
  void aWaitingInstanceSaysWhyWhileItsLogIsWaitedForAndCtrlCEndsIt() throws Exception {
    Files.writeString(directory.resolve("orders.json"), DATAX.replace("${day}", "x"));
    ok("task", "import", "orders.json");
    Files.writeString(
        directory.resolve("nightly.yaml"),
        "schedule: {cycle: {every: year, days: [01-01], time: 02:30}, zone: UTC}\n");
    ok("task", "save", "orders", "nightly.yaml");
    ok("task", "publish", "orders");
    long test = json("task", "test", "orders", "2090-01-01").path("instance").asLong();
    Distribution.Running following =
        millrace.start("instance", "log", Long.toString(test), "--follow");
    started.add(following.process());
    following.awaitPrinted("waiting: its time is");
    following.interrupt();
    assertThat(following.await().exitCode()).isEqualTo(130);
    assertThat(ok("instance", "stop", Long.toString(test))).isEqualTo(test + "  done\n");
  }
}
