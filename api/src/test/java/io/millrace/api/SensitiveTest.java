package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensitiveTest {

  private static final String MESSAGE =
      "column 'price': " + Sensitive.mark("12.5") + " does not fit, " + Sensitive.mark("x");

  @Test
  void whatIsMarkedIsHiddenFromSomeAndShownToOthers() {
    assertThat(Sensitive.hidden(MESSAGE))
        .isEqualTo("column 'price': (hidden) does not fit, (hidden)");
    assertThat(Sensitive.plain(MESSAGE)).isEqualTo("column 'price': 12.5 does not fit, x");
    assertThat(Sensitive.hidden("our words")).isEqualTo("our words");
  }

  @Test
  void aPartCannotEndItsOwnMark() {
    String part = "a\u2069b\u2068c";
    assertThat(Sensitive.hidden("<" + Sensitive.mark(part) + ">")).isEqualTo("<(hidden)>");
    assertThat(Sensitive.plain(Sensitive.mark(part))).isEqualTo("abc");
  }

  @Test
  void aPartOfAMessageThatWasCutStaysHidden() {
    int first = MESSAGE.indexOf(',');
    for (int cut = 0; cut <= first; cut++) {
      assertThat(Sensitive.hidden(MESSAGE.substring(0, cut))).doesNotContain("1", "2.5");
      assertThat(Sensitive.hidden(MESSAGE.substring(cut, first))).doesNotContain("12", ".5");
    }
  }

  @Test
  void aMarkedPartMayBeMarkedAgainWithWhatIsAroundIt() {
    String outer = Sensitive.mark("server says: " + Sensitive.mark("secret row") + " twice");
    assertThat(Sensitive.hidden(outer)).isEqualTo("(hidden)");
  }

  @Test
  void aMessageThatIsCutHidesNothingOfWhatIsAddedToIt() {
    for (int cut = 0; cut <= MESSAGE.length(); cut++) {
      String hidden = Sensitive.hidden(Sensitive.cut(MESSAGE, cut) + "; see the log");
      assertThat(hidden).endsWith("; see the log").doesNotContain("1", "2.5");
    }
    assertThat(Sensitive.plain(Sensitive.cut("ab" + Sensitive.mark("cd"), 4))).isEqualTo("abc");
  }

  @Test
  void aColumnThatIsAnExpressionIsMarkedAndANameIsNot() {
    assertThat(Sensitive.name("orders.id_2")).isEqualTo("orders.id_2");
    assertThat(Sensitive.name("größe")).isEqualTo("größe");
    for (String expression : new String[] {"'x'", "4711", "concat(a, 'x')", "a b", ""}) {
      assertThat(Sensitive.hidden(Sensitive.name(expression))).isEqualTo("(hidden)");
    }
  }

  @Test
  void theTextOfAForeignExceptionIsMarkedAndOursIsNot() {
    assertThat(Sensitive.hidden(Sensitive.message(new java.io.IOException("row 4711"))))
        .isEqualTo("(hidden)");
    assertThat(Sensitive.message(new java.io.IOException())).isEqualTo("IOException");
    assertThat(
            Sensitive.hidden(
                Sensitive.message(new MillraceException(StandardError.INTERNAL, MESSAGE))))
        .isEqualTo(Sensitive.hidden(MESSAGE));
  }

  @Test
  void thePositionsOfMarkedPartsAreThoseThatAreHidden() {
    assertThat(Sensitive.marked("a " + Sensitive.mark("bc") + " d").stream()).containsExactly(3, 4);
    assertThat(Sensitive.marked("ab\u2069 c").stream()).containsExactly(0, 1);
    assertThat(Sensitive.marked("a\u2068bc").stream()).containsExactly(2, 3);
    assertThat(Sensitive.marked("our words").isEmpty()).isTrue();
  }

  @Test
  void ofColumnsThatAreNoPlainNamesNobodyIsToldWhatTheySay() {
    List<String> columns = List.of("id", "'Zmarker'", "a.b-c", "4711");
    assertThat(Sensitive.hidden(Sensitive.names(columns)))
        .isEqualTo("id, (hidden), a.b-c, (hidden)");
    assertThat(Sensitive.plain(Sensitive.names(columns))).isEqualTo("id, 'Zmarker', a.b-c, 4711");
  }
}
