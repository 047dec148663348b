package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalReadingTest extends AbstractReading {

  @TempDir Path folder;

  @Test
  void aLinkToAFolderAboveGivesNothingTwice() throws IOException {
    place().put("deep/x.csv", "1\n");
    Files.createSymbolicLink(folder.resolve("deep/up"), folder);
    Files.createSymbolicLink(folder.resolve("deep/gone"), folder.resolve("nowhere"));
    assertThat(read("").records()).containsExactly(List.of("1"));
  }

  @Override
  Place place() {
    return new LocalPlace(folder);
  }
}
