package io.millrace.engine.attempt;

import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.engine.dirty.DirtySplit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One try of one split: reads on a thread of its own, writes on the caller's, and commits. Used
 * once.
 */
final class SplitTry {

  /** Firewalls and proxies cut what is silent, the strictest after a second. */
  private static final Duration KEEP_ALIVE = Duration.ofMillis(500);

  private final Synchronization sync;
  private final Split split;
  private final int channel;
  private final DirtySplit dirty;
  private final Counters.TryCounts counts;
  private final BatchPipe pipe;
  private boolean commitSent;

  /**
   * @param tryName distinguishes this try from any other of the run
   */
  SplitTry(Synchronization sync, Split split, int channel, String tryName) {
    this.sync = sync;
    this.split = split;
    this.channel = channel;
    this.dirty = sync.dirtyStore().begin(split.id(), tryName);
    this.counts = new Counters.TryCounts(split, dirty);
    TaskContext.Limits limits = sync.context().limits();
    this.pipe =
        new BatchPipe(sync.source(), limits.batchBytes(), limits.batchRows(), sync.budget());
  }

  /** True when the commit was sent, so that only the target knows whether it happened. */
  boolean isCommitSent() {
    return commitSent;
  }

  /** What this try counted. */
  Counters.TryCounts counts() {
    return counts;
  }

  /** Ends a try whose failure ends the attempt: what it kept can be read, but does not count. */
  void keepUncommittedDirty() {
    dirty.keepUncommitted();
  }

  /**
   * Gives up what this try kept of dirty records. A file that was sealed before a commit was sent
   * stays: the commit may still turn out to have happened.
   */
  void giveUpDirty() {
    if (commitSent) {
      dirty.release();
    } else {
      dirty.discard();
    }
  }

  /**
   * Moves the whole split and commits it.
   *
   * @throws MillraceException when this try failed; nothing of it is in the target then, unless the
   *     commit was sent
   */
  SplitCommit run() {
    sync.counters().begin(counts);
    try (CancellationSource cancellation = sync.cancellation().child()) {
      CountDownLatch readerEnded = startReader(cancellation);
      try {
        SplitCommit commit = write(cancellation);
        sync.counters().commit(counts, commit.tally());
        return commit;
      } catch (Throwable e) {
        // The reader may be waiting for its source; its records are not wanted any more.
        cancellation.cancel("split " + split.id() + " is given up: " + Sensitive.message(e));
        throw e;
      } finally {
        pipe.abandon();
        awaitReader(readerEnded);
        counts.waits(pipe.readWaitNanos(), pipe.writeWaitNanos());
      }
    }
  }

  private CountDownLatch startReader(CancellationSource cancellation) {
    CountDownLatch ended = new CountDownLatch(1);
    Threads.daemon(
            "millrace-read-" + channel,
            () -> {
              MDC.put("split", split.id());
              try {
                read(cancellation);
              } catch (Throwable e) {
                pipe.fail(e);
              } finally {
                pipe.end();
                ended.countDown();
              }
            })
        .start();
    return ended;
  }

  /** A reader that does not even answer to its cancellation is left behind, on a daemon thread. */
  private void awaitReader(CountDownLatch ended) {
    try {
      if (!ended.await(5, java.util.concurrent.TimeUnit.SECONDS)) {
        sync.log().warn("the reader of split " + split.id() + " does not end; it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(CancellationSource cancellation) throws InterruptedException {
    Context context = new Context(cancellation, dirty.reader());
    try (SplitReader reader = sync.ends().reader().open(split, context)) {
      boolean more = true;
      while (more) {
        RecordBatch batch = pipe.takeFree();
        if (batch == null) {
          return;
        }
        cancellation.throwIfCancelled();
        long dirtyBefore = dirty.readerCount();
        more = reader.read(batch);
        if (!batch.isComplete()) {
          throw new MillraceException(
              StandardError.INTERNAL,
              "the reader of split "
                  + split.id()
                  + " left a record without its end after "
                  + batch.size()
                  + " complete ones; its connector is at fault");
        }
        long size = batch.bytes();
        throttle(size, batch.size() + dirty.readerCount() - dirtyBefore, cancellation);
        counts.delivered(batch.size(), size);
        sync.counters().touch();
        pipe.put(batch, cancellation);
      }
    }
  }

  private void throttle(long bytes, long records, CancellationSource cancellation) {
    if (sync.limiter().isUnlimited()) {
      return;
    }
    long begin = System.nanoTime();
    Duration wait = sync.limiter().book(bytes, records);
    long until = begin + wait.toNanos();
    // In pieces, so that the stall watchdog sees that the wait is wanted.
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      sync.counters().touch();
      if (cancellation.await(Duration.ofNanos(Math.min(left, 500_000_000L)))) {
        cancellation.throwIfCancelled();
      }
    }
    counts.throttled(System.nanoTime() - begin);
  }

  private SplitCommit write(CancellationSource cancellation) {
    Context context = new Context(cancellation, dirty.writer());
    try (SplitWriter writer = sync.ends().writer().open(sync.writeState(), split.id(), context)) {
      for (RecordBatch batch = next(writer); batch != null; batch = next(writer)) {
        try {
          cancellation.throwIfCancelled();
          write(writer, batch);
        } finally {
          pipe.giveBack(batch);
        }
        counts.waits(pipe.readWaitNanos(), pipe.writeWaitNanos());
      }
      SplitTally tally = counts.tally(dirty.seal());
      if (tally.skipped() != counts.skipped()) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "split " + split.id() + " does not add up: " + tally + "; it was not committed");
      }
      cancellation.throwIfCancelled();
      commitSent = true;
      SplitCommit commit = writer.commit(tally);
      if (!commit.tally().equals(tally)) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "split "
                + split.id()
                + " was committed as "
                + commit.tally()
                + ", but the engine counted "
                + tally);
      }
      return commit;
    }
  }

  private @Nullable RecordBatch next(SplitWriter writer) {
    try {
      while (!pipe.awaitFilled(KEEP_ALIVE)) {
        writer.keepAlive();
      }
      return pipe.takeFilled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(StandardError.CANCELLED, "interrupted", e);
    }
  }

  private void write(SplitWriter writer, RecordBatch batch) {
    if (batch.size() > 0) {
      long dirtyBefore = dirty.writerCount();
      long skippedBefore = counts.skipped();
      long accepted = writer.write(batch);
      long refused = dirty.writerCount() - dirtyBefore;
      if (sync.ends().writer().maySkip()) {
        counts.skipped(writer.skipped());
      }
      long skipped = counts.skipped() - skippedBefore;
      if (accepted + refused + skipped != batch.size()) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "the target took "
                + accepted
                + " and refused "
                + refused
                + (skipped == 0 ? "" : " and skipped " + skipped)
                + " of "
                + batch.size()
                + " records of split "
                + split.id()
                + ": a record would be lost or doubled, so the split is not committed");
      }
      counts.written(accepted);
    }
    sync.counters().touch();
    sync.gate().checkShare(sync.counters().totals().read());
  }

  /** What both sides of this try are given. */
  private final class Context implements ReadContext, WriteContext {
    private final CancellationSource cancellation;
    private final DirtyRecords records;

    Context(CancellationSource cancellation, DirtyRecords records) {
      this.cancellation = cancellation;
      this.records = records;
    }

    @Override
    public TaskContext task() {
      return sync.context();
    }

    @Override
    public StageLog log() {
      return sync.stageLog();
    }

    @Override
    public CancellationSource cancellation() {
      return cancellation;
    }

    @Override
    public DirtyRecords dirty() {
      return records;
    }

    @Override
    public Schema target() {
      return sync.target();
    }

    @Override
    public int channel() {
      return channel;
    }

    @Override
    public Optional<String> group() {
      return split.partOf();
    }
  }
}
