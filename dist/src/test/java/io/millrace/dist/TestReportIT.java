package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dist/test} says in the end: {@code dist/lib/TestReport.java}. */
class TestReportIT {

  @TempDir static Path program;

  @TempDir Path root;

  private record Ended(int code, List<String> lines) {}

  @BeforeAll
  static void compile() {
    compile(program);
  }

  /** Once: {@code java TestReport.java} compiles at each start. */
  static void compile(Path directory) {
    String source = Path.of("lib/TestReport.java").toString();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", directory.toString(), source);
    assertThat(code).isZero();
  }

  private Ended report(long since, String... more) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-cp", program.toString()));
    command.addAll(List.of("TestReport", root.toString(), String.valueOf(since)));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), said.lines().toList());
  }

  private void result(String module, String name, String cases) throws Exception {
    Path reports = Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
    Files.writeString(
        reports.resolve("TEST-" + name + ".xml"),
        "<?xml version=\"1.0\"?>\n<testsuite name=\"%s\">%s</testsuite>".formatted(name, cases));
  }

  @Test
  void failuresAndReasonsOfSkippedTestsAreToldAndCounted() throws Exception {
    result(
        "plugins/one",
        "io.OneTest",
        """
        <testcase classname="io.OneTest" name="works"/>
        <testcase classname="io.OneTest" name="a">
          <failure message="expected &lt;1&gt;&#10; but was &quot;2&quot;" type="x">stack</failure>
        </testcase>
        <testcase classname="io.OneTest" name="b">
          <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: no such server; runs with one
        	at io.OneTest.b(OneTest.java:1)]]></skipped>
        </testcase>
        """);
    result(
        "dist",
        "io.TwoIT",
        """
        <testcase classname="io.TwoIT" name="c"><error type="java.io.IOException">at x</error></testcase>
        <testcase classname="io.TwoIT" name="d">
          <skipped message="System property [a.b] does not exist ==> no such server; runs with one"/>
        </testcase>
        """);
    Ended ended = report(0);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines())
        .containsExactly(
            "  FAILED io.TwoIT.c: java.io.IOException",
            "  FAILED io.OneTest.a: expected <1> but was \"2\"",
            "  Skipped, by reason:",
            "     2  no such server; runs with one",
            "  5 tests, 2 failed, 2 skipped");
  }

  @Test
  void reportsOfAnEarlierRunDoNotCount() throws Exception {
    result("api", "io.OneTest", "<testcase classname=\"io.OneTest\" name=\"a\"/>");
    assertThat(report(0)).isEqualTo(new Ended(0, List.of("  1 tests, 0 failed, 0 skipped")));
    assertThat(report(System.currentTimeMillis() + 60_000).lines())
        .containsExactly("  0 tests, 0 failed, 0 skipped");
  }

  @Test
  void onlyReportsOfTheModulesOfThisBuildCount() throws Exception {
    result("dist/target/example", "io.OneTest", "<testcase classname=\"io.OneTest\" name=\"a\"/>");
    Path elsewhere = Files.createDirectories(root.resolve("api/target/copies"));
    Files.writeString(
        elsewhere.resolve("TEST-io.OneTest.xml"), "<testsuite><testcase/></testsuite>");
    assertThat(report(0).lines()).containsExactly("  0 tests, 0 failed, 0 skipped");
  }

  @Test
  void classesThatFailedOrGaveUpBeforeTheirTestsAreTold() throws Exception {
    result("api", "io.OneTest", "");
    result(
        "api",
        "io.TwoTest",
        "<testcase classname=\"io.TwoTest\" name=\"\"><error message=\"no start\"/></testcase>");
    assertThat(report(0))
        .isEqualTo(
            new Ended(
                1,
                List.of(
                    "  FAILED io.TwoTest, before or after all its tests: no start",
                    "  Skipped, by reason:",
                    "     1  all of io.OneTest, which has given up before its tests",
                    "  2 tests, 1 failed, 1 skipped")));
  }

  @Test
  void reportsWithCharactersThatXmlHasNotAreRead() throws Exception {
    result(
        "api",
        "io.OneTest",
        "<testcase classname=\"io.OneTest\" name=\"a\"><failure"
            + " message=\"a\u0001&#2;&#xFFFE;\uFFFEb\"/></testcase>");
    assertThat(report(0).lines()).contains("  FAILED io.OneTest.a: a????b");
  }

  @Test
  void aReportThatIsCutOffIsAFailureAndHidesNoOther() throws Exception {
    result("api", "io.OneTest", "<testcase classname=\"io.OneTest\" name=\"a\"/>");
    result("api", "io.TwoTest", "<testcase");
    Ended ended = report(0);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines()).hasSize(2);
    assertThat(ended.lines().get(0))
        .startsWith(
            "  FAILED api/target/surefire-reports/TEST-io.TwoTest.xml, which cannot be read:");
    assertThat(ended.lines().get(1)).isEqualTo("  1 tests, 1 failed, 0 skipped");
  }

  private void log(String name, String lines) throws Exception {
    Files.writeString(Files.createDirectories(root.resolve("target")).resolve(name), lines);
  }

  @Test
  void whatFailedWithoutATestThatDidIsTold() throws Exception {
    log(
        "maven-1.log",
        """
        [INFO] Millrace api ....................................... FAILURE [  2.1 s]
        [INFO] Millrace engine .................................... SKIPPED
        [ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.14.1:compile (default-compile) on project millrace-api: Compilation failure
        [ERROR] /x/One.java:[5,32] illegal start of expression
        [ERROR] -> [Help 1]
        [ERROR]\s
        [ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
        """);
    log(
        "maven-2.log",
        """
        [ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.5.4:test (default-test) on project millrace-jdbc:\s
        [ERROR]\s
        [ERROR] See /x/target/surefire-reports for the individual test results.
        [ERROR] The forked VM terminated without properly saying goodbye. VM crash or System.exit called?
        [ERROR] Command was /bin/sh -c cd '/x' && java
        [ERROR] Crashed tests:
        [ERROR] io.OneTest
        [ERROR] 	at org.apache.maven.Plugin.fork(Plugin.java:1)
        [ERROR] -> [Help 1]
        [ERROR] Failed to execute goal com.diffplug.spotless:spotless-maven-plugin:3.1.0:check (format-check) on project millrace-hubs: The following files had format violations: -> [Help 1]
        """);
    assertThat(report(0))
        .isEqualTo(
            new Ended(
                1,
                List.of(
                    "  FAILED millrace-api: compiler:compile: Compilation failure"
                        + " /x/One.java:[5,32] illegal start of expression",
                    "  FAILED millrace-jdbc: surefire:test: The forked VM terminated without"
                        + " properly saying goodbye. VM crash or System.exit called? Crashed tests:"
                        + " io.OneTest",
                    "  FAILED millrace-hubs: spotless:check: The following files had format"
                        + " violations:",
                    "  Not run because of that: Millrace engine",
                    "  0 tests, 3 failed, 0 skipped")));
  }

  @Test
  void aTestThatFailedIsNotToldAgainAsABuildThatDid() throws Exception {
    log(
        "maven-1.log",
        "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.5.4:test"
            + " (default-test) on project millrace-api: There are test failures.\n");
    assertThat(report(0).lines()).last().isEqualTo("  0 tests, 1 failed, 0 skipped");
    result(
        "api",
        "io.OneTest",
        "<testcase classname=\"io.OneTest\" name=\"a\"><failure message=\"no\"/></testcase>");
    assertThat(report(0).lines())
        .containsExactly("  FAILED io.OneTest.a: no", "  1 tests, 1 failed, 0 skipped");
  }

  /** As JUnit writes it; the name counts. */
  @Name("org.junit.TestExecution")
  private static final class ClassIsTested extends Event {
    @SuppressWarnings("unused") // read by name
    String uniqueId;
  }

  @Test
  void whatTheTimeOfAClassWasSpentOnIsReadFromRecordings() throws Exception {
    result("api", "io.OneTest", "<testcase classname=\"io.OneTest\" name=\"a\"/>");
    log("maven-1.log", "[INFO] Millrace api ...... FAILURE [01:02 min]\n");
    Files.writeString(root.resolve("api/pom.xml"), "<name>Millrace api</name>");
    Path times = Files.createDirectories(root.resolve("target/times"));
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ThreadSleep").withStackTrace().withThreshold(Duration.ofMillis(1));
      recording.enable("jdk.ThreadPark").withStackTrace().withThreshold(Duration.ofMillis(1));
      recording.start();
      ClassIsTested test = new ClassIsTested();
      test.uniqueId = "[engine:junit-jupiter]/[class:io.OneTest]";
      test.begin();
      SleepingServer.start();
      // Sleeping and parking are what the report has to tell apart, so this waits by the clock.
      Thread.sleep(1000);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
      test.commit();
      // Of no class.
      Thread.sleep(300);
      recording.dump(times.resolve("one.jfr"));
    }
    Files.writeString(times.resolve("two.jfr"), "of a JVM that was killed");
    Ended ended = report(0, "--times");
    assertThat(ended.code()).isZero();
    assertThat(ended.lines())
        .anyMatch(line -> line.startsWith("Left out target/times/two.jfr"))
        .last()
        .isEqualTo("  1 tests, 0 failed, 0 skipped");
    // maven, tests, server, build, clock, others, computing
    List<Double> spent = numbers(ended, "  api");
    assertThat(spent).hasSize(7);
    assertThat(spent.get(0)).isEqualTo(62);
    assertThat(spent.get(1)).isGreaterThan(3.4);
    assertThat(spent.get(2)).isGreaterThan(0.4);
    assertThat(spent.get(3)).isZero();
    assertThat(spent.get(4)).isGreaterThan(0.9);
    assertThat(spent.get(5)).isGreaterThan(1.9);
    assertThat(spent.subList(2, 7).stream().mapToDouble(each -> each).sum())
        .isCloseTo(spent.get(1), within(0.3));
    assertThat(numbers(ended, "  api io.OneTest")).isEqualTo(spent.subList(1, 7));
  }

  private static List<Double> numbers(Ended ended, String end) {
    return ended.lines().stream()
        .filter(line -> line.endsWith(end))
        .flatMap(line -> Stream.of(line.replace(end, "").strip().split(" +")))
        .map(Double::valueOf)
        .toList();
  }
}

/** Named as what serves. */
final class SleepingServer {

  private SleepingServer() {}

  static void start() throws InterruptedException {
    Thread.sleep(500);
  }
}
