package io.millrace.testkit.contract;

import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A source that a test has filled.
 *
 * @param options what a task file would give to the reader
 * @param records what it holds, as canonical texts, in any order
 */
public record SourceFixture(Map<String, Object> options, List<List<@Nullable String>> records) {

  public SourceFixture {
    options = new LinkedHashMap<>(options);
    records = Records.sorted(records);
  }

  /** A source that holds a sample. */
  public static SourceFixture holding(Sample sample, Map<String, Object> options) {
    return new SourceFixture(options, sample.texts());
  }
}
