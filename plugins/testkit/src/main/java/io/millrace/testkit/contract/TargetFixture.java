package io.millrace.testkit.contract;

import io.millrace.testkit.sample.Records;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A target that a test has made, empty at first.
 *
 * @param options what a task file would give to the writer
 * @param look asks the target itself, not the writer, for every visible record as canonical texts
 */
public record TargetFixture(
    Map<String, Object> options, Callable<List<List<@Nullable String>>> look) {

  public TargetFixture {
    options = new LinkedHashMap<>(options);
  }

  /** Every visible record, in an order that depends on nothing but the values. */
  List<List<@Nullable String>> records() {
    try {
      return Records.sorted(look.call());
    } catch (Exception e) {
      throw new AssertionError("the target could not be looked at", e);
    }
  }
}
