package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.read.Reader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IdentitiesTest {

  private static final Map<String, String> BEFORE = Map.of("table a", "7" + Reader.AT_SERVER + "x");

  private static void compare(Map<String, String> now) {
    Identities.requireSame("source", BEFORE, now);
  }

  @Test
  void anotherThingUnderTheSameNameIsRefused() {
    assertThatThrownBy(() -> compare(Map.of("table a", "8" + Reader.AT_SERVER + "x")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("removed and made again");
    assertThatThrownBy(() -> compare(Map.of())).hasMessageContaining("is gone");
    assertThatThrownBy(() -> compare(Map.of("table a", "8")))
        .hasMessageContaining("removed and made again");
  }

  @Test
  void anIdentityThatCanNoLongerBeReadIsNoOtherThingAndSaysWhatIsMissing() {
    String denied = Reader.UNREADABLE + "you need the PROCESS privilege" + Reader.AT_SERVER;
    assertThatThrownBy(() -> compare(Map.of("table a", denied + "x")))
        .hasMessage(
            "the source's table a cannot be compared with the one with which the run began, because"
                + " its identity can no longer be read: you need the PROCESS privilege; make it"
                + " readable again and resume, or run the task from scratch");
    assertThatCode(() -> compare(Map.of("table a", denied + "y"))).doesNotThrowAnyException();
    for (String now : List.of("8" + Reader.AT_SERVER + "x", denied + "x")) {
      assertThatCode(
              () ->
                  Identities.requireSame(
                      "target", Map.of("table a", denied + "x"), Map.of("table a", now)))
          .doesNotThrowAnyException();
    }
    assertThatCode(
            () -> Identities.requireSame("target", Map.of("table a", denied + "x"), Map.of()))
        .doesNotThrowAnyException();
  }

  @Test
  void whatAnotherServerSaysIsNoOtherThing() {
    assertThatCode(() -> compare(Map.of("table a", "8" + Reader.AT_SERVER + "y")))
        .doesNotThrowAnyException();
    assertThatCode(() -> compare(BEFORE)).doesNotThrowAnyException();
    assertThatCode(() -> Identities.requireSame("source", null, Map.of("table a", "8")))
        .doesNotThrowAnyException();
  }
}
