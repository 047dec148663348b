package io.millrace.engine.attempt;

/**
 * The bytes that may be on their way between readers and writers in one attempt. Safe for use by
 * several threads.
 */
final class MemoryBudget {

  private final long limit;
  private long used;

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Takes so many bytes without waiting. What is larger than the whole budget is let through alone.
   */
  synchronized boolean tryTake(long bytes) {
    if (used > 0 && used + bytes > limit) {
      return false;
    }
    used += bytes;
    return true;
  }

  /** Takes so many bytes and waits for them; gives up when cancelled. */
  synchronized void take(long bytes, CancellationSource cancellation) throws InterruptedException {
    while (!tryTake(bytes)) {
      cancellation.throwIfCancelled();
      wait(100);
    }
  }

  synchronized void giveBack(long bytes) {
    used -= bytes;
    notifyAll();
  }

  synchronized long used() {
    return used;
  }
}
