package io.millrace.engine.runlog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt comes from and where it runs, for the head of its run log.
 *
 * @param job the instance's id
 * @param traceId tells attempts of one instance apart
 * @param pipeline where it runs, such as {@code basecommon_group_1}
 * @param submitted when it was ready to run; null for the time at which the log begins
 * @param waits what it waited for since then, in order of time; empty when it did not wait
 */
public record Dispatch(
    String job, String traceId, String pipeline, @Nullable Instant submitted, List<Wait> waits) {

  public Dispatch {
    waits = List.copyOf(waits);
  }

  /**
   * A look at the queue that the attempt waited in.
   *
   * @param at when it was so
   * @param text one line: the position in the queue and which instances held the slots
   */
  public record Wait(Instant at, String text) {}
}
