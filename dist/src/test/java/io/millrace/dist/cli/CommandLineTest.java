package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.dist.text.Texts;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.attempt.Stage;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.AutoComplete;

class CommandLineTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(new PrintStream(out, true), new PrintStream(err, true), false, false);

  @TempDir private Path directory;

  @Test
  void theCompletionScriptKnowsEveryCommandAndOption() throws IOException {
    String current = AutoComplete.bash("millrace", Main.commandLine(terminal));
    Path file = Path.of("src/main/completion/millrace");
    assertThat(Files.readString(file).strip())
        .as("out of date: millrace generate-completion > dist/%s", file)
        .isEqualToNormalizingNewlines(current.strip());
  }

  @Test
  void everyCommandHasHelpThatEndsWithSuccess() {
    for (String command : Commands.ALL.keySet()) {
      out.reset();
      assertThat(Main.execute(terminal, command, "--help")).as(command).isZero();
      assertThat(out.toString()).contains("Usage: millrace " + command).doesNotContain("null");
    }
    assertThat(err.size()).isZero();
  }

  @Test
  void theValueOfAnOptionThatIsNotKnownIsNotRepeated() {
    for (String[] wrong :
        new String[][] {
          {"run", "t.json", "--param", "given=SecretB"},
          {"run", "t.json", "--param=given=SecretB"},
          {"run", "t.json", "--passwort", "SecretB", "--other"},
        }) {
      err.reset();
      assertThat(Main.execute(terminal, wrong)).isEqualTo(2);
      assertThat(err.toString())
          .startsWith("millrace: Unknown option")
          .contains("'" + wrong[2].replaceFirst("=.*", "") + "'")
          .doesNotContain("SecretB");
    }
    err.reset();
    assertThat(Main.execute(terminal, "rum")).isEqualTo(2);
    assertThat(err.toString()).contains("'rum'", "did you mean", "run");
  }

  @Test
  void anErrorIsOneLineAndItsStackIsShownOnRequestOnly() {
    MillraceException error =
        new MillraceException(StandardError.CONFIGURATION, "two\nlines", new IOException("cause"));
    terminal.error(error);
    assertThat(err.toString()).isEqualTo("millrace: [Framework-03] two lines\n");
    terminal.withDebug(true).error(error);
    assertThat(err.toString()).contains("\tat ", "Caused by: java.io.IOException: cause");
  }

  @Test
  void theUsersOwnErrorsAreBadInputAndOthersAreFailures() {
    for (StandardError each : StandardError.values()) {
      assertThat(ExitCode.of(new MillraceException(each, "x")))
          .isEqualTo(each.kind() == ErrorKind.USER ? 2 : 1);
    }
    assertThat(ExitCode.of(new IllegalStateException())).isEqualTo(1);
  }

  @Test
  void theProgressBarShowsWhereARunIs() {
    Progress half =
        new Progress(RunState.RUN, Stage.SYNCHRONIZE, 5_000, 4_900, 3, 10, 1 << 20, 2, 4, 0.5, 2);
    assertThat(ProgressBar.line(half))
        .isEqualTo(
            "[###############...............]  50.0%  synchronize  5,000 records  1.0 MB  2,500/s"
                + "  512.0 KB/s  3 dirty");
  }

  @Test
  void aTableStaysATableWhateverItsCellsHold() {
    assertThat(
            Texts.table(
                List.of("id", "text"),
                List.of(List.of("1", "a\nb"), List.of("22", "long ".repeat(9))),
                12))
        .containsExactly("id  text", "--  ------------", "1   a·b", "22  long long l…");
  }

  @Test
  void theNewestUnfinishedRunOfATaskIsTheOneToResume() throws IOException {
    Clock clock = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
    RunDirectories runs = new RunDirectories(directory, clock);
    run("daily orders-20261120-100000-aaaaaa", "daily orders", false);
    run("daily_orders-20261121-100000-bbbbbb", "daily orders", false);
    run("daily_orders-20261122-100000-cccccc", "daily orders", true);
    run("daily_orders-20261123-100000-dddddd", "another", false);
    Files.createDirectories(directory.resolve("daily_orders-20261124-100000-eeeeee"));
    assertThat(runs.newestUnfinished("daily orders"))
        .contains(directory.resolve("daily_orders-20261121-100000-bbbbbb"));
    assertThat(runs.newestUnfinished("unknown")).isEmpty();
    assertThat(runs.next("daily orders").getFileName().toString())
        .matches("daily_orders-\\d{8}-\\d{6}-[0-9a-f]{6}");
  }

  private void run(String name, String task, boolean succeeded) throws IOException {
    Path state = Files.createDirectories(directory.resolve(name).resolve("state"));
    Files.writeString(
        state.resolve("attempt.json"),
        "{\"format\":1,\"source\":{\"fields\":[1]},\"task\":\"%s\",\"succeeded\":%s}"
            .formatted(task, succeeded));
  }

  @Test
  void settingsAreDefaultsUntilAHashIsTakenAway() throws IOException {
    Path home = Path.of("/opt/millrace");
    Path shipped = Path.of("../conf");
    assertThat(Settings.read(home, shipped))
        .isEqualTo(
            new Settings(
                home.resolve("plugins"),
                Path.of("runs"),
                shipped.resolve("datasources.yaml"),
                ZoneId.systemDefault()));

    Files.writeString(
        directory.resolve("millrace.yaml"), "plugins: /other\nzone: Asia/Shanghai\nruns: r\n");
    Settings other = Settings.read(home, directory);
    assertThat(other.plugins()).isEqualTo(Path.of("/other"));
    assertThat(other.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(other.runs()).isEqualTo(Path.of("r"));
  }

  @Test
  void theShippedSettingsShowDefaultsAndMarkedExamples() throws IOException {
    Path home = Path.of("/opt/millrace");
    Path shipped = Path.of("../conf");
    Files.writeString(directory.resolve("millrace.yaml"), ShippedSettings.defaults());
    Settings usual = Settings.read(home, shipped);
    Settings shown = Settings.read(home, directory);
    assertThat(shown.plugins()).isEqualTo(usual.plugins());
    assertThat(shown.runs()).isEqualTo(usual.runs());
    assertThat(shown.zone()).isEqualTo(usual.zone());

    Files.writeString(directory.resolve("millrace.yaml"), ShippedSettings.every());
    assertThat(Settings.read(home, directory).zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
  }

  @Test
  void theShippedExamplesCanBeRead() throws IOException {
    Path sources =
        Files.writeString(
            directory.resolve("sources.yaml"),
            "shop: {type: mysql, host: a}\nwarehouse: {type: mysql, host: b}\n"
                + "lake: {type: s3, bucket: c}\n"
                + "logs: {type: loghub, project: c}\nhub: {type: datahub, project: d}\n"
                + "events: {type: kafka, server: \"c:9092\"}\n");
    ReadSettings settings =
        ReadSettings.defaults()
            .withDataSources(sources)
            .withParameters(Map.of("shop_password", "secret"));
    try (Stream<Path> examples = Files.list(Path.of("../conf/examples"))) {
      for (Path example : examples.toList()) {
        Map<String, String> used =
            example.toString().endsWith(".json") ? settings.parameters() : Map.of();
        assertThat(TaskFiles.read(example, settings.withParameters(used)).notes())
            .as(example.toString())
            .isEmpty();
      }
    }
  }

  @Test
  void wrongSettingsAreNamed() throws IOException {
    wrong("plugin: x", "unknown key 'plugin'");
    wrong("zone: Nowhere/Else", "there is no zone 'Nowhere/Else'");
    wrong("- a", "lines of the form");
    wrong("a: [", "is not YAML");
  }

  private void wrong(String text, String message) throws IOException {
    Files.writeString(directory.resolve("millrace.yaml"), text);
    assertThatThrownBy(() -> Settings.read(Path.of("/x"), directory))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("millrace.yaml")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aResultFileThatCannotBeWrittenIsRefusedBeforeTheRun() {
    assertThatThrownBy(() -> new ResultFile(directory, Terminal.ofProcess()))
        .hasMessageContaining("--result")
        .hasMessageContaining("cannot be written");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Foo/Bar", "Europe/Berlim", ":/etc/localtime2", "ABC-3DEF,M3.2.0,M11.1.0"})
  void aZoneThatNobodyKnowsIsNotTakenForGmt(String name) {
    assertThatThrownBy(() -> Settings.systemZone(name, TimeZone.getTimeZone("GMT")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("TZ is '" + name + "'")
        .hasMessageContaining("zone in conf/millrace.yaml")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,Europe/Berlin",
    ":Europe/Berlin,Europe/Berlin",
    "posix/Asia/Tokyo,Asia/Tokyo",
    "UTC,UTC",
    "GMT,GMT",
    "GMT0,GMT0",
    "CST-8,GMT+08:00",
    "<+08>-8,GMT+08:00",
    "EST5EDT,EST5EDT",
    "'',Europe/Paris",
    "Foo/Bar,Asia/Tokyo"
  })
  void aZoneThatJavaKnowsOrThatIsSetByAnOptionIsTaken(String name, String found) {
    assertThat(Settings.systemZone(name, TimeZone.getTimeZone(found)).normalized())
        .isEqualTo(TimeZone.getTimeZone(found).toZoneId().normalized());
  }
}
