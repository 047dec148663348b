package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.Sensitive;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubstitutionTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new Fixture(directory);
  }

  /** A DataX job whose reader has the option {@code x}. */
  private static String datax(String value) throws Exception {
    return "{\"job\":{\"content\":[{\"reader\":{\"name\":\"a\",\"parameter\":{\"x\":"
        + new ObjectMapper().writeValueAsString(value)
        + "}},\"writer\":{\"name\":\"b\"}}]}}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'",
        "\"",
        "\\",
        "\",\"table\":\"mysql.user",
        "x\", \"preSql\": [\"drop table t\"], \"y\": \"",
        "${bizdate}",
        "$${v}",
        "${v}",
        "$v",
        "$[yyyymmdd]",
        "a\nb\r\nc",
        "a: b\n- c",
        "*alias",
        "&anchor",
        "!!java.net.URL x",
        "{a: 1}",
        "[1, 2]",
        "# comment",
        "---",
        "\u0000",
        "\uD83D\uDE00",
        "null",
        "true",
        "1e9",
        "'; drop table t; --",
        "$1 \\1 ${",
      })
  void valueStaysAValueWhateverItHolds(String value) throws Exception {
    String own = "reader: {a: {x: 'before ${v} after', y: [\"${v}\"]}}\nwriter: {b: }";

    for (String file : List.of(datax("before ${v} after"), own)) {
      TaskSpec task = fixture.read(file, "v", value);
      assertThat(task.reader().options()).containsEntry("x", "before " + value + " after");
      assertThat(task.reader().connector()).isEqualTo("a");
      assertThat(task.parameters()).hasSize(1).allSatisfy(l -> assertThat(l).doesNotContain("\n"));
    }
    assertThat(fixture.read(own, "v", value).reader().options().get("y")).isEqualTo(List.of(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ${a}                    | A
          ${ a }                  | A
          ${a}${b}                | AB
          x${a}y                  | xAy
          $$${a}                  | $${a}
          $${a}                   | ${a}
          $$bizdate               | $bizdate
          $$[yyyymmdd]            | $[yyyymmdd]
          $$a                     | $a
          $$x                     | $$x
          $                       | $
          $$                      | $$
          $$$                     | $$$
          a$                      | a$
          $a-$b                   | A-B
          $ab                     | $ab
          $unknown                | $unknown
          pa$$word                | pa$$word
          $bizdate                | 20261121
          $bizdates               | $bizdates
          ${bizdate}01            | 2026112101
          ${bdp.system.bizdate}   | 20261121
          $gmtdate                | 20261122
          $cyctime                | 20261122000000
          $[yyyymmdd]             | 20261122
          $[hh24-1/24]            | 23
          $[0]                    | $[0]
          $[last]                 | $[last]
          $[yyyymmdd              | $[yyyymmdd
          $.a.b                   | $.a.b
          ${yyyymm}01             | 20261101
          $${                     | ${
          """)
  void whatIsReplacedAndWhatIsNot(String text, String expected) throws Exception {
    TaskSpec task = fixture.read(datax(text), "a", "A", "b", "B");

    assertThat(task.reader().options()).containsEntry("x", expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ${nope}        | parameter.x uses the parameter ${nope}, which has no value: give it with -p nope=
          ${dya}         | (given is 'day')
          ${}            | neither a name nor a time pattern
          ${a b}         | neither a name nor a time pattern
          ${yyyymmddx}   | uses the parameter ${yyyymmddx}
          ${yyyymmddhh24}| has no time of day
          ${open         | has '${' without '}' after character 0
          $[yyyy-1]      | use $[add_months(yyyy,-N)]
          $[addmonth(x)] | is not a time pattern
          """)
  void whatHasNoValueIsAnErrorThatSaysWhere(String text, String message) throws Exception {
    assertThat(fixture.error(datax(text), "day", "1")).contains(message).contains("task.txt");
  }

  @Test
  void onlyDataxTakesGivenNamesWithoutBraces() {
    TaskSpec task =
        fixture.read(
            "reader: {a: {x: '$day', y: '$jobid'}}\nwriter: {b: }", "day", "1", "jobid", "7");

    assertThat(task.reader().options()).containsEntry("x", "$day").containsEntry("y", "7");
  }

  @Test
  void keysAndStructureAreNotTouched() {
    TaskSpec task = fixture.read("reader: {'a${v}': {'${v}': '${v}'}}\nwriter: {b: }", "v", "new");

    assertThat(task.reader().connector()).isEqualTo("a${v}");
    assertThat(task.reader().options()).isEqualTo(Map.of("${v}", "new"));
  }

  @Test
  void givenParameterComesBeforeATime() throws Exception {
    assertThat(fixture.read(datax("${bizdate} $bizdate"), "bizdate", "x").reader().options())
        .containsEntry("x", "x x");
  }

  @Test
  void bizdateMovesEveryTime() throws Exception {
    Path file = fixture.write("t", datax("$bizdate ${yyyy-mm-dd} $[yyyymmdd] $cyctime"));

    assertThat(
            TaskFiles.read(file, fixture.settings().withBusinessDate("20240229"))
                .reader()
                .options())
        .containsEntry("x", "20240229 2024-02-29 20240301 20240301000000");
    assertThat(
            TaskFiles.read(
                    file, fixture.settings().withScheduledTime(Fixture.time("2025-11-01T02:30:45")))
                .reader()
                .options())
        .containsEntry("x", "20251031 2025-10-31 20251101 20251101023045");
  }

  @Test
  void linesHideSecrets() {
    TaskSpec task =
        fixture.read(
            "reader: {a: {password: 'x-${part}', other: '${db_token}', shown: '${v}'}}\nwriter: {b: }",
            "part",
            "hidden-part",
            "db_token",
            "hidden-token",
            "v",
            "shown",
            "unused_secret",
            "zzzz");

    assertThat(task.parameters().stream().map(Sensitive::plain))
        .containsExactly("${part}->***", "${db_token}->***", "${v}->shown");
    assertThat(task.secrets().redact("hidden-part x-hidden-part hidden-token zzzz shown"))
        .isEqualTo("*** *** *** *** shown");
    assertThat(task.notes()).containsExactly("parameter 'unused_secret' is given but not used");
  }

  @Test
  void errorsAreOneLineWhateverTheKeysAre() {
    assertThat(fixture.error("reader: {a: {\"x\\ny\": '${nope}'}}\nwriter: {b: }"))
        .contains("reader.a.x y uses the parameter ${nope}");
  }

  @Test
  void errorsNeverRepeatASecret() {
    for (String value : List.of("hunter2 ${a b}", "hunter2${", "hunter2 ${a}")) {
      assertThat(fixture.error("reader: {a: {password: '" + value + "'}}\nwriter: {b: }"))
          .doesNotContain("hunter2")
          .doesNotContain("a b");
    }
  }

  @Test
  void dataxNameThatIsNotGivenIsRemarked() throws Exception {
    assertThat(fixture.read(datax("dt = $day and $day")).notes())
        .containsExactly(
            "job.content[0].reader.parameter.x: $day stays as it is, because no -p day=… is given");
  }

  @Test
  void aValueCannotMakeTheTaskGrowWithoutEnd() {
    String file = "reader: {a: {x: [" + "'${v}${v}${v}${v}', ".repeat(200) + "]}}\nwriter: {b: }";

    assertThat(fixture.error(file, "v", "x".repeat(1 << 20))).contains("larger than 64 MB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a$bizdate",
        "a$$bizdate-9",
        "$${yyyymmdd}",
        "$cyctime$",
        "x${yyyymmdd}",
        "${bizdate}",
        "$[yyyy]y",
        "${yyyymm-1}"
      })
  void aTimeIsNotPutIntoASecret(String secret) throws Exception {
    String own =
        "reader: {a: {password: '"
            + secret
            + "', other: {token: ['"
            + secret
            + "']}, shown: '$bizdate'}}\nwriter: {b: }";
    TaskSpec task = fixture.read(own);
    assertThat(task.reader().options())
        .containsEntry("password", secret)
        .containsEntry("other", Map.of("token", List.of(secret)));
    assertThat(task.reader().options().get("shown").toString()).matches("\\d{8}");
    assertThat(task.notes())
        .hasSize(2)
        .allSatisfy(note -> assertThat(note).contains("times are not put into secrets"))
        .anySatisfy(note -> assertThat(note).startsWith("reader.a.password:"))
        .noneMatch(note -> note.contains(secret));
    String datax = datax("v").replace("\"x\":\"v\"", "\"password\":\"" + secret + "\"");
    assertThat(fixture.read(datax).reader().options()).containsEntry("password", secret);
  }

  @Test
  void aGivenNameIsPutIntoASecretAlsoOneThatIsCalledLikeATime() {
    String own = "reader: {a: {password: 'x${bizdate}'}}\nwriter: {b: }";
    assertThat(fixture.read(own, "bizdate", "y").reader().options())
        .containsEntry("password", "xy");
  }
}
