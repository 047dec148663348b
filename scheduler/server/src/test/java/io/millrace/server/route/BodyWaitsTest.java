package io.millrace.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.route.BodyWaits.Sender;
import org.junit.jupiter.api.Test;

class BodyWaitsTest {

  private static int fill(BodyWaits waits, Sender sender, int tries) {
    int entered = 0;
    for (int i = 0; i < tries; i++) {
      entered += waits.tryEnter(sender) ? 1 : 0;
    }
    return entered;
  }

  @Test
  void nobodyTakesTheShareOfOthersAndWhoIsNotKnownNotThatOfWhoIs() {
    BodyWaits waits = new BodyWaits(16);
    int strangers = 0;
    for (int i = 0; i < 10; i++) {
      Sender stranger = new Sender("network 10.0.0." + i, false);
      int own = fill(waits, stranger, 10);
      assertThat(own).isLessThanOrEqualTo(4);
      strangers += own;
    }
    assertThat(strangers).isEqualTo(8);
    assertThat(fill(waits, new Sender("account one", true), 10)).isEqualTo(4);
    assertThat(fill(waits, new Sender("account other", true), 10)).isEqualTo(4);
    assertThat(waits.tryEnter(new Sender("account third", true))).isFalse();
    waits.leave(new Sender("account one", true));
    assertThat(fill(waits, new Sender("account third", true), 10)).isEqualTo(1);
  }
}
