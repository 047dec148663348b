package io.millrace.engine.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "-5, 0B",
    "1, 1B",
    "1023, 1023B",
    "1024, 1.0KB",
    "954163, 931.8KB",
    "9541632, 9.1MB",
    "1048575, 1.0MB",
    "1073741824, 1.0GB",
    "9223372036854775807, 8.0EB",
  })
  void bytes(double bytes, String text) {
    assertThat(Figures.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0%",
    "0.41, 41.0%",
    "0.9999, 99.9%",
    "1, 100.0%",
    "1.5, 100.0%",
    "-1, 0.0%",
    "NaN, 0.0%"
  })
  void percent(double share, String text) {
    assertThat(Figures.percent(share)).isEqualTo(text);
  }
}
