package io.millrace.files.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileFaultTest {

  @Test
  void everybodySeesOurOwnWordsAndTheSystemsAndNoneThatMayHoldData() {
    assertThat(shown(new FileFault("a page's header is broken")))
        .isEqualTo("a page's header is broken");
    assertThat(shown(new FileFault("it has no column '" + Sensitive.name("4711 x") + "'")))
        .isEqualTo("it has no column '(hidden)'");
    assertThat(shown(new FileSystemException("/a/b", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
    for (IOException others :
        List.of(
            new IOException("at 'Zmarker'"),
            new IOException("\u2069Zmarker\u2068"),
            new EOFException("Zmarker"),
            new FileSystemException("Zmarker"))) {
      assertThat(shown(others)).isEqualTo("(hidden)");
      assertThat(Sensitive.plain(FileFault.reason(others))).contains("Zmarker");
    }
    assertThat(shown(new EOFException())).isEqualTo("EOFException");
  }

  private static String shown(IOException failure) {
    return Sensitive.hidden(FileFault.reason(failure));
  }
}
