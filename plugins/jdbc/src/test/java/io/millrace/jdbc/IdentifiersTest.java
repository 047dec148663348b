package io.millrace.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class IdentifiersTest {

  @Test
  void aQuoteInsideIsDoubled() {
    assertThat(Identifiers.BACKTICK.quote("a`b")).isEqualTo("`a``b`");
    assertThat(Identifiers.DOUBLE_QUOTE.quote("s", "a\"b")).isEqualTo("\"s\".\"a\"\"b\"");
  }

  @Test
  void quotesAreTakenOffOnlyWhenTheyHoldTheWholeName() {
    assertThat(Identifiers.BACKTICK.unquote("`a``b`")).isEqualTo("a`b");
    assertThat(Identifiers.BACKTICK.unquote("`a` + `b`")).isEqualTo("`a` + `b`");
    assertThat(Identifiers.BACKTICK.unquote("a")).isEqualTo("a");
  }

  @Test
  void aNameNoDatabaseKnowsIsRefused() {
    assertThatThrownBy(() -> Identifiers.BACKTICK.quote(""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Identifiers.BACKTICK.quote("a\0"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
