package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.dist.Distribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line on machines that are not as they should be: one line, or it works. */
class MachinesIT {

  @TempDir private Path directory;
  private Distribution distribution;

  @BeforeEach
  void writeTask() throws IOException {
    distribution = new Distribution(directory);
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {stream: {sliceRecordCount: 1, column: [{type: long, value: 1}]}}
        writer: {stream: {print: false}}
        """);
  }

  private static void assertOneLine(Ended ended, int exitCode, String... texts) {
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(exitCode);
    assertThat(ended.errors()).hasSize(1);
    assertThat(ended.err()).startsWith("millrace: ").contains(texts);
  }

  @Test
  void anUnknownZoneIsNotTakenForGmt() {
    distribution.with("TZ", "Foo/Bar");
    assertOneLine(distribution.run("run", "task.yaml"), 2, "TZ is 'Foo/Bar'");
    assertThat(distribution.made()).containsExactly("task.yaml");
  }

  @Test
  void aRunsFolderThatIsNoneIsNamedWithTheCure() throws IOException {
    Files.writeString(directory.resolve("runs"), "a file");
    assertOneLine(distribution.run("run", "task.yaml"), 1, "runs/task-", "--run-dir");
  }

  @Test
  void aColonInThePathOfTheInstallationIsNamed() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("a:b/bin"));
    Files.copy(Distribution.home().resolve("bin/millrace"), bin.resolve("millrace"));
    Process process =
        new ProcessBuilder(bin.resolve("millrace").toString(), "version")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes())).contains("a:b has a colon");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @Test
  void aWorkingDirectoryThatIsGoneIsNamed() {
    Ended ended =
        distribution.startUnder("mkdir gone && cd gone && rmdir ../gone", "version").await();
    assertThat(ended.exitCode()).isEqualTo(2);
    // Some shells have a line of their own for it.
    assertThat(ended.err()).contains("millrace: the working directory is gone");
    assertThat(ended.err()).doesNotContain("java.lang");
  }

  @Test
  void withoutAHomeTheAccountsIsTaken() {
    Ended ended =
        distribution
            .startUnder("unset HOME XDG_DATA_HOME XDG_CONFIG_HOME", "version", "--paths")
            .await();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains(System.getProperty("user.home") + "/.local/share/millrace")
        .contains(System.getProperty("user.home") + "/.config/millrace/logins");
  }

  @Test
  void thePathsThatAreToldAreThoseOfTheVariablesAndOfHome() {
    Path home = directory.resolve("home");
    for (String variable : List.of("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")) {
      distribution.with(variable, directory.resolve(variable).toString());
    }
    distribution
        .with("HOME", home.toString())
        .with("MILLRACE_CACHE", "")
        .with("MILLRACE_NO_CLASS_DATA", "1");
    assertThat(distribution.run("version", "--paths").out())
        .contains(
            directory + "/XDG_DATA_HOME/millrace",
            directory + "/XDG_CONFIG_HOME/millrace/logins",
            directory + "/XDG_CACHE_HOME/millrace");
    for (String variable : List.of("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")) {
      distribution.with(variable, "");
    }
    assertThat(distribution.run("version", "--paths").out())
        .contains(
            home + "/.local/share/millrace",
            home + "/.config/millrace/logins",
            home + "/.cache/millrace");
  }
}
