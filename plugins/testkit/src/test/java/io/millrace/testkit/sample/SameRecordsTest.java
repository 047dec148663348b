package io.millrace.testkit.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SameRecordsTest {

  private static List<@Nullable String> record(@Nullable String... values) {
    return Arrays.asList(values);
  }

  private static void says(
      List<List<@Nullable String>> actual, List<List<@Nullable String>> expected, String message) {
    assertThatThrownBy(() -> SameRecords.require(actual, expected))
        .isInstanceOf(AssertionError.class)
        .hasMessage(message);
  }

  @Test
  void theSameRecordsAreTheSame() {
    List<List<@Nullable String>> records = List.of(record("1", null), record("2", "x"));
    assertThatCode(() -> SameRecords.require(records, new ArrayList<>(records)))
        .doesNotThrowAnyException();
    assertThatCode(() -> SameRecords.require(List.of(), List.of())).doesNotThrowAnyException();
  }

  @Test
  void theFirstValueThatDiffersIsTold() {
    says(
        List.of(record("1", "x"), record("2", "y"), record("3", "z")),
        List.of(record("1", "x"), record("2", "Y"), record("4", "z")),
        "record 1, value 1 is 'y' instead of 'Y'");
    says(
        List.of(record("1", null)),
        List.of(record("1", "NULL")),
        "record 0, value 1 is NULL instead of 'NULL'");
    says(
        List.of(record("1", "")),
        List.of(record("1", null)),
        "record 0, value 1 is '' instead of NULL");
    says(
        List.of(record("a\r\nb\u0000\u2028")),
        List.of(record("a\r\nc")),
        "record 0, value 0 is 'a\\u000d\\u000ab\\u0000\\u2028' instead of 'a\\u000d\\u000ac',"
            + " from character 3 on");
  }

  @Test
  void aRecordThatIsMissingOrTooManyIsTold() {
    says(
        List.of(record("1", "x")),
        List.of(record("1", "x"), record("2", null)),
        "1 records instead of 2; record 1 is not there instead of ['2', NULL]");
    says(
        List.of(record("1"), record("2")),
        List.of(record("2")),
        "2 records instead of 1; record 0, value 0 is '1' instead of '2'");
    says(
        List.of(record("1")), List.of(record("1", "x")), "record 0 is ['1'] instead of ['1', 'x']");
  }

  @Test
  void aLongValueIsShownAroundWhatDiffers() {
    String before = "y".repeat(70_000);
    says(
        List.of(record("1", before + "a" + before)),
        List.of(record("1", before + "b")),
        "record 0, value 1 is '…"
            + "y".repeat(10)
            + "a"
            + "y".repeat(49)
            + "…' (140001 characters) instead of '…"
            + "y".repeat(10)
            + "b' (70001 characters), from character 70000 on");
  }

  @Test
  void theLineIsShortWhateverTheRecordsAre() {
    String value = "😀\\\n".repeat(100_000);
    List<@Nullable String> wide = new ArrayList<>(Collections.nCopies(5_000, value));
    List<@Nullable String> wider = new ArrayList<>(wide);
    wider.add(null);
    assertThatThrownBy(() -> SameRecords.require(List.of(wide), List.of(wider)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContain("\n"));
    assertThatThrownBy(() -> SameRecords.require(Collections.nCopies(1_000, wide), List.of()))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContain("\n"));
  }
}
