package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether {@code dist/test} tells the truth about what its Maven, here a script, has done. */
@Timeout(120)
class TestCommandIT {

  private static final String PASSES =
      """
      report api io.OneTest '<testcase classname="io.OneTest" name="a"/>'
      """;
  private static final String FAILS =
      """
      report api io.OneTest '<testcase classname="io.OneTest" name="a"><failure message="no"/></testcase>'
      """;

  @TempDir static Path jdk;

  @TempDir Path root;

  private record Ended(int code, List<String> lines) {

    String verdict() {
      return lines.stream()
          .filter(line -> line.matches("dist/test.*: [A-Z ]+ in .*"))
          .map(line -> line.replaceFirst(".*: ([A-Z ]+) in .*", "$1"))
          .reduce((first, second) -> second)
          .orElse("");
    }
  }

  /** Its java knows the report compiled, which saves most of the time. */
  @BeforeAll
  static void aJdkForTheReport() throws IOException {
    TestReportIT.compile(jdk);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    executable(jdk.resolve("bin/javac"), "echo javac 17");
    executable(
        jdk.resolve("bin/java"),
        "exec %s -XX:TieredStopAtLevel=1 -cp %s TestReport \"${@:2}\"".formatted(java, jdk));
  }

  private static void executable(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @BeforeEach
  void aProjectOfTwoModules() throws IOException {
    Files.createDirectories(root.resolve("dist/lib"));
    Files.copy(Path.of("test"), root.resolve("dist/test"));
    Files.copy(Path.of("lib/prepare"), root.resolve("dist/lib/prepare"));
    Files.writeString(
        root.resolve("pom.xml"),
        """
        <project>
          <modules>
            <module>api</module>
            <module>plugins/one</module>
          </modules>
        </project>
        """);
    for (String module : List.of("api", "plugins/one", "plugins/example")) {
      Files.createDirectories(root.resolve(module));
      Files.writeString(root.resolve(module).resolve("pom.xml"), "<project/>");
    }
    for (String name : List.of("OneTest", "TwoTest", "Helper")) {
      Path sources = Files.createDirectories(root.resolve("api/src/test/java/io"));
      Files.writeString(sources.resolve(name + ".java"), "");
    }
    maven(PASSES);
  }

  /** What Maven is to do when it is called for tests. */
  private void maven(String script) throws IOException {
    executable(
        root.resolve("bin/mvn"),
        """
        if [[ $1 == -v ]]; then echo "Apache Maven 3.9.11"; exit; fi
        echo "$@" >>called
        report() {
          mkdir -p "$1/target/surefire-reports"
          echo "<testsuite name=\\"$2\\">$3</testsuite>" >"$1/target/surefire-reports/TEST-$2.xml"
        }
        if [[ " $* " == *" -DskipTests "* ]]; then exit; fi
        %s
        """
            .formatted(script));
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(root.resolve("dist/test").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.resolve("plugins").toFile())
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().merge("PATH", root.resolve("bin") + ":", (old, bin) -> bin + old);
    return builder.start();
  }

  private Ended run(String... arguments) throws Exception {
    return end(start(arguments));
  }

  private static Ended end(Process process) throws Exception {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), said.lines().toList());
  }

  private List<String> called() throws IOException {
    Path called = root.resolve("called");
    return Files.exists(called) ? Files.readAllLines(called) : List.of();
  }

  @Test
  void whatPassedHasPassed() throws Exception {
    Ended ended = run("--fast");
    assertThat(ended.code()).isZero();
    assertThat(ended.verdict()).isEqualTo("PASSED");
    assertThat(ended.lines()).last().isEqualTo("  1 tests, 0 failed, 0 skipped");
  }

  @Test
  void aModuleMayBeWrittenInMoreThanOneWay() throws Exception {
    assertThat(run("--fast", "plugins/one/").code()).isZero();
    assertThat(run("--fast", "./one").code()).isZero();
    assertThat(run("--fast", root.resolve("plugins/one").toString()).code()).isZero();
    assertThat(called()).hasSize(3).allMatch(line -> line.contains("-pl plugins/one -am"));
  }

  @Test
  void whatIsNoModuleIsRefused() throws Exception {
    for (String module : List.of(".", "..", "", "plugins", "plugins/example", "OneTest")) {
      Ended ended = run("--fast", module);
      assertThat(ended.code()).as(module).isEqualTo(2);
      assertThat(ended.lines()).singleElement().asString().contains("api plugins/one;");
    }
    assertThat(called()).isEmpty();
  }

  @Test
  void aRunWithoutATestHasNotPassed() throws Exception {
    maven("");
    Ended ended = run("--fast");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.verdict()).isEqualTo("NOTHING TESTED");
  }

  @Test
  void aFailureThatMavenIgnoresIsOne() throws Exception {
    maven(FAILS);
    Ended ended = run();
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.verdict()).isEqualTo("FAILED");
    assertThat(ended.lines())
        .anyMatch(line -> line.startsWith("dist/test: what needs no server FAILED"))
        .contains("  FAILED io.OneTest.a: no");
    assertThat(called()).hasSize(2);
  }

  @Test
  void theTestsWithServersAreNotStartedWhenTheOthersHaveFailed() throws Exception {
    maven(FAILS + "exit 1");
    assertThat(run().verdict()).isEqualTo("FAILED");
    assertThat(called()).hasSize(1);
  }

  @Test
  void aMavenThatRefusesToStartIsQuoted() throws Exception {
    maven("echo 'Unable to parse command line options: Unrecognized option: --fats'; exit 1");
    Ended ended = run("--fast", "--fats");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines())
        .contains("  FAILED Unable to parse command line options: Unrecognized option: --fats");
  }

  @Test
  void everyRepeatedClassHasToHaveRun() throws Exception {
    assertThat(run("--repeat", "2", "OneTest", "io.OneTest", "OneTest#a").code()).isZero();
    Ended ended = run("--repeat", "2", "OneTest", "Helper");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines())
        .contains("  FAILED Helper: no test has run")
        .noneMatch(line -> line.contains("FAILED OneTest"))
        .last()
        .asString()
        .startsWith("dist/test --repeat: 2 of 2 rounds failed");
    assertThat(run("--repeat", "2", "OneTest", "ThreeTest").code()).isEqualTo(2);
    assertThat(run("--repeat", "2", "other.OneTest").code()).isEqualTo(2);
  }

  @Test
  void aRoundThatFailsIsCounted() throws Exception {
    maven(PASSES + "[[ $(wc -l <called) != 3 ]] ||" + FAILS);
    Ended ended = run("--repeat", "3", "OneTest");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines())
        .last()
        .asString()
        .startsWith("dist/test --repeat: 1 of 3 rounds failed");
  }

  @Test
  void anInterruptEndsEverything() throws Exception {
    maven("report api io.OneTest ''; echo waiting >>waiting; exec sleep 100");
    for (String[] arguments : List.of(new String[] {}, new String[] {"--repeat", "5", "OneTest"})) {
      Files.deleteIfExists(root.resolve("waiting"));
      Process process = start(arguments);
      // Another process makes the file: it is looked for while that process lives.
      while (!Files.exists(root.resolve("waiting"))) {
        Thread.sleep(20);
        assertThat(process.isAlive()).isTrue();
      }
      // Its own method would close the output.
      process.toHandle().destroy();
      Ended ended = end(process);
      assertThat(ended.code()).isEqualTo(130);
      assertThat(ended.lines()).anyMatch(line -> line.contains("INTERRUPTED"));
    }
    // The third is the build before the rounds.
    assertThat(called()).hasSize(3);
  }
}
