package io.millrace.server.event;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Sight;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The streams that are open. Each takes a request's thread, so there are never more than so many:
 * the rest of the threads stay for ordinary requests. Nobody has more than a share, so that some
 * stay for the others. Thread-safe.
 */
public final class Streams {

  private final int most;
  private final int mostEach;
  private final long longestNanos;
  private final Map<Thread, String> running = new HashMap<>();
  private boolean stopping;

  /**
   * @param most how many may be open at a time
   * @param mostEach how many of them may belong to one
   * @param longest after what time each ends
   */
  public Streams(int most, int mostEach, Duration longest) {
    this.most = most;
    this.mostEach = mostEach;
    this.longestNanos = longest.toNanos();
  }

  /**
   * Writes a stream to the end.
   *
   * @param owner whom it counts for
   * @param sight what the client may see
   * @param right false as soon as the client may not have it any more; asked on this thread every
   *     other second
   * @throws ProblemException 429 when too many are open
   */
  public void run(
      EventSource source,
      HttpServletResponse response,
      String owner,
      Sight sight,
      BooleanSupplier right)
      throws IOException {
    enter(owner);
    try {
      response.setStatus(200);
      response.setContentType("text/event-stream");
      response.setCharacterEncoding("utf-8");
      // Proxies would otherwise collect events before passing them on.
      response.setHeader("X-Accel-Buffering", "no");
      EventWriter out =
          new EventWriter(
              response.getOutputStream(), System.nanoTime() + longestNanos, sight, right);
      out.heartbeat();
      source.stream(out);
    } catch (InterruptedException e) {
      // The server stops: the client sees the end of the stream and comes back later. It is sent
      // now, because the server soon cuts connections on which nothing moves.
      end(response);
    } catch (IOException e) {
      // The client is gone, or did not read for so long that it counts as gone.
    } finally {
      leave();
    }
  }

  private static void end(HttpServletResponse response) {
    try {
      response.getOutputStream().close();
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private synchronized void enter(String owner) {
    if (stopping || running.size() >= most) {
      throw ProblemException.tooMany("too many streams are open", 5);
    }
    if (Collections.frequency(running.values(), owner) >= mostEach) {
      throw ProblemException.tooMany(
          "this account has "
              + mostEach
              + " streams open, as many as server.streamsPerAccount allows; close some",
          5);
    }
    running.put(Thread.currentThread(), owner);
  }

  private synchronized void leave() {
    running.remove(Thread.currentThread());
    // The thread goes back to the pool without a mark of ours.
    Thread.interrupted();
    notifyAll();
  }

  /** How many are open. */
  public synchronized int open() {
    return running.size();
  }

  /**
   * Ends them all and lets no more in.
   *
   * @param longest how long to wait for their ends
   */
  public synchronized void stop(Duration longest) {
    stopping = true;
    running.keySet().forEach(Thread::interrupt);
    long until = System.nanoTime() + longest.toNanos();
    try {
      for (long left = longest.toNanos();
          left > 0 && !running.isEmpty();
          left = until - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
