package io.millrace.engine.attempt;

import io.millrace.api.read.Split;
import io.millrace.api.write.SplitTally;
import io.millrace.engine.dirty.DirtySplit;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What an attempt has counted: the tallies of committed splits, and what running tries have done so
 * far. A try that is given up leaves nothing behind. Safe for use by several threads.
 */
final class Counters {

  private final Set<TryCounts> running = new LinkedHashSet<>();
  private long read;
  private long written;
  private long skipped;
  private long dirty;
  private long bytes;
  private int splitsCommitted;
  private int retries;
  private long readWaitNanos;
  private long writeWaitNanos;
  private long throttledNanos;
  private long largestSplit;
  private volatile long lastActivity = System.nanoTime();

  synchronized void begin(TryCounts counts) {
    running.add(counts);
    touch();
  }

  /** The try's split is committed with this tally. */
  synchronized void commit(TryCounts counts, SplitTally tally) {
    end(counts);
    add(tally);
  }

  /** A split that an earlier attempt, or a try that got no answer, had committed. */
  synchronized void add(SplitTally tally) {
    read += tally.read();
    written += tally.written();
    skipped += tally.skipped();
    dirty += tally.dirty();
    bytes += tally.bytes();
    largestSplit = Math.max(largestSplit, tally.read());
    splitsCommitted++;
    touch();
  }

  /** A split that was counted as committed is not in the target any more. */
  synchronized void takeBack(SplitTally tally) {
    read -= tally.read();
    written -= tally.written();
    skipped -= tally.skipped();
    dirty -= tally.dirty();
    bytes -= tally.bytes();
    splitsCommitted--;
    touch();
  }

  /** The sum of a whole instance that has succeeded before. */
  synchronized void addAll(SplitTally sum, int splits) {
    add(sum);
    splitsCommitted = splits;
  }

  /**
   * The try's failure ends the attempt: what it read and what was dirty is told, nothing of it is
   * written.
   */
  synchronized void fail(TryCounts counts) {
    end(counts);
    read += counts.read();
    dirty += counts.dirty.count();
    bytes += counts.bytes;
  }

  /** The try is given up and will be tried again. */
  synchronized void abandon(TryCounts counts) {
    end(counts);
    retries++;
  }

  private void end(TryCounts counts) {
    running.remove(counts);
    readWaitNanos += counts.readWaitNanos;
    writeWaitNanos += counts.writeWaitNanos;
    throttledNanos += counts.throttledNanos;
  }

  /** Something moved. */
  void touch() {
    lastActivity = System.nanoTime();
  }

  long nanosSinceActivity() {
    return System.nanoTime() - lastActivity;
  }

  synchronized Totals totals() {
    long allRead = read;
    long allWritten = written;
    long allDirty = dirty;
    long allBytes = bytes;
    long readWait = readWaitNanos;
    long writeWait = writeWaitNanos;
    long throttled = throttledNanos;
    double partly = 0;
    for (TryCounts counts : running) {
      long tryRead = counts.read();
      allRead += tryRead;
      allWritten += counts.written;
      allDirty += counts.dirty.count();
      allBytes += counts.bytes;
      readWait += counts.readWaitNanos;
      writeWait += counts.writeWaitNanos;
      throttled += counts.throttledNanos;
      if (counts.split.estimatedRecords() > 0) {
        partly += Math.min(0.99, (double) tryRead / counts.split.estimatedRecords());
      }
    }
    return new Totals(
        allRead,
        allWritten,
        allDirty,
        allBytes,
        written,
        skipped,
        splitsCommitted,
        partly,
        retries,
        largestSplit,
        readWait,
        writeWait,
        throttled);
  }

  /** What one try has done so far; written by its two threads, read by others. */
  static final class TryCounts {
    final Split split;
    final DirtySplit dirty;
    private volatile long delivered;
    private volatile long written;
    private volatile long skipped;
    private volatile long bytes;
    private volatile long readWaitNanos;
    private volatile long writeWaitNanos;
    private volatile long throttledNanos;

    TryCounts(Split split, DirtySplit dirty) {
      this.split = split;
      this.dirty = dirty;
    }

    void delivered(long records, long size) {
      delivered = delivered + records;
      bytes = bytes + size;
    }

    void written(long records) {
      written = written + records;
    }

    /** The writer has left out so many records in all. */
    void skipped(long records) {
      skipped = records;
    }

    long skipped() {
      return skipped;
    }

    void throttled(long nanos) {
      throttledNanos = throttledNanos + nanos;
    }

    void waits(long read, long write) {
      readWaitNanos = read;
      writeWaitNanos = write;
    }

    /** Delivered records and those that were dirty before they could be. */
    long read() {
      return delivered + dirty.readerCount();
    }

    SplitTally tally(String seal) {
      return new SplitTally(read(), written, dirty.count(), bytes, seal);
    }

    double readWaitSeconds() {
      return readWaitNanos / 1e9;
    }

    double writeWaitSeconds() {
      return writeWaitNanos / 1e9;
    }
  }

  /**
   * A look at all counters. Committed and running tries together, except {@code committedWritten}
   * and {@code committedSkipped}.
   */
  record Totals(
      long read,
      long written,
      long dirty,
      long bytes,
      long committedWritten,
      long committedSkipped,
      int splitsCommitted,
      double partlyDone,
      int retries,
      long largestSplit,
      long readWaitNanos,
      long writeWaitNanos,
      long throttledNanos) {}
}
