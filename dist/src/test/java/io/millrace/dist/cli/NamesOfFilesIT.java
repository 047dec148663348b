package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.dist.Distribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line where no locale is set, as under cron and in services. */
class NamesOfFilesIT {

  @TempDir private Path directory;

  @Test
  void namesBeyondAsciiAreReadAndWrittenWithoutALocale() throws IOException {
    Distribution distribution =
        new Distribution(directory).with("LC_ALL", "").with("LC_CTYPE", "").with("LANG", "C");
    Files.writeString(directory.resolve("plain.csv"), "1,a\n2,b\n");
    copy("first.yaml", "plain.csv", "出力", "中文");
    copy("second.yaml", "出力/中*", "again", "é");

    for (String task : new String[] {"first.yaml", "second.yaml"}) {
      Ended ended = distribution.run("run", task);
      assertThat(ended.err()).isEmpty();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).contains("read 2R, written 2R");
    }
  }

  private void copy(String task, String from, String to, String name) throws IOException {
    Files.writeString(
        directory.resolve(task),
        """
        reader: {files: {path: "%s"}}
        writer: {files: {path: "%s", fileName: "%s", writeMode: truncate}}
        """
            .formatted(directory + "/" + from, directory + "/" + to, name));
  }
}
