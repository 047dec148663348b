package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Connector;
import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.testkit.context.ConnectionTests;
import io.millrace.testkit.context.TestContext;
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

  /** Nobody learns whether something is there. */
  @ParameterizedTest
  @MethodSource("connectors")
  void whatIsOutOfReachIsNotLookedFor(Connector connector) throws IOException {
    Path root = Files.createDirectory(folder.toRealPath().resolve("root"));
    Path file = Files.writeString(root.resolveSibling("a.csv"), "1\n");
    TestContext bound =
        TestContext.create()
            .withFiles(LocalFiles.within(List.of(root), "files.roots", "conf/millrace.yaml"));
    for (String path : List.of(file.toString(), folder + "/missing", root + "/../a.csv")) {
      assertThatThrownBy(() -> ConnectionTests.marked(connector, Map.of("path", path), bound))
          .hasMessageContaining("outside of files.roots");
    }
    assertThat(ConnectionTests.marked(connector, Map.of("path", root.toString()), bound))
        .contains("the folder " + root);
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
