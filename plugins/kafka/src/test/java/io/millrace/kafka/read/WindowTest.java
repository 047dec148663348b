package io.millrace.kafka.read;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Window window(Object... options) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", "a:1", "topic", "t"));
    for (int i = 0; i < options.length; i += 2) {
      raw.put((String) options[i], options[i + 1]);
    }
    Options.Checked checked = Options.check(DeclaredOptions.all(), raw);
    assertThat(checked.problems()).isEmpty();
    return Window.of(checked.options(), BERLIN);
  }

  @Test
  void withoutAnythingItIsAllThatIsThere() {
    assertThat(window()).isEqualTo(new Window(new Bound.Earliest(), new Bound.Latest()));
  }

  @ParameterizedTest
  @CsvSource({
    "20261124000000, 1795474800000",
    "20261124, 1795474800000",
    "2026-11-24 00:00:00, 1795474800000",
    "2026-11-24T00:00:00, 1795474800000",
    "20261124 00:00:00, 1795474800000",
    "20261124T000000, 1795474800000"
  })
  void timesAreOfTheTasksZone(String text, long millis) {
    assertThat(window("beginDateTime", text).begin()).isEqualTo(new Bound.AtTime(millis, text));
  }

  @Test
  void theWordsOfDataworksAreKnown() {
    assertThat(window("beginOffset", "seekToBeginning").begin()).isEqualTo(new Bound.Earliest());
    assertThat(window("beginOffset", "seekToEnd").begin()).isEqualTo(new Bound.Latest());
    assertThat(window("beginOffset", "seekToLast").begin()).isEqualTo(new Bound.Current());
    assertThat(window("beginType", "current").begin()).isEqualTo(new Bound.Current());
    // The wizard leaves a time behind that does not count with another type.
    assertThat(window("beginType", "earliest", "beginDateTime", "20261124000000").begin())
        .isEqualTo(new Bound.Earliest());
    assertThat(window("endType", "specific", "endOffset", 7).end())
        .isEqualTo(new Bound.AtOffset(7));
  }

  @ParameterizedTest
  @CsvSource({
    "beginDateTime, 2026-13-01, is not a time",
    "beginOffset, -1, is not a whole number",
    "endOffset, seekToEnd, is not a whole number",
    "beginType, specific, give 'beginDateTime'",
    "endType, specific, give 'endDateTime'",
    "timeZone, Nowhere/Else, there is no zone"
  })
  void whatIsWrongIsToldWithItsOption(String option, String value, String message) {
    assertThatThrownBy(() -> window(option, value))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("kafka reader: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "20251131000000",
    "20260229",
    "2025-11-31 00:00:00",
    "20251124240000",
    "20251124006000",
    "2026-1-124",
    "2026-11-2400:00:00",
    "202611240000"
  })
  void aTimeThatNoCalendarOrClockHasIsRefusedOnEitherSide(String text) {
    assertThatThrownBy(() -> window("beginDateTime", text)).hasMessageContaining("is not a time");
    assertThatThrownBy(() -> window("endDateTime", text)).hasMessageContaining("is not a time");
  }

  @ParameterizedTest
  @CsvSource({
    "20260329015959, 2026-03-29T00:59:59Z",
    "20260329020000, 2026-03-29T01:00:00Z",
    "20260329023000, 2026-03-29T01:00:00Z",
    "20260329025959, 2026-03-29T01:00:00Z",
    "20260329030000, 2026-03-29T01:00:00Z",
    "20261025023000, 2026-10-25T00:30:00Z"
  })
  void aBoundThatClocksLeaveOutIsTheMomentOfTheChangeAndOneThatComesTwiceTheEarlier(
      String text, Instant expected) {
    assertThat(window("endDateTime", text).end())
        .isEqualTo(new Bound.AtTime(expected.toEpochMilli(), text));
  }

  @Test
  void anOffsetBehindTheEndIsRefused() {
    assertThatThrownBy(() -> window("beginOffset", 7, "endOffset", 6))
        .hasMessageContaining("begins at offset 7, after it ends at offset 6");
    assertThat(window("beginOffset", 7, "endOffset", 7).begin()).isEqualTo(new Bound.AtOffset(7));
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> window("beginOffset", 1, "beginDateTime", "20261124000000"))
        .hasMessageContaining("only one of");
    assertThatThrownBy(
            () -> window("beginDateTime", "20261124000001", "endDateTime", "20261124000000"))
        .hasMessageContaining("after it ends");
  }
}
