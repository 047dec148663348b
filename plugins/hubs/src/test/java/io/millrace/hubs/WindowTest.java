package io.millrace.hubs;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void itsEndsAreMeantInTheTasksZone() {
    Window window = Window.of("20261120000000", " 20261121 ", BERLIN);
    assertThat(window.begin()).isEqualTo(Instant.parse("2026-11-19T23:00:00Z"));
    assertThat(window.end()).isEqualTo(Instant.parse("2026-11-20T23:00:00Z"));
  }

  @Test
  void daysAreWholeWhenClocksChange() {
    Window spring = Window.of("20260329", "20260330", BERLIN);
    Window autumn = Window.of("20261025", "20261026", BERLIN);
    assertThat(spring.end().getEpochSecond() - spring.begin().getEpochSecond())
        .isEqualTo(23 * 3600);
    assertThat(autumn.end().getEpochSecond() - autumn.begin().getEpochSecond())
        .isEqualTo(25 * 3600);
    assertThat(Window.of("20261025023000", "20261026", BERLIN).begin())
        .isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2026", "2026-11-20", "20260231000000", "20261120240000", "yesterday"})
  void whatIsNoTimeIsToldSo(String text) {
    assertThatThrownBy(() -> Window.of(text, "20261121", BERLIN))
        .isInstanceOf(MillraceException.class)
        .hasMessageContainingAll("'beginDateTime'", "'" + text + "'", "yyyyMMddHHmmss");
  }

  @Test
  void anEndThatIsNotBehindTheBeginIsToldSo() {
    assertThatThrownBy(() -> Window.of("20261121", "20261121", BERLIN))
        .hasMessageContaining("must be after");
  }
}
