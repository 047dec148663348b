package io.millrace.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

  private static final String DOCUMENT =
      """
      {"a": {"b": [10, {"c": "x\\ny \\u00fc \\"q\\""}, [true, null]], "d": {}},
       "e": -1.50e+3, "f": null, "g": "", "a.b": 7, "e": 2}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "e | -1.50e+3",
        "$.e | -1.50e+3",
        "a.b[0] | 10",
        "$.a.b[1].c | 'x\ny ü \"q\"'",
        "a.b[2][0] | true",
        "a.b[2] | [true, null]",
        "a.d | {}",
        "g | ''",
        "a.b[2][1] |",
        "a.b[3] |",
        "a[0] |",
        "e.x |",
        "f |",
        "f.x |",
        "none |",
      })
  void itFindsWhatStandsThere(String path, @Nullable String expected) throws BadValueException {
    assertThat(JsonPath.of(path).find(DOCUMENT)).isEqualTo(expected);
  }

  @Test
  void theRootIsTheWholeDocument() throws BadValueException {
    assertThat(JsonPath.of("$").find(" [1, 2] ")).isEqualTo("[1, 2]");
    assertThat(JsonPath.of("$").find("\"text\"")).isEqualTo("text");
    assertThat(JsonPath.of("[1]").find("[1, 2]")).isEqualTo("2");
    assertThat(JsonPath.of("$[1][0]").find("[1, [2]]")).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "{a:1}", "'a'",
            "01",
        "1.", ".5", "-", "1e", "tru", "nul", "\"a", "\"\\x\"", "\"\\u12\"", "\"\t\"", "1 2", "{}{}",
        "NaN", "{\"a\":1}x"
      })
  void whatIsNoJsonIsRefusedAlsoBehindTheValue(String document) {
    assertThatThrownBy(() -> JsonPath.of("a").find(document))
        .isInstanceOfSatisfying(
            BadValueException.class, e -> assertThat(e.code()).isEqualTo("NOT_JSON"));
  }

  @Test
  void aDocumentThatIsDeepIsRefusedAndNotFollowed() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThatThrownBy(() -> JsonPath.of("a").find(deep))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("levels");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a[",
        "a[]",
        "a[x]",
        "a[-1]",
        "a[1]b",
        "a[99999999]",
        "*",
        "$.*",
        "a.*.b",
        "$..a",
        "a[*].b"
      })
  void aPathThatIsNoneIsToldSo(String path) {
    assertThatThrownBy(() -> JsonPath.of(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "'");
  }

  @Test
  void whatIsWrittenCanBeRead() throws BadValueException {
    String odd = "\u0000\u001f\"\\\n\t\r\u007fü😀/";
    String json = JsonStrings.append(new StringBuilder(), odd).toString();
    assertThat(JsonPath.of("$").find(json)).isEqualTo(odd);
  }
}
