package io.millrace.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.read.Overlap.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HubMarkTest {

  private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
  private static final Window OPEN = new Window(NOW.minusSeconds(60), NOW.plusSeconds(60));
  private static final Window OVER = new Window(NOW.minusSeconds(60), NOW);
  private static final HubMark OWN =
      new HubMark("loghub", "https://cn-x.log.aliyuncs.com/", "p", "s", "17");

  private static Kind kind(HubMark target, Window window) {
    return OWN.overlap(target.text(), window, NOW).kind();
  }

  @Test
  void theSameStoreIsOneUnlessTheWindowIsOver() {
    assertThat(kind(OWN, OPEN)).isEqualTo(Kind.CERTAIN);
    assertThat(kind(OWN, OVER)).isEqualTo(Kind.NONE);
    assertThat(kind(new HubMark("datahub", OWN.endpoint(), "p", "s", "17"), OPEN))
        .isEqualTo(Kind.NONE);
    assertThat(kind(new HubMark("loghub", OWN.endpoint(), "p", "t", "17"), OPEN))
        .isEqualTo(Kind.NONE);
    assertThat(OWN.overlap("mysql:x", OPEN, NOW).kind()).isEqualTo(Kind.NONE);
  }

  @Test
  void theServiceCountsAndNotItsNames() {
    String inside = "cn-x-intranet.log.aliyuncs.com";
    assertThat(kind(new HubMark("loghub", inside, "p", "s", "17"), OPEN)).isEqualTo(Kind.CERTAIN);
    assertThat(kind(new HubMark("loghub", inside, "p", "s", "18"), OPEN)).isEqualTo(Kind.NONE);
    assertThat(kind(new HubMark("loghub", inside, "p", "s", ""), OPEN)).isEqualTo(Kind.POSSIBLE);
    assertThat(kind(new HubMark("loghub", "http://CN-x.log.aliyuncs.com", "p", "s", ""), OPEN))
        .isEqualTo(Kind.CERTAIN);
  }
}
