package io.millrace.benchmarks.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LineItemsTest {

  @Test
  void rowsAreWrittenAsLoadDataReadsThem(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("lineitem.txt");
    LineItems.write(0.001, file);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(6005).doesNotHaveDuplicates();
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.split("\t")).hasSize(LineItems.COLUMNS.size()));
    assertThat(lines.get(0).split("\t"))
        .startsWith("1", "156", "4", "1", "17.00", "17954.55", "0.04", "0.02", "N", "O")
        .contains("1996-03-13", "1996-02-12", "1996-03-22", "DELIVER IN PERSON", "TRUCK");
  }
}
