package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskIT {

  @TempDir Path folder;

  private Place place() {
    return new LocalPlace(folder);
  }

  /** A disk of 2 MB, where this account may make one. */
  @Test
  void aDiskThatIsFullIsOneClearLineAndLeavesNothingVisible() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0,
        "this account may not mount a file system; runs as root");
    try {
      RecordBatch batch =
          new RecordBatch(Schema.of(Field.of("t", ColumnType.STRING)), 1 << 24, 10_000);
      for (int i = 0; i < 3000; i++) {
        RecordView.append(batch, i, "x".repeat(1000));
      }
      Map<String, Object> options = Map.of("path", disk.toString(), "writeMode", "append");
      AbstractReading.assertError(
          () -> Rows.write(place().connector(), options, batch),
          StandardError.RESOURCE,
          "No space left on device");
      assertThat(place().names()).allMatch(name -> name.startsWith("disk/.millrace/"));
      // What was staged before the disk was full is given back.
      assertThat(place().staged()).isEmpty();
    } finally {
      run("umount", disk.toString());
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor();
  }
}
