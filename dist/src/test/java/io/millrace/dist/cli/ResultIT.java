package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.dist.Distribution.Ended;
import io.millrace.dist.Distribution.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the packaged command line puts the result of a run. */
class ResultIT {

  @TempDir private Path directory;

  @BeforeEach
  void writeTask() throws Exception {
    Files.writeString(
        directory.resolve("task.yaml"),
        """
        reader: {stream: {sliceRecordCount: 1, column: [{type: long, value: 1}]}}
        writer: {stream: {print: false}}
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdout"})
  void standardOutputGetsItBehindWhatItHoldsAlready(String name) {
    // It goes into a file here, which a rename would replace and a second opening would overwrite.
    Ended ended = new Distribution(directory).run("run", "task.yaml", "--result", name);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("DI Finish at", "State: 0(SUCCESS)", "\"state\" : \"SUCCESS\"")
        .doesNotContain("\0");
  }

  @Test
  void aPipeGetsItAndStays() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Running running = new Distribution(directory).start("run", "task.yaml", "--result", "pipe");
    Process reader = new ProcessBuilder("cat", pipe.toString()).start();
    try {
      assertThat(running.await().exitCode()).isZero();
      assertThat(new String(reader.getInputStream().readAllBytes())).contains("\"SUCCESS\"");
    } finally {
      reader.destroy();
    }
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }
}
