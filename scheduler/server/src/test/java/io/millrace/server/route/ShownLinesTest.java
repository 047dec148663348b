package io.millrace.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShownLinesTest {

  private static String shown(String text, Sight sight) throws IOException {
    try (Shown.Lines lines =
        new Shown.Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), sight)) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void eachLineIsShownAsItsReaderMaySeeIt() throws IOException {
    String text = "ours\n" + Sensitive.mark("theirs") + "\nours again";
    assertThat(shown(text, Sight.PLAIN)).isEqualTo("ours\ntheirs\nours again");
    assertThat(shown(text, Sight.HIDDEN)).isEqualTo("ours\n(hidden)\nours again");
    assertThat(shown(text, Sight.MARKED)).isEqualTo(text);
  }

  /** A line without an end must not fill the memory, and what is cut of it must not be shown. */
  @Test
  void aLineWithoutAnEndComesInParts() throws IOException {
    String endless = "ä".repeat(Shown.Lines.MOST) + Sensitive.mark("theirs") + "é";
    assertThat(shown("a" + endless + "\nnext", Sight.PLAIN))
        .isEqualTo(Sensitive.plain("a" + endless) + "\nnext");
    assertThat(shown("a" + endless + "\nnext", Sight.HIDDEN))
        .startsWith("aää")
        .endsWith("ä(hidden)\nnext")
        .doesNotContain("theirs")
        .hasSizeLessThan(Shown.Lines.MOST);
    assertThat(shown(Sensitive.mark(endless) + "\nnext", Sight.HIDDEN)).isEqualTo("(hidden)\nnext");
  }
}
