package io.millrace.server.security;

import io.millrace.server.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: so many failures per account and per address in a while. Unknown accounts
 * count like known ones, so that the answer does not tell which exist. Bounded: the longest unused
 * entries are forgotten first. Thread-safe.
 */
final class LoginLimit {

  private static final int ENTRIES = 10_000;

  private final Clock clock;
  private final int perAccount;
  private final int perAddress;
  private final long windowMillis;
  private final Map<String, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > ENTRIES;
        }
      };

  LoginLimit(Clock clock, int perAccount, int perAddress, Duration window) {
    this.clock = clock;
    this.perAccount = perAccount;
    this.perAddress = perAddress;
    this.windowMillis = window.toMillis();
  }

  private record Window(long start, int tries) {}

  /**
   * Counts a try before it is checked, so that many at once are counted as well.
   *
   * @throws ProblemException 429 when there were too many
   */
  synchronized void enter(String account, String address) {
    long now = clock.millis();
    String accountKey = accountKey(account);
    String addressKey = "address " + address;
    long wait = Math.max(wait(accountKey, perAccount, now), wait(addressKey, perAddress, now));
    if (wait > 0) {
      throw ProblemException.tooMany(
          "too many failed logins; try again later", (wait + 999) / 1000);
    }
    count(accountKey, now);
    count(addressKey, now);
  }

  /** The try was right: it and what was counted for the account before is forgotten. */
  synchronized void passed(String account, String address) {
    windows.remove(accountKey(account));
    windows.computeIfPresent(
        "address " + address,
        (key, window) -> new Window(window.start(), Math.max(0, window.tries() - 1)));
  }

  synchronized int entries() {
    return windows.size();
  }

  private long wait(String key, int most, long now) {
    Window window = windows.get(key);
    if (window == null || now - window.start() >= windowMillis || window.tries() < most) {
      return 0;
    }
    return window.start() + windowMillis - now;
  }

  private void count(String key, long now) {
    windows.merge(
        key,
        new Window(now, 1),
        (old, fresh) ->
            now - old.start() >= windowMillis ? fresh : new Window(old.start(), old.tries() + 1));
  }

  private static String accountKey(String account) {
    // A long name would take memory; nobody has one.
    return "account " + (account.length() > 64 ? account.substring(0, 64) : account);
  }
}
