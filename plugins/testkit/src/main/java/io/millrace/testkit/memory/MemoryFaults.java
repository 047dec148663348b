package io.millrace.testkit.memory;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong with a table. Records are named by their position, which is their index in the
 * source. Safe for use by several threads; may be changed while an attempt runs.
 */
public final class MemoryFaults {

  private final Map<Long, AtomicInteger> readFailures = new ConcurrentHashMap<>();
  private final Map<Long, AtomicInteger> writeFailures = new ConcurrentHashMap<>();
  private final Set<Long> unreadable = ConcurrentHashMap.newKeySet();
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();
  private final Set<Long> dropped = ConcurrentHashMap.newKeySet();
  private final Set<Long> lied = ConcurrentHashMap.newKeySet();
  private final Map<Long, Runnable> calls = new ConcurrentHashMap<>();
  private final AtomicInteger lostCommits = new AtomicInteger();
  private final AtomicInteger lostAnswers = new AtomicInteger();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final Set<CountDownLatch> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean blocking;
  private volatile Duration readTime = Duration.ZERO;
  private volatile Duration writeTime = Duration.ZERO;

  MemoryFaults() {}

  /** Reading fails with an error worth another try, before this record, so many times. */
  public void failReadAt(long position, int times) {
    readFailures.put(position, new AtomicInteger(times));
  }

  /** This is called once before the record is read, on the reading thread. */
  public void callAt(long position, Runnable call) {
    calls.put(position, call);
  }

  /** Writing fails with an error worth another try, at this record, so many times. */
  public void failWriteAt(long position, int times) {
    writeFailures.put(position, new AtomicInteger(times));
  }

  /** The next commits fail and have not happened. */
  public void loseCommits(int times) {
    lostCommits.set(times);
  }

  /** The next commits happen, and then fail: their answer is lost. */
  public void loseAnswersToCommits(int times) {
    lostAnswers.set(times);
  }

  /** The reader cannot read this record: it is dirty. */
  public void unreadable(long position) {
    unreadable.add(position);
  }

  /** The target refuses this record: it is dirty. */
  public void refuse(long position) {
    refused.add(position);
  }

  /** The target leaves this record out, and its count of what it took is true. */
  public void drop(long position) {
    dropped.add(position);
  }

  /** The target leaves this record out and counts it as taken: only comparing both ends shows. */
  public void lieAbout(long position) {
    lied.add(position);
  }

  /** Each record takes so long to read. */
  public void slowRead(Duration each) {
    readTime = each;
  }

  /** Each batch takes so long to write. */
  public void slowWrite(Duration each) {
    writeTime = each;
  }

  /** From now on reading and writing block until cancelled or {@link #unblock}. */
  public void block() {
    blocking = true;
  }

  /** Ends {@link #block}. */
  public void unblock() {
    blocking = false;
    waiting.forEach(CountDownLatch::countDown);
  }

  /** Waits until somebody is blocked; false when nobody was in time. */
  public boolean awaitBlocked(Duration time) throws InterruptedException {
    return blocked.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isUnreadable(long position) {
    return unreadable.contains(position);
  }

  boolean isRefused(long position) {
    return refused.contains(position);
  }

  boolean isDropped(long position) {
    return dropped.contains(position);
  }

  boolean isLiedAbout(long position) {
    return lied.contains(position);
  }

  void beforeRead(long position, Cancellation cancellation) {
    pause(readTime, cancellation);
    Runnable call = calls.remove(position);
    if (call != null) {
      call.run();
    }
    fail(readFailures, position, StandardError.READ);
  }

  void beforeBatch(Cancellation cancellation) {
    pause(writeTime, cancellation);
  }

  void beforeWrite(long position) {
    fail(writeFailures, position, StandardError.WRITE);
  }

  void beforeCommit() {
    if (lostCommits.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new MillraceException(StandardError.WRITE, "the commit was lost");
    }
  }

  void afterCommit() {
    if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new MillraceException(StandardError.WRITE, "the answer to the commit was lost");
    }
  }

  private static void fail(Map<Long, AtomicInteger> failures, long position, StandardError error) {
    AtomicInteger left = failures.get(position);
    if (left != null && left.getAndDecrement() > 0) {
      throw new MillraceException(error, "the connection was lost at record " + position);
    }
  }

  private void pause(Duration time, Cancellation cancellation) {
    if (!blocking && time.isZero()) {
      return;
    }
    CountDownLatch wake = new CountDownLatch(1);
    waiting.add(wake);
    try (var registration = cancellation.onCancel(wake::countDown)) {
      if (blocking) {
        blocked.countDown();
        wake.await();
      } else {
        wake.await(time.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(StandardError.CANCELLED, "interrupted", e);
    } finally {
      waiting.remove(wake);
    }
    cancellation.throwIfCancelled();
  }
}
