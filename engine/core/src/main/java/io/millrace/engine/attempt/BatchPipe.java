package io.millrace.engine.attempt;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A few batches that go round between one reading and one writing thread, so that both overlap. It
 * also measures who waits for whom.
 */
final class BatchPipe {

  private static final int BATCHES = 3;

  private final Deque<RecordBatch> free = new ArrayDeque<>(BATCHES);
  private final Deque<RecordBatch> filled = new ArrayDeque<>(BATCHES);
  private final MemoryBudget budget;
  private boolean ended;
  private @Nullable Throwable failure;
  private long readWaitNanos;
  private long writeWaitNanos;

  BatchPipe(Schema schema, int batchBytes, int batchRecords, MemoryBudget budget) {
    this.budget = budget;
    for (int i = 0; i < BATCHES; i++) {
      free.add(new RecordBatch(schema, batchBytes, batchRecords));
    }
  }

  /** Reading side: an empty batch. Waits for the writer; null when the writer has given up. */
  synchronized @Nullable RecordBatch takeFree() throws InterruptedException {
    long begin = System.nanoTime();
    while (free.isEmpty() && !ended) {
      wait();
    }
    writeWaitNanos += System.nanoTime() - begin;
    return ended ? null : free.remove();
  }

  /** Reading side: hands a batch over; its bytes count against the budget until given back. */
  void put(RecordBatch batch, CancellationSource cancellation) throws InterruptedException {
    long begin = System.nanoTime();
    budget.take(batch.bytes(), cancellation);
    synchronized (this) {
      writeWaitNanos += System.nanoTime() - begin;
      if (ended) {
        budget.giveBack(batch.bytes());
      } else {
        filled.add(batch);
        notifyAll();
      }
    }
  }

  /** Reading side: no further batch comes. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Reading side: the split cannot be read on. */
  synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    ended = true;
    notifyAll();
  }

  /**
   * Writing side: waits until {@link #takeFilled} would not.
   *
   * @return false when nothing came in this time
   */
  synchronized boolean awaitFilled(Duration longest) throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + longest.toNanos();
    while (filled.isEmpty() && !ended && end - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
    readWaitNanos += System.nanoTime() - begin;
    return !filled.isEmpty() || ended;
  }

  /**
   * Writing side: the next batch. Waits for the reader; null at the end.
   *
   * @throws MillraceException when the reader failed
   */
  synchronized @Nullable RecordBatch takeFilled() throws InterruptedException {
    long begin = System.nanoTime();
    while (filled.isEmpty() && !ended) {
      wait();
    }
    readWaitNanos += System.nanoTime() - begin;
    if (failure instanceof MillraceException known) {
      throw known;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new MillraceException(
          StandardError.INTERNAL,
          "the reader failed unexpectedly: " + Sensitive.mark(failure),
          failure);
    }
    return filled.poll();
  }

  /** Writing side: the batch may be used again. */
  synchronized void giveBack(RecordBatch batch) {
    budget.giveBack(batch.bytes());
    batch.clear();
    free.add(batch);
    notifyAll();
  }

  /** Writing side: gives up what is on its way and lets the reader end. */
  synchronized void abandon() {
    ended = true;
    for (RecordBatch batch : filled) {
      budget.giveBack(batch.bytes());
    }
    filled.clear();
    notifyAll();
  }

  synchronized long readWaitNanos() {
    return readWaitNanos;
  }

  synchronized long writeWaitNanos() {
    return writeWaitNanos;
  }
}
