package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Connector;
import io.millrace.api.error.MillraceException;
import io.millrace.testkit.context.ConnectionTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocalConnectionTestTest {

  @TempDir Path folder;

  static List<Connector> connectors() {
    return List.of(new FilesConnector(), new TxtFileConnector());
  }

  private static String test(Connector connector, Object path) {
    return ConnectionTests.run(connector, Map.of("path", path));
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void whatThePathNamesIsThere(Connector connector) throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "1\n");
    assertThat(test(connector, folder.toString())).isEqualTo("the folder " + folder);
    assertThat(test(connector, folder + "/")).isEqualTo("the folder " + folder + "/");
    assertThat(test(connector, file.toString())).isEqualTo("the file " + file);
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void whatIsMissingIsToldAndNotMade(Connector connector) {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> test(connector, missing + "/"))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("no file or folder is at " + missing);
    assertThat(missing).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void aPatternAListAndNothingAreLeftToTheTasks(Connector connector) {
    assertThat(test(connector, folder + "/*.csv")).contains("looked for by each task");
    assertThat(test(connector, List.of(folder + "/a", folder + "/b")))
        .contains("looked for by each task");
    assertThat(ConnectionTests.run(connector, Map.of())).contains("names no path");
  }
}
