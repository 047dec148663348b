package io.millrace.server.security;

import io.millrace.scheduler.store.Database;
import io.millrace.server.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * Slows down guessing: after some failures each further try has to wait, at first a second, then
 * twice as long after each failure. Counted are an address together with a name, an address over
 * all names, and a name over all addresses. Whoever has logged in under a name from an address
 * before is slowed down there by his own failures only, so that nobody can lock somebody else out.
 * Unknown names count like known ones, so that the answer does not tell which exist.
 *
 * <p>The counts are in the store: they hold on all nodes together. They are bounded: what was not
 * counted for an hour is forgotten, and the oldest first when there are too many. Thread-safe.
 */
final class LoginLimit {

  /** What is counted, and how it is slowed down. */
  enum Counted {
    TOGETHER(5, Duration.ofMinutes(5)),
    ADDRESS(30, Duration.ofMinutes(5)),
    /** Slowed down less: others than who guesses have to wait with him. */
    NAME(50, Duration.ofMinutes(1));

    /** So many failures have no wait after them but the last, which has the first. */
    private final int free;

    private final long longestMillis;

    Counted(int free, Duration longest) {
      this.free = free;
      this.longestMillis = longest.toMillis();
    }

    private long wait(int tries) {
      int doubled = Math.min(tries - free, 30);
      return doubled < 0 ? 0 : Math.min(longestMillis, 1_000L << doubled);
    }
  }

  /**
   * A try that may go on, and is counted as a failure until it {@link #passed}.
   *
   * @param reached what has to wait from this try on, if it fails
   */
  record Entered(String name, String address, boolean known, Set<Counted> reached) {}

  private static final long FORGET_MILLIS = Duration.ofHours(1).toMillis();
  private static final long KNOWN_MILLIS = Duration.ofDays(90).toMillis();
  private static final long CLEAN_EVERY_MILLIS = 60_000;
  private static final int ROWS = 100_000;

  private final Database database;
  private final Clock clock;
  private final int rows;
  private final AtomicLong cleaned = new AtomicLong();

  LoginLimit(Database database, Clock clock) {
    this(database, clock, ROWS);
  }

  /**
   * @param rows the most counts that are kept
   */
  LoginLimit(Database database, Clock clock, int rows) {
    this.database = database;
    this.clock = clock;
    this.rows = rows;
  }

  private record Row(int tries, long freeAt, long changedAt) {}

  /**
   * Counts a try before it is checked, so that many at once are counted as well.
   *
   * @throws ProblemException 429 when it has to wait; then it is not counted
   */
  Entered enter(String name, String address) {
    long now = clock.millis();
    clean(now);
    String network = ClientAddress.network(address);
    boolean known = isKnown(name, network, now);
    Map<String, Counted> ids = new TreeMap<>();
    for (Counted one : known ? EnumSet.of(Counted.TOGETHER) : EnumSet.allOf(Counted.class)) {
      ids.put(id(one, name, network), one);
    }
    // First without a trace: what has to wait anyway must not fill the table.
    refuse(wait(database.with(handle -> rows(handle, ids.keySet(), "")), now));
    Set<Counted> reached = EnumSet.noneOf(Counted.class);
    long wait = database.inTransaction(handle -> count(handle, ids, now, reached));
    refuse(wait);
    return new Entered(name, network, known, reached);
  }

  /** Counts a try unless it has to wait; returns for how long it has to, in milliseconds. */
  private long count(Handle handle, Map<String, Counted> ids, long now, Set<Counted> reached) {
    // In one order, and the row is there before it is locked: two at once both count.
    for (String id : ids.keySet()) {
      handle
          .createUpdate(
              "INSERT INTO login_limit (id, tries, free_at, changed_at) VALUES (:id, 0, 0, :now)"
                  + " ON DUPLICATE KEY UPDATE tries = tries")
          .bind("id", id)
          .bind("now", now)
          .execute();
    }
    Map<String, Row> rows = rows(handle, ids.keySet(), " ORDER BY id FOR UPDATE");
    long wait = wait(rows, now);
    reached.clear();
    if (wait > 0) {
      return wait;
    }
    ids.forEach(
        (id, counted) -> {
          Row row = rows.get(id);
          int tries = row == null || isForgotten(row, now) ? 1 : row.tries() + 1;
          handle
              .createUpdate(
                  "UPDATE login_limit SET tries = :tries, free_at = :free, changed_at = :now"
                      + " WHERE id = :id")
              .bind("tries", tries)
              .bind("free", now + counted.wait(tries))
              .bind("now", now)
              .bind("id", id)
              .execute();
          if (tries == counted.free) {
            reached.add(counted);
          }
        });
    return 0;
  }

  private static Map<String, Row> rows(Handle handle, Set<String> ids, String how) {
    Map<String, Row> rows = new HashMap<>();
    handle
        .createQuery(
            "SELECT id, tries, free_at, changed_at FROM login_limit WHERE id IN (<ids>)" + how)
        .bindList("ids", List.copyOf(ids))
        .map(
            (row, context) ->
                rows.put(row.getString(1), new Row(row.getInt(2), row.getLong(3), row.getLong(4))))
        .list();
    return rows;
  }

  private static boolean isForgotten(Row row, long now) {
    return now - row.changedAt() >= FORGET_MILLIS;
  }

  private static long wait(Map<String, Row> rows, long now) {
    return rows.values().stream().mapToLong(row -> row.freeAt() - now).max().orElse(0);
  }

  private static void refuse(long wait) {
    if (wait > 0) {
      throw ProblemException.tooMany(
          "too many failed logins; try again later", (wait + 999) / 1000);
    }
  }

  /** The try was right: it and the failures of this name from this address are forgotten. */
  void passed(Entered entered) {
    long now = clock.millis();
    database.useTransaction(
        handle -> {
          handle
              .createUpdate("DELETE FROM login_limit WHERE id = :id")
              .bind("id", id(Counted.TOGETHER, entered.name(), entered.address()))
              .execute();
          if (!entered.known()) {
            handle
                .createUpdate(
                    "UPDATE login_limit SET tries = tries - 1, free_at = 0"
                        + " WHERE id IN (<ids>) AND tries > 0")
                .bindList(
                    "ids",
                    List.of(
                        id(Counted.ADDRESS, entered.name(), entered.address()),
                        id(Counted.NAME, entered.name(), entered.address())))
                .execute();
          }
          handle
              .createUpdate(
                  "INSERT INTO login_address (id, seen_at) VALUES (:id, :now)"
                      + " ON DUPLICATE KEY UPDATE seen_at = :now")
              .bind("id", id(Counted.TOGETHER, entered.name(), entered.address()))
              .bind("now", now)
              .execute();
        });
  }

  private boolean isKnown(String name, String network, long now) {
    return database
        .with(
            handle ->
                handle
                    .createQuery("SELECT seen_at FROM login_address WHERE id = :id")
                    .bind("id", id(Counted.TOGETHER, name, network))
                    .mapTo(Long.class)
                    .findOne())
        .filter(seen -> now - seen < KNOWN_MILLIS)
        .isPresent();
  }

  /** How many counts are kept. */
  int entries() {
    return database.with(
        handle ->
            handle.createQuery("SELECT COUNT(*) FROM login_limit").mapTo(Integer.class).one());
  }

  private void clean(long now) {
    long last = cleaned.get();
    if (Math.abs(now - last) >= CLEAN_EVERY_MILLIS && cleaned.compareAndSet(last, now)) {
      forget(now);
    }
  }

  /** Forgets what is old, and the oldest of what is too much. */
  void forget(long now) {
    database.useTransaction(
        handle -> {
          handle.execute("DELETE FROM login_address WHERE seen_at < ?", now - KNOWN_MILLIS);
          handle.execute("DELETE FROM login_limit WHERE changed_at <= ?", now - FORGET_MILLIS);
          handle
              .createQuery(
                  "SELECT changed_at FROM login_limit ORDER BY changed_at DESC LIMIT 1 OFFSET :most")
              .bind("most", rows)
              .mapTo(Long.class)
              .findOne()
              .ifPresent(
                  newest ->
                      handle.execute("DELETE FROM login_limit WHERE changed_at <= ?", newest));
        });
  }

  private static String id(Counted counted, String name, String network) {
    String what =
        switch (counted) {
          case TOGETHER -> network + " " + name;
          case ADDRESS -> network;
          case NAME -> name;
        };
    return Secret.hash(counted + " " + what);
  }
}
