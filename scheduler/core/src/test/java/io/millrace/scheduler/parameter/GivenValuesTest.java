package io.millrace.scheduler.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenValuesTest {

  private static final String SCRIPT =
      """
      reader:
        mysql:
          table: orders_${table}
          dataSource: ${source}
          where: "region = '${region}' and id > ${id} and day = ${day} and x = \\"${double}\\""
          preSql: "DELETE FROM t -- it's ${comment}"
          postSql: "/* it's */ DELETE FROM t WHERE id = ${block}"
      writer:
        files: {path: "/exports/${path}/${day}.csv"}
      setting: {dirty: "${dirty}"}
      """;

  private static void given(String name, String assigned, String value) {
    GivenValues.check(name, value, assigned, Map.of(), SCRIPT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EU' OR '1'='1",
        "EU';DROP",
        "EU\\",
        "EU\"",
        "EU--",
        "--EU",
        "a/*b*/",
        "a#b",
        "a;b",
        "(select",
        "${other}",
        "$bizdate",
        "../up",
        "..",
        ".",
        "a..b",
        "a\nb",
        "a\u0000b",
        "{a: 1}",
        "[1]",
        "a: b: c: {",
        "%27",
        "a`b",
        ""
      })
  void aValueThatCouldEndTheQuotesAroundItIsRefused(String attack) {
    assertThatThrownBy(() -> given("region", "EU", attack)).isInstanceOf(MillraceException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id", "NULL", "1e5", "0x10", "id_2", "1--", "1 --", "1,2", "-1", "1 2 3", "1_0"})
  void outsideOfQuotesAWordWouldBeAColumnSoOnlyANumberIsTaken(String attack) {
    assertThatThrownBy(() -> given("id", "0", attack))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("takes a number")
        .hasMessageContaining("patterns.id");
    assertThatThrownBy(() -> given("day", "$bizdate", attack))
        .isInstanceOf(MillraceException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "source", "path", "dirty"})
  void whatNamesATableAPathOrASettingIsGivenOnlyWithAPattern(String name) {
    assertThatThrownBy(() -> given(name, "usual", "1"))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("patterns." + name);
    Map<String, String> patterns = Map.of(name, "usual|other");
    assertThatCode(() -> GivenValues.check(name, "other", "usual", patterns, SCRIPT))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> GivenValues.check(name, "others", "usual", patterns, SCRIPT))
        .isInstanceOf(MillraceException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"double", "comment", "block"})
  void whereQuotesMayMeanSomethingElseOnlyANumberIsTaken(String name) {
    assertThatThrownBy(() -> given(name, "a", "b")).hasMessageContaining("takes a number");
  }

  /** The author's pattern is tried on a request's thread, with a connection of the store. */
  @Test
  void aPatternThatNeverEndsIsRefusedAtOnce() {
    String attack = "a".repeat(199) + "!";
    for (String pattern : List.of("(.*a){20}", "(a+)+$", "(a|aa)+", "(.*)*x", "(a?){200}b")) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () ->
              assertThatThrownBy(
                      () ->
                          GivenValues.check(
                              "region", attack, "EU", Map.of("region", pattern), SCRIPT))
                  .isInstanceOf(MillraceException.class));
    }
    assertThatThrownBy(
            () -> GivenValues.check("region", attack, "EU", Map.of("region", "(.*a){20}"), SCRIPT))
        .hasMessageContaining("takes too long");
  }

  @Test
  void aLongValueIsRefusedAtOnce() {
    for (String part : List.of("_", "a_", "1.", "1 ")) {
      String attack = part.repeat(199 / part.length()) + "!";
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () -> {
            assertThatThrownBy(() -> given("region", "EU", attack))
                .isInstanceOf(MillraceException.class);
            assertThatThrownBy(() -> given("id", "0", attack))
                .isInstanceOf(MillraceException.class);
          });
    }
    assertThatThrownBy(() -> given("region", "EU", "a".repeat(201)))
        .hasMessageContaining("more than 200 characters");
  }

  @Test
  void whatStandsAsAValueIsTaken() {
    given("region", "EU", "Île-de-France");
    given("region", "EU", "a,b_c:1.5");
    given("id", "0", "4711");
    given("day", "$[yyyymmdd-1]", "20261121");
    given("day", "$[yyyymmdd-1]", "2026-11-21 10:00:00");
    given("unused", "a", "b");
  }

  @Test
  void aRefusedValueIsMarkedAndAPatternIsChecked() {
    assertThatThrownBy(() -> given("region", "EU", "x'y"))
        .satisfies(e -> assertThat(Sensitive.hidden(e.getMessage())).doesNotContain("x'y"));
    assertThatThrownBy(() -> GivenValues.checkPatterns(Map.of("a", "("), Map.of("a", "1")))
        .hasMessageContaining("no regular expression");
    assertThatThrownBy(() -> GivenValues.checkPatterns(Map.of("b", "x"), Map.of("a", "1")))
        .hasMessageContaining("not among");
  }
}
