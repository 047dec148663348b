package io.millrace.files.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameEndingTest {

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "in/A.JSONL.gz", "app.jsonl.1", "app.jsonl.1.gz", "b.x.jsonl"})
  void theEndingStandsInFrontOfANumberAndACompression(String name) {
    assertThat(NameEnding.of(name).orElseThrow().format()).isEqualTo(FileFormat.JSONL);
  }

  /** Commas part nothing in such a file: read as csv, each of its lines would be one value. */
  @Test
  void aTsvIsNoCsvUnlessTheTaskSaysSo() {
    assertThat(NameEnding.of("a.tsv").orElseThrow().format()).isNull();
    assertThat(NameEnding.of("a.tsv.1.gz").orElseThrow().format()).isNull();
  }

  @Test
  void otherNamesSayNothing() {
    assertThat(NameEnding.of("jsonl")).isEmpty();
    assertThat(NameEnding.of("a.jsonl/data")).isEmpty();
    assertThat(NameEnding.of("a.2024")).isEmpty();
  }
}
