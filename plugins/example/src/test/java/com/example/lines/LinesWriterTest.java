package com.example.lines;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The promises every writer makes, tried on this one. */
class LinesWriterTest extends WriterContractTest {

  @TempDir private Path temporary;

  @Override
  protected Connector connector() {
    return new LinesConnector();
  }

  @Override
  protected TargetFixture target(Schema schema) throws IOException {
    Path directory = Files.createTempDirectory(temporary, "target");
    return new TargetFixture(Map.of("path", directory.toString()), () -> records(directory));
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability == WriterAbility.LOOKS_BACK;
  }

  private static List<List<String>> records(Path directory) throws IOException {
    List<List<String>> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).toList()) {
        for (String line : Files.readString(file).split("\n")) {
          List<String> values = new ArrayList<>();
          for (String value : line.split("\t", -1)) {
            values.add(value.equals("\\N") ? null : unescaped(value));
          }
          records.add(values);
        }
      }
    }
    return records;
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        char next = text.charAt(++i);
        c = next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
      }
      plain.append(c);
    }
    return plain.toString();
  }
}
