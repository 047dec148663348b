package io.millrace.kafka.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {

  private static List<@Nullable String> fields(String json, String... paths) throws Exception {
    return fields(json, false, paths);
  }

  private static List<@Nullable String> fields(String json, boolean quoted, String... paths)
      throws Exception {
    List<List<String>> split = new ArrayList<>();
    List<Boolean> asJson = new ArrayList<>();
    for (String path : paths) {
      split.add(List.of(path.split("\\.")));
      asJson.add(quoted);
    }
    // Not at the beginning of the buffer, as in a fetched batch.
    byte[] bytes = ("xyz" + json + "xyz").getBytes(StandardCharsets.UTF_8);
    Fields fields = new Fields(paths.length);
    new JsonFields(split, asJson, 1000).parse(bytes, 3, bytes.length - 6, fields);
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      texts.add(
          switch (fields.kind(i)) {
            case NULL -> null;
            case TRUE -> "true";
            case FALSE -> "false";
            default ->
                new String(
                    fields.buffer(i), fields.start(i), fields.length(i), StandardCharsets.UTF_8);
          });
    }
    return texts;
  }

  @Test
  void fieldsAreFoundByTheirPathsWhateverTheirOrder() throws Exception {
    assertThat(
            fields(
                "{\"z\": {\"a\": 1, \"tag\": 2}, \"tag\": {\"x\": [1, {\"desc\": 0}],"
                    + " \"desc\": \"wanted\"}, \"id\": -12.50}",
                "id",
                "tag.desc",
                "missing",
                "tag.none"))
        .containsExactly("-12.50", "wanted", null, null);
  }

  @Test
  void nestedValuesStandAsTheyStandInTheMessage() throws Exception {
    assertThat(
            fields(
                "{\"ü\": 0, \"a\": {\"b\" : [1, 2 ], \"c\": null}, \"d\": [ ]}", "a", "a.b", "d"))
        .containsExactly("{\"b\" : [1, 2 ], \"c\": null}", "[1, 2 ]", "[ ]");
  }

  @Test
  void textsAreDecodedAndAsJsonKeepTheirQuotes() throws Exception {
    String json = "{\"a\": \"tab\\t \\u00fc \\ud83d\\ude00 \\\" end\", \"b\": true, \"c\": null}";
    assertThat(fields(json, "a", "b", "c")).containsExactly("tab\t ü 😀 \" end", "true", null);
    assertThat(fields(json, true, "a", "b"))
        .containsExactly("\"tab\\t \\u00fc \\ud83d\\ude00 \\\" end\"", "true");
  }

  @Test
  void theLastOfANameThatComesAgainCounts() throws Exception {
    assertThat(fields("{\"a\": {\"b\": 1}, \"a\": 2, \"c\": 3, \"c\": null}", "a", "a.b", "c"))
        .containsExactly("2", null, null);
  }

  private static List<@Nullable String> found(byte[] message, String... paths) throws Exception {
    List<List<Object>> steps = new ArrayList<>();
    List<Boolean> asJson = new ArrayList<>();
    for (String path : paths) {
      steps.add(JsonPath.parse(path));
      asJson.add(false);
    }
    Fields fields = new Fields(paths.length);
    new JsonFields(steps, asJson, 1000).parse(message, 0, message.length, fields);
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      texts.add(
          fields.kind(i) == Fields.Kind.NULL
              ? null
              : new String(
                  fields.buffer(i), fields.start(i), fields.length(i), StandardCharsets.UTF_8));
    }
    return texts;
  }

  @Test
  void aPathLeadsThroughListsByTheirIndexes() throws Exception {
    byte[] message =
        "{\"a\": [{\"b\": 1}, {\"b\": [2, [3, \"x\"]]}], \"c\": [], \"d\": {\"e\": 4}}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(
            found(
                message,
                "a[0].b",
                "a[1].b[1][1]",
                "a[1].b",
                "$.a[0].b",
                "a[2].b",
                "c[0]",
                "d[0]",
                "a.b",
                "$.d.e"))
        .containsExactly("1", "x", "[2, [3, \"x\"]]", "1", null, null, null, null, "4");
    byte[] list = "[{\"a\": 1}, [2, 3]]".getBytes(StandardCharsets.UTF_8);
    assertThat(found(list, "[0].a", "[1][1]", "[2]")).containsExactly("1", "3", null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a.",
        "a..b",
        "a[*].b",
        "a[-1]",
        "a[x]",
        "a[1",
        "a[1]b",
        "$",
        "$..a",
        "$.*",
        "a.*",
        "a['b']",
        "a.[0]",
        "price[EUR]"
      })
  void aPathThatWouldBeNullInEveryRecordIsRefused(String path) {
    assertThatThrownBy(() -> JsonPath.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "'")
        .hasMessageContaining("as a list");
  }

  @Test
  void aListThatDoesNotEndIsNoJson() {
    assertThatThrownBy(() -> found("{\"a\": [1, 2".getBytes(StandardCharsets.UTF_8), "a[1]"))
        .isInstanceOfSatisfying(
            BadValueException.class, e -> assertThat(e.code()).isEqualTo("NOT_JSON"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void jsonInAnotherEncodingOfUnicodeIsRefusedAndLosesNoNestedValue(String charset)
      throws Exception {
    byte[] message = "{\"j\": {\"x\": [1, 2]}, \"a\": 7}".getBytes(charset);
    assertThatThrownBy(() -> found(message, "j", "a"))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("'encoding'");
    assertThatThrownBy(() -> found(("\ufeff{\"j\": 1}").getBytes(charset), "j"))
        .isInstanceOf(BadValueException.class);
  }

  @Test
  void theMarkOfUtf8BeforeJsonIsPassedOver() throws Exception {
    byte[] message = "\ufeff{\"j\": {\"x\": [1, 2]}, \"a\": 7}".getBytes(StandardCharsets.UTF_8);
    assertThat(found(message, "j", "a")).containsExactly("{\"x\": [1, 2]}", "7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{\"a\": }",
        "{\"a\": 1} {}",
        "{\"a\": 1,}",
        "{'a': 1}",
        "{\"a\": NaN}",
        "{\"a\": \"\\ud800\"}",
        "{\"a\": \"line\nbreak\"}"
      })
  void whatIsNoJsonObjectIsRefusedInOneLine(String text) {
    assertThatThrownBy(() -> fields(text, "a"))
        .isInstanceOf(BadValueException.class)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anObjectOfHostileDepthIsRefusedAndDoesNotExhaustTheStack() {
    String deep = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
    assertThatThrownBy(() -> fields(deep, "b")).isInstanceOf(BadValueException.class);
  }
}
