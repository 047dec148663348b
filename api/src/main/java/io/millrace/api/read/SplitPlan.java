package io.millrace.api.read;

import java.util.List;

/**
 * The splits of one source and how they came about.
 *
 * @param splits every split once, with distinct ids, in the order they should be started
 * @param maxConcurrency the most splits that may be read at once; {@link Integer#MAX_VALUE} where
 *     the source sets no bound
 * @param rule the rule that was applied, and why concurrency is bounded, in one sentence for the
 *     log
 */
public record SplitPlan(List<Split> splits, int maxConcurrency, String rule) {

  public SplitPlan {
    splits = List.copyOf(splits);
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("maxConcurrency must be at least 1");
    }
  }
}
