package io.millrace.server.route;

import io.millrace.server.problem.ProblemException;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests whose thread waits for the rest of a body. There are never more than so many, so
 * that some threads are always free for requests that are complete. Who is not known has half of
 * them, and nobody more than a quarter. Thread-safe.
 */
final class BodyWaits {

  private final int most;
  private final Map<String, Integer> waiting = new HashMap<>();
  private int all;
  private int unknown;

  /**
   * @param most how many may wait at a time, at least four
   */
  BodyWaits(int most) {
    this.most = most;
  }

  /**
   * Who sends a body.
   *
   * @param key the account or the network
   * @param known false for somebody without a login
   */
  record Sender(String key, boolean known) {}

  /**
   * One more waits.
   *
   * @throws ProblemException 429 when there are too many: to wait here would take a thread as well
   */
  void enter(Sender sender) {
    if (!tryEnter(sender)) {
      throw ProblemException.tooMany("too many requests wait for their bodies", 1);
    }
  }

  /** One more waits, if there are not too many. */
  synchronized boolean tryEnter(Sender sender) {
    int own = waiting.getOrDefault(sender.key(), 0);
    if (all >= most || own >= most / 4 || !sender.known() && unknown >= most / 2) {
      return false;
    }
    all++;
    unknown += sender.known() ? 0 : 1;
    waiting.put(sender.key(), own + 1);
    return true;
  }

  /** One that has entered waits no more. */
  synchronized void leave(Sender sender) {
    all--;
    unknown -= sender.known() ? 0 : 1;
    waiting.computeIfPresent(sender.key(), (key, own) -> own == 1 ? null : own - 1);
  }
}
