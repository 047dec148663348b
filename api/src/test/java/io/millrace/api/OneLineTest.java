package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.OneLine;
import io.millrace.api.error.StandardError;
import org.junit.jupiter.api.Test;

class OneLineTest {

  /** As Connector/J gives it where a connection breaks while rows are read. */
  private static final String NESTED =
      """
      Communications link failure during rollback().


      ** BEGIN NESTED EXCEPTION **\s

      com.mysql.cj.jdbc.exceptions.CommunicationsException
      MESSAGE: Communications link failure

      STACKTRACE:

      com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure
      \tat com.mysql.cj.jdbc.exceptions.SQLError.createCommunicationsException(SQLError.java:165)
      \t... 12 more
      ** END NESTED EXCEPTION **


      """;

  private static String message(String text) {
    return String.valueOf(
        new MillraceException(StandardError.READ, text, new IllegalStateException(text))
            .getMessage());
  }

  @Test
  void aTraceInADriversTextIsLeftOut() {
    assertThat(message("table a: " + Sensitive.mark(NESTED) + " (error 5)"))
        .startsWith("table a: ")
        .contains("Communications link failure during rollback().")
        .doesNotContain("NESTED", "STACKTRACE", "\n", "\tat ");
    assertThat(message("a: java.io.IOException: gone\n\tat x.Y.z(Y.java:1)\n\t... 3 more\nmore"))
        .isEqualTo("a: java.io.IOException: gone more");
  }

  @Test
  void controlCharactersAndBreaksBecomeBlanks() {
    assertThat(message("a\u001b[31mb\r\nc\u2028d\u0000e\tf")).isEqualTo("a [31mb c d e f");
  }

  @Test
  void aTextOfAnyLengthIsBoundedBetweenWords() {
    String long1 = message("what: " + "word ".repeat(100_000) + "secret");
    assertThat(long1).hasSizeLessThan(4100).endsWith("word… (cut)");
    assertThat(message("what: " + "x".repeat(100_000))).isEqualTo("what:… (cut)");
  }

  @Test
  void whatIsMarkedStaysMarkedToItsEnd() {
    String cut = message("what: " + Sensitive.mark("data ".repeat(10_000)) + " more");
    assertThat(Sensitive.hidden(cut)).doesNotContain("data");
    String nested = message("what: " + Sensitive.mark(NESTED) + " more");
    assertThat(Sensitive.hidden(nested)).doesNotContain("Communications");
  }

  @Test
  void anOrdinaryMessageIsTheSameText() {
    String text = "table a: " + Sensitive.mark("x") + " — really";
    assertThat(OneLine.of(text)).isSameAs(text);
  }
}
