package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultFileTest {

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(new PrintStream(out, true), new PrintStream(out, true), false, false);

  private void write(Path file) {
    new ResultFile(file, terminal)
        .write(
            ResultFile.refused(new MillraceException(StandardError.CONFIGURATION, "refused")),
            null);
  }

  @Test
  void aDeviceIsWrittenToAndStays() throws IOException {
    Path device = Files.createSymbolicLink(directory.resolve("null"), Path.of("/dev/null"));
    write(device);
    assertThat(Files.isSymbolicLink(device)).isTrue();
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    assertThat(directory).isDirectoryNotContaining("glob:**partial");
  }

  @Test
  void aFullDeviceIsToldOf() throws IOException {
    Path device = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));
    assertThatThrownBy(() -> write(device))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void aLinkStaysAndWhatItLeadsToIsReplaced() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("folder/result"));
    for (int i = 0; i < 2; i++) {
      write(link); // at first to where nothing is
      assertThat(Files.isSymbolicLink(link)).isTrue();
      assertThat(folder.resolve("result")).content().contains("\"FAIL\"");
    }
    assertThat(Files.isRegularFile(folder.resolve("result"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void linksInACircleAreRefusedBeforeTheRun() throws IOException {
    Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> new ResultFile(directory.resolve("a"), terminal))
        .hasMessageContaining("--result")
        .hasMessageContaining("circle");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdout", "/dev/fd/2", "/proc/self/fd/1", "/dev/stderr"})
  void theProcessesOwnOutputsAreWrittenTo(String name) {
    write(Path.of(name));
    assertThat(out.toString()).contains("\"FAIL\"").endsWith("}" + System.lineSeparator());
  }
}
