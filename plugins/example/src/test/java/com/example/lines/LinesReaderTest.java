package com.example.lines;

import io.millrace.api.Connector;
import io.millrace.testkit.contract.ReaderAbility;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The promises every reader makes, tried on this one. */
class LinesReaderTest extends ReaderContractTest {

  @TempDir private Path temporary;

  @Override
  protected Connector connector() {
    return new LinesConnector();
  }

  /** Three files that hold one line for each record of the sample. */
  @Override
  protected SourceFixture source(Sample sample) throws IOException {
    Path directory = Files.createTempDirectory(temporary, "source");
    List<List<String>> records = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      List<String> lines = new ArrayList<>();
      for (int i = part; i < sample.size(); i += 3) {
        lines.add("line " + i);
        records.add(List.of("line " + i));
      }
      Files.write(directory.resolve(part + ".txt"), lines);
    }
    return new SourceFixture(Map.of("path", directory.toString()), new ArrayList<>(records));
  }

  @Override
  protected boolean has(ReaderAbility ability) {
    return ability != ReaderAbility.BOUNDS_VALUES;
  }

  /** A line is all there is. */
  @Override
  protected Set<TypeCase> types() {
    return Set.of();
  }
}
