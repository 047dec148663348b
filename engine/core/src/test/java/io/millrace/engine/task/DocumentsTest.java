package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentsTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new Fixture(directory);
  }

  private Object read(String content) {
    return Documents.read(fixture.write("d", content), "task file").value();
  }

  @Test
  void jsonTakesTheLibertiesOfFastjson() {
    assertThat(
            read(
                """
                // comment
                {a: 'single', /* inner */ "b": [1, 2.50, "3",], "c": "two
                lines", "d": null, "e": true, "f": 12345678901234567890,}
                """))
        .hasToString(
            "{a=single, b=[1, 2.50, 3], c=two\nlines, d=null, e=true, f=12345678901234567890}");
  }

  @Test
  void yamlWordsStayWords() {
    assertThat(
            read(
                """
                a: no
                b: 12:30
                c: 0123
                d: 2026-11-21
                e: 1_000
                f: 1.50
                g: -7
                h: true
                i: 0x1F
                j: .inf
                k: "5"
                l: 1e3
                """))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("a", "no"),
                Map.entry("b", "12:30"),
                Map.entry("c", "0123"),
                Map.entry("d", "2026-11-21"),
                Map.entry("e", "1_000"),
                Map.entry("f", new BigDecimal("1.50")),
                Map.entry("g", -7),
                Map.entry("h", true),
                Map.entry("i", "0x1F"),
                Map.entry("j", ".inf"),
                Map.entry("k", "5"),
                Map.entry("l", new BigDecimal("1e3"))));
  }

  @Test
  void yamlAliasesAndMergesAreFollowed() {
    assertThat(read("a: &x {k: 1}\nb: *x\nc: {<<: *x, l: 2}\nd: ~\ne:"))
        .hasToString("{a={k=1}, b={k=1}, c={k=1, l=2}, d=null, e=null}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"job": {"content": [           | :1:22: the JSON ends too early
          {"job": "abc                    | the JSON ends too early
          {"a": 1} x                      | the JSON is wrong
          {"a": 1, "a": 2}                | Duplicate field 'a'
          {"a": 1 "b": 2}                 | :1:
          {"a": hunter2}                  | the JSON is wrong: Unrecognized token:
          {"a": 1}}                       | the JSON is wrong
          a: 1\\na: 2                     | duplicate key a
          a: [1                           | the YAML is wrong
          a: b: c                         | :1:5: the YAML is wrong
          a: 'x                           | the YAML is wrong
          a: *hunter2                     | an alias is not defined
          a: !hunter2                     | a tag is not known
          a: !!int hunter2                | the YAML is wrong
          a: !!float hunter2              | the YAML is wrong
          a: @hunter2                     | the YAML is wrong
          a: %hunter2                     | the YAML is wrong
          a: !hunter2 {x                  | the YAML is wrong
          a: !!java.net.URL [x]           | the YAML is wrong
          a: !x y                         | the YAML is wrong
          a: !!binary aGk=                | a value of the YAML type byte[]: quote it
          a: !!float x                    | the YAML is wrong
          a: &x [*x]                      | nested deeper
          ? [1]\\n: 2                     | a key that is not a text
          1: a\\n"1": b                   | the same key twice
          just words                      | must hold an object at the top
          a: 1\\n---\\nb: 2               | the YAML is wrong
          """)
  void whatIsBrokenGivesOneLineWithItsPlace(String content, String message) {
    assertThat(fixture.error(content.replace("\\n", "\n")))
        .contains(message)
        .contains("task.txt")
        .doesNotContain("hunter2");
  }

  @Test
  void truncatedTaskSaysWhere() {
    String json = Fixture.datax("{}", "").replace(",", ",\n");

    assertThat(fixture.error(json.substring(0, 60)))
        .matches(".*task\\.txt:2:\\d+: the JSON ends.*");
  }

  @Test
  @Timeout(20)
  void hostileFilesAreBounded() {
    String bomb =
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + IntStream.range(1, 12)
                .mapToObj(
                    i ->
                        "a%d: &a%d [%s]\n"
                            .formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9).strip()))
                .collect(Collectors.joining());
    String doubling =
        "a0: &a0 [x, x]\n"
            + IntStream.range(1, 25)
                .mapToObj(i -> "a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1))
                .collect(Collectors.joining());

    assertThat(fixture.error(bomb)).contains("aliases");
    assertThat(fixture.error(doubling)).contains("more than 1000000 values");
    assertThat(fixture.error("[".repeat(100_000))).contains("the JSON is wrong");
    assertThat(fixture.error("{\"a\":".repeat(1000))).contains("nesting depth");
    assertThat(fixture.error("a: " + "[".repeat(10_000))).contains("the YAML is wrong");
    assertThat(fixture.error("x".repeat(Documents.MAX_BYTES + 1))).contains("larger than 10 MB");
    assertThat(fixture.error("{\"a\":1" + "0".repeat(5000) + "}")).contains("the JSON is wrong");
  }

  @Test
  @Timeout(20)
  void wideObjectsAreReadInLinearTime() {
    StringBuilder wide = new StringBuilder("reader:\n  a:\n");
    for (int i = 0; i < 60_000; i++) {
      wide.append("    k").append(i).append(": $bizdate\n");
    }
    long start = System.nanoTime();

    assertThat(fixture.read(wide + "writer: {b: }").reader().options()).hasSize(60_000);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void filesThatAreNotTextSaySo() {
    Path gbk = fixture.write("gbk", new byte[] {'{', '/', '/', (byte) 0xC4, (byte) 0xE3, '}'});

    assertThat(Fixture.error(gbk, fixture.settings())).contains("is not UTF-8: save it as UTF-8");
    assertThat(Fixture.error(directory, fixture.settings())).contains("it is a directory");
    assertThat(Fixture.error(directory.resolve("none"), fixture.settings()))
        .contains("the task file does not exist");
    assertThat(
            Fixture.error(
                fixture.write("empty", "".getBytes(StandardCharsets.UTF_8)), fixture.settings()))
        .contains("the task file is empty");
  }
}
