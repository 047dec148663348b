package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {

  @Test
  void onlyOneIsSingular() {
    assertThat(Counted.of(0, "file is", "files are")).isEqualTo("0 files are");
    assertThat(Counted.of(1, "file is", "files are")).isEqualTo("1 file is");
    assertThat(Counted.of(2, "file is", "files are")).isEqualTo("2 files are");
    assertThat(Counted.of(-1, "file is", "files are")).isEqualTo("-1 files are");
  }
}
