package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as somebody types them, against a real server. */
class ClientTest {

  private static final String PASSWORD = "a better password";
  private static final String SCRIPT = "reader: {stream: {}}\nwriter: {stream: {}}\n";

  @TempDir private Path directory;
  private ServerInProcess server;
  private TypedCommands typed;

  @BeforeEach
  void start() throws Exception {
    server = new ServerInProcess(directory);
    String oneTime = server.start();
    typed =
        new TypedCommands()
            .with("MILLRACE_SERVER", server.url())
            .with("XDG_CONFIG_HOME", directory.resolve("config").toString());
    assertThat(typed.input(oneTime + "\n" + PASSWORD + "\n").run("login", "--user", "admin"))
        .as(typed.errors())
        .isZero();
    typed.input("");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private JsonNode json(String... arguments) throws IOException {
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("-o", "json")).toArray(String[]::new);
    assertThat(typed.run(all)).as(typed.errors()).isZero();
    return new ObjectMapper().readTree(typed.output());
  }

  private void make(String name) throws IOException {
    String script = file("script.yaml", SCRIPT).toString();
    assertThat(typed.run("task", "create", name, "--script", script)).as(typed.errors()).isZero();
  }

  @Test
  void theFirstLoginChangesTheOneTimePasswordAndKeepsATokenThatOnlyItsOwnerCanRead()
      throws Exception {
    assertThat(typed.output()).contains("as admin (ADMIN) until ");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory.resolve("config"))) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(files).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.get(0))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(files.get(0))).doesNotContain(PASSWORD);
    assertThat(json("whoami").path("user").asText()).isEqualTo("admin");

    Files.setPosixFilePermissions(files.get(0), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(typed.run("whoami")).isEqualTo(2);
    assertThat(typed.errors()).contains("can be read by others");
  }

  @Test
  void aLoginTakesThePlaceOfTheOneBeforeAndALogoutRevokesIt() throws Exception {
    long before = json("token", "list").path(0).path("id").asLong();
    typed.input(PASSWORD + "\n");
    assertThat(typed.run("login", "--user", "admin", "--role", "viewer")).isZero();
    JsonNode tokens = json("token", "list");
    assertThat(tokens).hasSize(1);
    assertThat(tokens.path(0).path("id").asLong()).isNotEqualTo(before);
    assertThat(typed.run("group", "resize", "default", "--slots", "3")).isEqualTo(2);
    assertThat(typed.errors()).isEqualTo("millrace: [Client-04] this needs the role admin\n");

    String kept = Files.readString(loginFile());
    String token = new ObjectMapper().readTree(kept).path("token").asText();
    assertThat(typed.run("logout")).isZero();
    assertThat(loginFile()).doesNotExist();
    assertThat(typed.run("whoami")).isEqualTo(2);
    assertThat(typed.errors()).contains("not logged in to " + server.url());
    assertThat(typed.with("MILLRACE_TOKEN", token).run("whoami")).isEqualTo(2);
    assertThat(typed.errors()).contains("revoked").doesNotContain(token);
    assertThat(typed.run("logout")).as("again").isZero();
  }

  @Test
  void aChangedPasswordRevokesTheTokensUnlessTheyAreToBeKept() throws Exception {
    typed.input(PASSWORD + "\nanother good one\n");
    assertThat(typed.run("password", "--user", "admin", "--keep-tokens")).isZero();
    assertThat(typed.output())
        .isEqualTo(
            "The password of admin is changed; all other sessions have ended, the API tokens are"
                + " kept.\n");
    assertThat(typed.run("whoami")).as(typed.errors()).isZero();

    typed.input("another good one\nand one more of them\n");
    assertThat(typed.run("password", "--user", "admin")).as(typed.errors()).isZero();
    assertThat(typed.output())
        .endsWith(
            "all other sessions have ended, 1 API tokens are revoked. Run millrace login to go"
                + " on.\n");
    assertThat(loginFile()).doesNotExist();
  }

  private Path loginFile() {
    return directory
        .resolve("config/millrace/logins")
        .resolve(server.url().replaceAll("[^A-Za-z0-9.-]+", "_") + ".json");
  }

  @Test
  void aTokenIsNotSentToAnotherServerWhateverItsFileIsCalled() throws Exception {
    String other = server.url().replace("127.0.0.1", "localhost");
    Path others = loginFile().resolveSibling(other.replaceAll("[^A-Za-z0-9.-]+", "_") + ".json");
    Files.copy(loginFile(), others);
    Files.setPosixFilePermissions(others, PosixFilePermissions.fromString("rw-------"));
    assertThat(typed.run("whoami", "--server", other)).isEqualTo(2);
    assertThat(typed.errors()).contains("not logged in");
  }

  @Test
  void aTokenForAScriptNeedsThePasswordAndIsShownOnce() throws Exception {
    typed.input(PASSWORD + "\n");
    JsonNode made = json("token", "create", "nightly", "--user", "admin", "--days", "7");
    assertThat(made.path("role").asText()).isEqualTo("VIEWER");
    typed.with("MILLRACE_TOKEN", made.path("token").asText());
    assertThat(json("whoami").path("role").asText()).isEqualTo("VIEWER");
    typed.without("MILLRACE_TOKEN");
    assertThat(json("whoami").path("role").asText()).isEqualTo("ADMIN");
    assertThat(typed.run("token", "revoke", made.path("id").asText())).isZero();
    assertThat(json("token", "list")).hasSize(1);
  }

  @Test
  void aNameIsTheWholeNameAndNeverAPartOfAnother() throws Exception {
    make("orders of today");
    make("orders");
    make("2026");
    assertThat(json("task", "show", "orders").at("/task/name").asText()).isEqualTo("orders");
    assertThat(json("task", "show", "name:2026").at("/task/name").asText()).isEqualTo("2026");
    assertThat(json("task", "show", "1").at("/task/name").asText()).isEqualTo("orders of today");
    assertThat(typed.run("task", "show", "order")).isEqualTo(2);
    assertThat(typed.errors()).isEqualTo("millrace: [Client-05] there is no task 'order'\n");
    assertThat(typed.run("task", "show", "2026")).isEqualTo(2);
    for (String odd : List.of("", "..", "a/b")) {
      assertThat(typed.run("datasource", "delete", odd)).as(odd).isEqualTo(2);
    }
  }

  @Test
  void listsGoOnToTheLimitOrToTheEndAndJsonHasTheSameForm() throws Exception {
    for (int i = 0; i < 53; i++) {
      make("task " + i);
    }
    assertThat(typed.run("task", "list")).isZero();
    assertThat(typed.output().lines()).hasSize(52);
    assertThat(typed.output().lines().skip(2).findFirst().orElseThrow()).startsWith("53  task 52");
    assertThat(typed.errors()).contains("there are more");
    JsonNode part = json("task", "list", "--limit", "3");
    assertThat(part.path("items")).hasSize(3);
    assertThat(part.path("next").isTextual()).isTrue();
    JsonNode all = json("task", "list", "--all");
    assertThat(all.path("items")).hasSize(53);
    assertThat(all.path("next").isTextual()).isFalse();
    assertThat(json("audit", "--limit", "3").path("items")).hasSize(3);
    assertThat(json("audit", "--all", "--action", "task.create").path("items")).hasSize(53);
    assertThat(typed.run("task", "list", "--limit", "0")).isEqualTo(2);
  }

  @Test
  void aDraftIsSavedFieldByFieldAndARevisionThatIsOldIsAConflict() throws Exception {
    make("orders");
    String schedule =
        file("schedule.yaml", "schedule: {cycle: {every: day, time: 02:30}, zone: UTC}\n")
            .toString();
    assertThat(typed.run("task", "save", "orders", schedule)).as(typed.errors()).isZero();
    JsonNode definition = json("task", "show", "orders").path("definition");
    assertThat(definition.path("script").asText()).isEqualTo(SCRIPT);
    assertThat(definition.at("/schedule/cycle/time").asText()).isEqualTo("02:30");

    typed.input("{\"run\": {\"priority\": 5}}");
    assertThat(typed.run("task", "save", "orders", "-", "--revision", "1")).isEqualTo(1);
    assertThat(typed.errors()).contains("[Client-06]", "changed by somebody else");
    typed.input("{\"run\": {\"priority\": 5}}");
    assertThat(typed.run("task", "save", "orders", "-")).as(typed.errors()).isZero();
    assertThat(json("task", "preview", "orders", "--count", "2").path("rows")).hasSize(2);
    typed.input("a: [");
    assertThat(typed.run("task", "save", "orders", "-")).isEqualTo(2);
    assertThat(typed.errors()).contains("neither JSON nor YAML").hasLineCount(1);
    typed.input("schedule: {cycle: {every: fortnight}}");
    assertThat(typed.run("task", "save", "orders", "-")).isEqualTo(2);
    assertThat(typed.errors()).contains("must be one of").hasLineCount(1);
  }

  @Test
  void aWorkflowIsPublishedAndTestedAsOneByTheNamesOfItsTasks() throws Exception {
    make("orders");
    make("items");
    assertThat(typed.run("workflow", "create", "nightly", "--description", "all of it")).isZero();
    assertThat(typed.run("workflow", "add-task", "nightly", "orders")).as(typed.errors()).isZero();
    assertThat(typed.run("workflow", "add-task", "nightly", "items")).isZero();
    assertThat(json("task", "list", "--workflow", "nightly").path("items")).hasSize(2);
    assertThat(json("workflow", "show", "nightly").path("tasks")).hasSize(2);
    assertThat(json("workflow", "publish", "nightly", "--note", "first")).hasSize(2);
    assertThat(json("workflow", "test", "nightly", "2026-11-20").path("instances")).hasSize(2);
    assertThat(json("workflow", "run", "nightly").path("instances")).hasSize(2);
    assertThat(typed.run("workflow", "save", "nightly", "--description", "most of it")).isZero();
    assertThat(typed.run("workflow", "remove-task", "nightly", "items")).isZero();
    JsonNode listed = json("workflow", "list", "--name", "night").path("items").path(0);
    assertThat(listed.path("description").asText()).isEqualTo("most of it");
    assertThat(listed.path("owner").asText()).isEqualTo("admin");
    assertThat(listed.path("tasks").asInt()).isEqualTo(1);
    assertThat(typed.run("workflow", "delete", "night")).as("a part of its name").isEqualTo(2);
    assertThat(typed.run("workflow", "delete", "nightly")).isZero();
    assertThat(json("workflow", "list").path("items")).isEmpty();
  }

  @Test
  void usersGroupsAndBackfillsHaveTheirCommands() throws Exception {
    JsonNode made = json("user", "create", "bob", "--role", "operator");
    assertThat(made.path("oneTimePassword").asText()).isNotEmpty();
    assertThat(json("user", "change", "bob", "--disable").path("disabled").asBoolean()).isTrue();
    JsonNode bob = json("user", "change", "bob", "--role", "viewer");
    assertThat(bob.path("disabled").asBoolean()).isTrue();
    assertThat(bob.path("role").asText()).isEqualTo("VIEWER");
    assertThat(json("user", "reset-password", "bob").path("oneTimePassword").asText())
        .isNotEqualTo(made.path("oneTimePassword").asText());
    assertThat(typed.run("user", "delete", "bob")).isZero();
    assertThat(json("user", "list").path("total").asInt()).isEqualTo(1);

    assertThat(json("group", "create", "night", "--slots", "4").path("slots").asInt()).isEqualTo(4);
    JsonNode night = json("group", "resize", "night", "--backfill-minimum", "1");
    assertThat(night.path("slots").asInt()).isEqualTo(4);
    assertThat(night.path("backfillMinimum").asInt()).isEqualTo(1);
    assertThat(json("group", "queue", "night").path("queue")).isEmpty();

    make("orders");
    String schedule =
        file("schedule.yaml", "schedule: {cycle: {every: day, time: 02:30}, zone: UTC}\n")
            .toString();
    assertThat(typed.run("task", "save", "orders", schedule)).isZero();
    assertThat(typed.run("task", "publish", "orders")).isZero();
    String[] week = {"--task", "orders", "--range", "2026-11-14..2026-11-20", "--group", "night"};
    JsonNode plan = json(all("backfill", "plan", week));
    assertThat(plan.at("/counts/create").asInt()).isEqualTo(7);
    assertThat(typed.run(all("backfill", "plan", week))).isZero();
    assertThat(typed.output()).contains("7 dates: 7 to create", "2026-11-20    orders  2026-11-21");
    String id = json(all("backfill", "create", week)).path("id").asText();
    assertThat(json("backfill", "pause", id).path("state").asText()).isEqualTo("PAUSED");
    assertThat(json("backfill", "resume", id).path("state").asText()).isEqualTo("RUNNING");
    assertThat(json("backfill", "cancel", id).path("state").asText()).startsWith("CANCEL");
    assertThat(json("backfill", "list").path(0).path("id").asText()).isEqualTo(id);
    assertThat(typed.run("backfill", "create", "--task", "orders", "--range", "..")).isEqualTo(2);
  }

  private static String[] all(String command, String action, String... more) {
    return Stream.concat(Stream.of(command, action), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void theReasonStandsInTheAuditInAnyScript() throws Exception {
    make("orders");
    assertThat(typed.run("task", "freeze", "orders", "--why", "für die Nacht + 100 % 夜")).isZero();
    JsonNode entry = json("audit", "--action", "task.freeze").at("/items/0");
    assertThat(entry.path("why").asText()).isEqualTo("für die Nacht + 100 % 夜");
    assertThat(typed.run("task", "freeze", "orders", "--why", "a\r\nX-Other: b")).isEqualTo(2);
  }

  @Test
  void eachInstanceGetsALineAndOneRefusalIsAFailure() throws Exception {
    assertThat(typed.run("instance", "stop", "7", "8")).isEqualTo(1);
    assertThat(typed.output())
        .isEqualTo("7  refused: there is no instance 7\n8  refused: there is no instance 8\n");
    assertThat(typed.run("instance", "rerun", "x")).isEqualTo(2);
    assertThat(typed.errors()).contains("ID must be a number");
  }

  @Test
  void secretsOfADataSourceAreTakenFromAFileOrTheKeyboardAndStayWhenOthersChange()
      throws Exception {
    Path secret = file("secret", "s3cret-of-shop\n");
    assertThat(
            typed.run(
                "datasource",
                "create",
                "shop",
                "--type",
                "mysql",
                "--option",
                "host=db",
                "--option",
                "port=3306",
                "--option-file",
                "password=" + secret))
        .as(typed.errors())
        .isZero();
    assertThat(typed.output()).doesNotContain("s3cret-of-shop");
    assertThat(typed.run("datasource", "save", "shop", "--option", "port=3307")).isNotZero();
    assertThat(typed.errors()).contains("changes 'port'").contains("give every secret again");
    assertThat(typed.run("datasource", "save", "shop", "--option", "database=sales")).isZero();
    JsonNode shop = json("datasource", "show", "shop");
    assertThat(shop.at("/options/port").isInt()).isTrue();
    assertThat(shop.at("/options/password").asText()).isEqualTo("***");
    assertThat(shop.at("/options/host").asText()).isEqualTo("db");
    typed.input("0ther-of-shop\n");
    assertThat(typed.run("datasource", "save", "shop", "--ask", "password")).isZero();
    assertThat(typed.run("datasource", "create", "x", "--type", "mysql", "--option", "password=p"))
        .isZero();
    assertThat(typed.errors()).contains("can be seen in the process list").doesNotContain("=p");
    String fingerprint = "AB" + ":AB".repeat(31);
    assertThat(typed.run("datasource", "accept-certificate", "shop", "db:3307", fingerprint))
        .isZero();
    assertThat(json("datasource", "show", "shop").at("/certificates/0/fingerprint").asText())
        .isEqualTo(fingerprint);
    assertThat(typed.run("datasource", "accept-certificate", "shop", "db:3307", "AB")).isNotZero();
    assertThat(json("datasource", "rotate-key").path("secrets").asInt()).isEqualTo(2);
    assertThat(typed.run("datasource", "rename", "shop", "store")).isZero();
    assertThat(typed.run("datasource", "delete", "store")).isZero();
    assertThat(json("datasource", "list").path("items")).hasSize(1);
  }

  @Test
  void aConnectionThatCannotBeMadeIsOneLineAndAFailure() throws Exception {
    Path secret = file("secret", "s3cret-of-shop\n");
    assertThat(
            typed.run(
                "datasource",
                "create",
                "shop",
                "--type",
                "mysql",
                "--option-file",
                "password=" + secret))
        .isZero();
    assertThat(typed.run("datasource", "test", "shop")).isEqualTo(1);
    assertThat(typed.output())
        .startsWith("failed: no connector is called 'mysql'")
        .hasLineCount(1)
        .doesNotContain("s3cret-of-shop");
    assertThat(typed.run("datasource", "test", "shop", "-o", "json")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(typed.output()).path("ok").isBoolean()).isTrue();
    assertThat(typed.run("datasource", "test", "nowhere")).isEqualTo(2);
    assertThat(typed.errors()).contains("there is no such data source");
  }

  @Test
  void whatIsWrittenForPeopleHoldsNothingThatATerminalObeys() throws Exception {
    make("orders");
    String description = "a\u0007b";
    typed.run("task", "describe", "orders", "--description", description);
    Output output = new Output(typed.stream(), false);
    output.fields(
        Json.object().put("name", "\u001b[31mred").put("text", "one\n\u001b]0;title\u0007two\n"));
    output.text("log \u001b[2J\nnext\n");
    assertThat(typed.output())
        .doesNotContain("\u001b", "\u0007")
        .contains("·[31mred", "log ·[2J\nnext");
  }

  @Test
  void aServerThatIsNotThereIsOneLineAndAFailure() {
    assertThat(typed.run("task", "list", "--server", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(typed.errors()).contains("[Client-08] no server answers at").hasLineCount(1);
    typed.with("MILLRACE_TOKEN", "abc\r\nHost: elsewhere");
    assertThat(typed.run("task", "list")).isEqualTo(2);
    assertThat(typed.errors()).doesNotContain("abc").hasLineCount(1);
    for (String wrong : List.of("127.0.0.1", "ftp://h", "http://user:pass@h", "http://h?x=1")) {
      assertThat(typed.run("task", "list", "--server", wrong)).as(wrong).isEqualTo(2);
      assertThat(typed.errors()).doesNotContain("pass@").hasLineCount(1);
    }
  }
}
