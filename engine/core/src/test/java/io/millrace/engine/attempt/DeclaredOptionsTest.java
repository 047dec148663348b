package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredOptionsTest {

  private static final DeclaredOptions DECLARED =
      new DeclaredOptions(
          List.of(ConfigOption.strings("path", "d").withAliases("Pfad").asLocalPath()),
          List.of(
              ConfigOption.string("keyStore", "d").asLocalPath(), ConfigOption.string("x", "d")));

  @TempDir private Path top;

  private void check(String reader, String writer) throws IOException {
    Path root = Files.createDirectories(top.toRealPath().resolve("files"));
    TaskSpec task =
        TaskFiles.read(
            "t",
            ("reader: {r: {" + reader + "}}\nwriter: {w: {" + writer + "}}\n")
                .replace("ROOT", root.toString()),
            ReadSettings.defaults().withParameters(Map.of("p", "/etc")));
    DECLARED.requireInReach(
        task, LocalFiles.within(List.of(root), "files.roots", "conf/millrace.yaml"));
  }

  @Test
  void aPathOutOfReachIsRefusedBeforeAnythingRuns() {
    for (String reader :
        List.of(
            "path: /etc/passwd",
            "PATH: ['ROOT/a', /etc/passwd]",
            "pfad: /etc/*.conf",
            "path: 'ROOT/../../x'",
            "path: 'ROOT/../*'",
            "path: '/etc/$[yyyymmdd]'")) {
      assertThatThrownBy(() -> check(reader, ""))
          .as(reader)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("outside of files.roots");
    }
    assertThatThrownBy(() -> check("path: ROOT/a", "keyStore: /etc/key"))
        .hasMessageContaining("outside of files.roots");
  }

  @Test
  void whatIsInReachOrNotKnownYetIsLeftToTheRun() {
    for (String reader :
        List.of("path: 'ROOT/a/*.csv'", "path: '${p}/a'", "path: ['ROOT/${p}']", "other: /etc")) {
      assertThatCode(() -> check(reader, "x: /etc/passwd")).as(reader).doesNotThrowAnyException();
    }
  }
}
