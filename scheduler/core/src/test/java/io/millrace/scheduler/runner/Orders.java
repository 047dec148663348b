package io.millrace.scheduler.runner;

import io.millrace.engine.runlog.Dispatch;
import io.millrace.engine.task.DataSourceLookup;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the orders of one instance, as a dispatcher would. */
record Orders(
    long instance, String script, DataSourceLookup dataSources, List<Dispatch.Wait> waits) {

  static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");

  static Orders of(long instance, String script) {
    return new Orders(instance, script, name -> Optional.empty(), List.of());
  }

  Orders with(DataSourceLookup lookup) {
    return new Orders(instance, script, lookup, waits);
  }

  Orders waited(Dispatch.Wait... looks) {
    return new Orders(instance, script, dataSources, List.of(looks));
  }

  /**
   * An attempt whose epoch is ten times its number. Those before it that are not named are of the
   * generation before.
   */
  RunOrder attempt(int number, int generation, RunOrder.EarlierAttempt... earlier) {
    return new RunOrder(
        instance,
        number,
        new RunOrder.LedgerIdentity("store-1-" + instance, generation, number * 10L),
        List.of(earlier),
        IntStream.range(1, number)
            .filter(each -> Stream.of(earlier).noneMatch(one -> one.attempt() == each))
            .mapToObj(each -> new RunOrder.AbandonedAttempt(each, generation - 1))
            .filter(one -> one.generation() > 0)
            .toList(),
        "copy",
        script,
        new RunOrder.Values(
            Map.of("mark", "x-1"),
            LocalDate.of(2026, 11, 21),
            LocalDateTime.of(2026, 11, 22, 2, 30),
            ZoneId.of("Asia/Shanghai"),
            NOW),
        dataSources,
        "basecommon_group_7",
        NOW.minusSeconds(60),
        waits);
  }

  static RunOrder.EarlierAttempt earlier(int number) {
    return new RunOrder.EarlierAttempt(number, "node-a");
  }

  /** Takes what attempts came to. */
  static final class Ended {
    private final BlockingQueue<RunOutcome> outcomes = new LinkedBlockingQueue<>();

    void accept(RunOutcome outcome) {
      outcomes.add(outcome);
    }

    RunOutcome await() throws InterruptedException {
      RunOutcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
      if (outcome == null) {
        throw new AssertionError("nothing ended within 30 s");
      }
      return outcome;
    }

    boolean isEmpty() {
      return outcomes.isEmpty();
    }
  }
}
