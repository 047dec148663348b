package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dist/test} says in the end: {@code dist/lib/TestReport.java}. */
class TestReportIT {

  private static final Path PROGRAM = Path.of("lib/TestReport.java").toAbsolutePath();

  @TempDir Path root;

  private record Ended(int code, List<String> lines) {}

  private Ended report(long since) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(), PROGRAM.toString(), root.toString(), String.valueOf(since))
            .redirectErrorStream(true)
            .start();
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
}
