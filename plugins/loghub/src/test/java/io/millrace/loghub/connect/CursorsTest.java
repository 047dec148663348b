package io.millrace.loghub.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CursorsTest {

  /** From the service's documentation: 1447299606896632356. */
  private static final String CURSOR = "MTQ0NzI5OTYwNjg5NjYzMjM1Ng==";

  /** 1447299606896632361. */
  private static final String LATER = "MTQ0NzI5OTYwNjg5NjYzMjM2MQ==";

  @Test
  void theDistanceIsInLogGroups() {
    assertThat(Cursors.distance(CURSOR, LATER)).hasValue(5);
    assertThat(Cursors.distance(LATER, CURSOR)).hasValue(-5);
    assertThat(Cursors.distance(CURSOR, CURSOR)).hasValue(0);
  }

  @Test
  void nothingIsConcludedFromWhatCannotBeRead() {
    for (String odd : new String[] {"", "?", "eHl6", "LTE=", "OTk5OTk5OTk5OTk5OTk5OTk5OTk="}) {
      assertThat(Cursors.distance(odd, CURSOR)).isEmpty();
      assertThat(Cursors.distance(CURSOR, odd)).isEmpty();
    }
  }
}
