package io.millrace.scheduler.runner;

import io.millrace.engine.runlog.Dispatch;
import io.millrace.engine.task.DataSourceLookup;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * An attempt that is to be carried out. Immutable.
 *
 * @param instanceId the instance's id in the store
 * @param attempt its number within the instance, from 1, over all generations
 * @param ledger who the attempt is for the target
 * @param earlier the earlier attempts of the same generation that were handed to a runner and may
 *     have begun; the attempt goes on from what they did. Empty for the first of a generation
 * @param abandoned the attempts of earlier generations that may have begun: what they staged in the
 *     target is given up before anything new is written
 * @param task the task's name
 * @param script the task's text as it was published
 * @param values what the script is filled in with
 * @param dataSources knows the data sources as they are now; asked while the task is read
 * @param pipeline what the run log calls the resource group
 * @param ready when the instance was ready to run
 * @param waits what it waited for since then, for the run log; empty when it did not wait
 */
public record RunOrder(
    long instanceId,
    int attempt,
    LedgerIdentity ledger,
    List<EarlierAttempt> earlier,
    List<AbandonedAttempt> abandoned,
    String task,
    String script,
    Values values,
    DataSourceLookup dataSources,
    String pipeline,
    Instant ready,
    List<Dispatch.Wait> waits) {

  public RunOrder {
    if (instanceId < 1 || attempt < 1) {
      throw new IllegalArgumentException("instances and attempts count from 1");
    }
    earlier = List.copyOf(earlier);
    abandoned = List.copyOf(abandoned);
    waits = List.copyOf(waits);
  }

  /** True when it goes on from earlier attempts of its generation. */
  public boolean continuesLedger() {
    return !earlier.isEmpty();
  }

  /** The script and its parameters may hold secrets. */
  @Override
  public String toString() {
    return "attempt " + attempt + " of instance " + instanceId;
  }

  /**
   * Who an attempt is for the target, which keeps a ledger of what it has committed.
   *
   * @param instance at most 64 letters, digits and dashes: the same in every attempt of the
   *     instance, and never that of an instance of another installation
   * @param generation 1, and one more each time the instance is started anew. Automatic reruns and
   *     crash recovery stay in the same one
   * @param epoch the fencing token: rises with every attempt of the instance
   */
  public record LedgerIdentity(String instance, int generation, long epoch) {}

  /**
   * An attempt that may have begun.
   *
   * @param node where it ran
   */
  public record EarlierAttempt(int attempt, String node) {}

  /** An attempt of an earlier generation. */
  public record AbandonedAttempt(int attempt, int generation) {}

  /**
   * What was frozen when the instance was made.
   *
   * @param parameters by name
   * @param businessDate base of {@code ${yyyymmdd}}
   * @param scheduledTime base of {@code $[yyyymmdd]}, in the task's zone
   * @param zone the task's zone
   * @param frozenAt what counts as now, in every attempt
   */
  public record Values(
      Map<String, String> parameters,
      LocalDate businessDate,
      LocalDateTime scheduledTime,
      ZoneId zone,
      Instant frozenAt) {

    public Values {
      parameters = Map.copyOf(parameters);
    }
  }
}
