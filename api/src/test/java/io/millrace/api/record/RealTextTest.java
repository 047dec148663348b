package io.millrace.api.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "-9007199254740993",
        "9007199254740993.0",
        "9223372036854775807",
        "18446744073709551615",
        "12345678901234567890",
        "1234567890123456800"
      })
  void aWholeNumberThatNoDoubleIsLosesDigits(String text) {
    assertThat(RealText.losesDigits(Double.parseDouble(text), 64, text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740991",
        "9007199254740992",
        "9007199254740994",
        "9223372036854775808",
        "18446744073709551616",
        // As C and Java print doubles.
        "1234567890123456768",
        "9.9999999999999992e+22",
        "1.0E23",
        "0.1",
        "0.30000000000000004441",
        "NaN",
        "-Infinity"
      })
  void aNumberThatADoubleIsOrIsPrintedAsKeepsThem(String text) {
    assertThat(RealText.losesDigits(Double.parseDouble(text), 64, text)).isFalse();
  }

  @Test
  void aFloatHasLess() {
    assertThat(RealText.losesDigits(Float.parseFloat("16777217"), 32, "16777217")).isTrue();
    assertThat(RealText.losesDigits(Float.parseFloat("16777216"), 32, "16777216")).isFalse();
    assertThat(RealText.losesDigits(Float.parseFloat("0.1"), 32, "0.1")).isFalse();
  }
}
