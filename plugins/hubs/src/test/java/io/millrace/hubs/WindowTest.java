package io.millrace.hubs;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.testkit.context.TestContext;
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
  void theHourThatIsLeftOutIsAnEmptyWindowAndIsToldSo() {
    TestContext context = TestContext.create();
    for (String[] ends :
        new String[][] {
          {"20260329020000", "20260329030000"},
          {"20260329021500", "20260329023000"}
        }) {
      Window window = Window.of(ends[0], ends[1], BERLIN);
      assertThat(window.begin()).isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
      assertThat(window.end()).isEqualTo(window.begin());
      window.tellIfEmpty(context);
    }
    assertThat(context.log().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("the window is empty: clocks are put forward over it"));
    Window.of("20260329030000", "20260329040000", BERLIN).tellIfEmpty(context);
    assertThat(context.log().lines()).hasSize(2);
  }

  @Test
  void anEndThatIsNotBehindTheBeginIsToldSo() {
    assertThatThrownBy(() -> Window.of("20261121", "20261121", BERLIN))
        .hasMessageContaining("must be after");
    assertThatThrownBy(() -> Window.of("20260329023000", "20260329023000", BERLIN))
        .hasMessageContaining("must be after");
    assertThatThrownBy(() -> Window.of("20260329024500", "20260329023000", BERLIN))
        .hasMessageContaining("must be after");
  }
}
