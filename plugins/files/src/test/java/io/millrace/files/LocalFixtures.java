package io.millrace.files;

import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sources and targets in folders of the local file system. */
final class LocalFixtures {

  private static final int FILES = 5;

  private LocalFixtures() {}

  /** A folder of several csv files, with others in it that are not meant. */
  static SourceFixture source(Path directory, Sample sample) throws IOException {
    Path folder = Files.createTempDirectory(directory, "source");
    List<List<@Nullable String>> texts = sample.texts();
    for (int i = 0; i < FILES; i++) {
      int from = texts.size() * i / FILES;
      int to = texts.size() * (i + 1) / FILES;
      Files.writeString(
          folder.resolve("part " + i + ".csv"), CsvText.write(texts.subList(from, to)));
    }
    Files.writeString(folder.resolve("_SUCCESS"), "");
    Files.writeString(folder.resolve(".part.crc"), "not a row");
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("column", Columns.byIndex(sample.schema()));
    return SourceFixture.holding(sample, options);
  }

  /** A folder that is written to. */
  static TargetFixture target(Path directory, Schema schema, Map<String, Object> more)
      throws IOException {
    Path folder = Files.createTempDirectory(directory, "target");
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("fileName", "out");
    options.put("writeMode", "append");
    options.putAll(more);
    return new TargetFixture(options, () -> records(folder, schema));
  }

  private static List<List<@Nullable String>> records(Path folder, Schema schema)
      throws IOException {
    List<List<@Nullable String>> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        records.addAll(CsvText.read(Files.readString(file)));
      }
    }
    return Columns.canonical(records, schema);
  }
}
