package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonValuesTest {

  private static @Nullable Problem problem(String json, boolean fromMySql) {
    return problem(json, fromMySql ? JsonValues.Origin.MYSQL_TEXT : JsonValues.Origin.ANY);
  }

  private static @Nullable Problem problem(String json, JsonValues.Origin origin) {
    byte[] bytes = ("9" + json + "9").getBytes(StandardCharsets.UTF_8);
    return JsonValues.problem(bytes, 1, bytes.length - 1, origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 1.5, \"b\": [1, \"x\", null, true, -0.0, 1.0]}",
        "1e100",
        "[18446744073709551615, -9223372036854775808, 0.1, 0.30000000000000004]",
        "\"1.50 and 0.12345678901234567890\"",
        "{\"a \\\" 1.50\": \"\\\\\", \"b\": 2}",
        "123456789.1234568",
        "1.7976931348623157e308",
        "not JSON at all: --5..",
        "\"no end",
        ""
      })
  void whatADoubleOrAnIntegerKeepsIsNoProblem(String json) {
    assertThat(problem(json, true)).isNull();
    assertThat(problem(json, false)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 0.12345678901234567890}",
        "[1, 12345678901234567890.5]",
        "123456789012345678901234567891",
        "18446744073709551617"
      })
  void aNumberThatWouldLoseDigitsIsOneAndCanBeRounded(String json) {
    assertThat(problem(json, false)).matches(problem -> problem.narrows());
    assertThat(problem(json, true)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": 1.50}", "[\"x\", 10.00]"})
  void aDecimalOfAMySqlIsOneAlsoWhereItsNumberStays(String json) {
    assertThat(problem(json, true)).matches(problem -> problem.message().contains("double"));
    assertThat(problem(json, JsonValues.Origin.LOOKED_AT)).isNotNull();
    assertThat(problem(json, false)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"b\": \"base64:type15:eHk=\"}"})
  void aBlobOfAMySqlIsOneAndIsNotRounded(String json) {
    assertThat(problem(json, true)).matches(problem -> !problem.narrows());
    assertThat(problem(json, false)).isNull();
    // The server has said that it is a string.
    assertThat(problem(json, JsonValues.Origin.LOOKED_AT)).isNull();
  }
}
