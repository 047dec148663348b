package io.millrace.api.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {

  private static final String B = "\\";

  private static String read(String text) {
    return Escapes.read("fieldDelimiter", text);
  }

  @Test
  void whatIsHardToTypeIsRead() {
    assertThat(read(B + "u0001")).isEqualTo("\001");
    assertThat(read(B + "x1" + B + "t" + B + "n" + B + "r" + B + B)).isEqualTo("\001\t\n\r" + B);
    assertThat(read("|" + B + "u4e2d|")).isEqualTo("|" + (char) 0x4e2d + "|");
    assertThat(read("," + B + "q" + B)).isEqualTo("," + B + "q" + B);
  }

  @ParameterizedTest
  @ValueSource(strings = {"u", "x", "ug", "x|"})
  void digitsThatAreMissingAreTold(String text) {
    assertThatThrownBy(() -> read(B + text))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("fieldDelimiter")
        .hasMessageContaining("needs hex digits");
  }
}
