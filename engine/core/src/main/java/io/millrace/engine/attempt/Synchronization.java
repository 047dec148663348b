package io.millrace.engine.attempt;

import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.WriteState;
import io.millrace.engine.dirty.DirtyGate;
import io.millrace.engine.dirty.DirtyStore;
import io.millrace.engine.state.StateStore;
import io.millrace.engine.task.TaskSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Stage 3: channels pull splits from one queue until none is left. Holds what all of them share.
 */
final class Synchronization {

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  private final Shared shared;
  private final Map<String, SplitCommit> committed = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * What stage 3 stands on.
   *
   * @param target the target's columns, one for each of the source
   * @param epoch of this attempt
   */
  record Shared(
      Ends ends,
      Schema source,
      Schema target,
      WriteState writeState,
      long epoch,
      TaskSettings settings,
      TaskContext context,
      Counters counters,
      RateLimiter limiter,
      MemoryBudget budget,
      DirtyStore dirtyStore,
      DirtyGate gate,
      StateStore state,
      AttemptLog log,
      CancellationSource cancellation) {}

  Synchronization(Shared shared) {
    this.shared = shared;
  }

  Ends ends() {
    return shared.ends();
  }

  Schema source() {
    return shared.source();
  }

  Schema target() {
    return shared.target();
  }

  WriteState writeState() {
    return shared.writeState();
  }

  TaskContext context() {
    return shared.context();
  }

  Counters counters() {
    return shared.counters();
  }

  RateLimiter limiter() {
    return shared.limiter();
  }

  MemoryBudget budget() {
    return shared.budget();
  }

  DirtyStore dirtyStore() {
    return shared.dirtyStore();
  }

  DirtyGate gate() {
    return shared.gate();
  }

  AttemptLog log() {
    return shared.log();
  }

  StageLog stageLog() {
    return shared.log().stage(Stage.SYNCHRONIZE);
  }

  CancellationSource cancellation() {
    return shared.cancellation();
  }

  /**
   * Moves every split that is not committed yet.
   *
   * @param splits the whole plan
   * @param earlier splits that are committed already, by id
   * @param channels how many run at once
   * @return the commits of the whole plan
   * @throws MillraceException the first failure, after every channel has ended
   */
  List<SplitCommit> run(List<Split> splits, Map<String, SplitCommit> earlier, int channels) {
    committed.putAll(earlier);
    Queue<Split> queue = new ConcurrentLinkedQueue<>();
    splits.stream().filter(split -> !earlier.containsKey(split.id())).forEach(queue::add);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(channels, queue.size()); i++) {
      int channel = i;
      Thread thread = Threads.daemon("millrace-channel-" + i, () -> pull(queue, channel));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      join(thread);
    }
    throwFailure();
    shared.cancellation().throwIfCancelled();
    return splits.stream().map(split -> committed(split)).toList();
  }

  private SplitCommit committed(Split split) {
    SplitCommit commit = committed.get(split.id());
    if (commit == null) {
      throw new MillraceException(
          StandardError.INTERNAL, "split " + split.id() + " was not committed by any channel");
    }
    return commit;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(StandardError.CANCELLED, "interrupted", e);
    }
  }

  private void throwFailure() {
    Throwable first = failure.get();
    if (first instanceof MillraceException known) {
      throw known;
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw new MillraceException(
          StandardError.INTERNAL, "a channel failed unexpectedly: " + Sensitive.mark(first), first);
    }
  }

  /** One channel. */
  private void pull(Queue<Split> queue, int channel) {
    try {
      for (Split split = queue.poll(); split != null; split = queue.poll()) {
        shared.cancellation().throwIfCancelled();
        MDC.put("split", split.id());
        SplitCommit commit = move(split, channel);
        committed.put(split.id(), commit);
        if (shared.writeState().guarantee() == Guarantee.AT_LEAST_ONCE) {
          shared.state().addCommit(commit);
        }
      }
    } catch (Throwable e) {
      // Cancelled by a neighbour's failure: that failure came first and is the one to tell.
      failure.compareAndSet(null, e);
      shared.cancellation().cancel("another channel failed: " + Sensitive.message(e));
    }
  }

  /** Moves one split, with retries. */
  private SplitCommit move(Split split, int channel) {
    Duration delay = shared.settings().retryDelay();
    for (int number = 1; ; number++) {
      SplitTry attempt = new SplitTry(this, split, channel, shared.epoch() + "-" + number);
      stageLog().info("split " + split.id() + " try " + number + ": " + split.description());
      long begin = System.nanoTime();
      try {
        SplitCommit commit = attempt.run();
        stageLog().info(ended(split, attempt, begin));
        return commit;
      } catch (RuntimeException e) {
        SplitCommit found = afterFailure(split, attempt, e, number, delay);
        if (found != null) {
          return found;
        }
        delay = delay.multipliedBy(2);
        delay = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
      }
    }
  }

  /**
   * Decides what a failed try means.
   *
   * @return the commit when the target has it after all; null when the split is to be tried again
   */
  private @Nullable SplitCommit afterFailure(
      Split split, SplitTry attempt, RuntimeException error, int number, Duration delay) {
    boolean retryable = error instanceof MillraceException known && known.isRetryable();
    boolean mayBeCommitted = retryable || attempt.isCommitSent();
    if (!mayBeCommitted || shared.cancellation().isCancelled()) {
      shared.counters().fail(attempt.counts());
      attempt.keepUncommittedDirty();
      throw error;
    }
    shared.counters().abandon(attempt.counts());
    attempt.giveUpDirty();
    shared.log().warn("split " + split.id() + " try " + number + ": " + error.getMessage());
    SplitCommit found = askUntilAnswered(split, error, delay);
    if (found != null) {
      shared.gate().addCommitted(found.tally().dirty());
      shared.counters().add(found.tally());
      stageLog().info("split " + split.id() + " is committed: the target's ledger has it");
      return found;
    }
    if (!retryable || number > shared.settings().splitRetries()) {
      throw error;
    }
    return null;
  }

  /**
   * Asks the target whether a split is committed. A commit that was sent and not answered may have
   * happened, and a server may finish later what it was sent before: only the target knows.
   */
  private @Nullable SplitCommit askUntilAnswered(
      Split split, RuntimeException error, Duration delay) {
    for (int look = 1; ; look++) {
      if (shared.cancellation().await(delay)) {
        throw error;
      }
      try {
        StageContext context = new CallContext(shared.context(), stageLog(), shared.cancellation());
        return ends().writer().commits(writeState(), context).get(split.id());
      } catch (MillraceException e) {
        if (!e.isRetryable() || look > shared.settings().splitRetries()) {
          throw e;
        }
        shared.log().warn("the target does not answer about its commits: " + e.getMessage());
      }
    }
  }

  private static String ended(Split split, SplitTry attempt, long begin) {
    Counters.TryCounts counts = attempt.counts();
    SplitTally tally = counts.tally("");
    return ("split %s committed: read %d, written %d%s, dirty %d, bytes %d in %.3f s,"
            + " read wait %.3f s, write wait %.3f s")
        .formatted(
            split.id(),
            tally.read(),
            tally.written(),
            tally.skipped() == 0 ? "" : ", skipped " + tally.skipped(),
            tally.dirty(),
            tally.bytes(),
            (System.nanoTime() - begin) / 1e9,
            counts.readWaitSeconds(),
            counts.writeWaitSeconds());
  }
}
