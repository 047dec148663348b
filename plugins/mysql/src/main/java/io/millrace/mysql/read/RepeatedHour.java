package io.millrace.mysql.read;

import io.millrace.api.record.Calendars;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.stream.IntStream;

/**
 * Tells instants that the server may have taken for others. Only of a table's own column does it
 * give the instant that is stored; of an expression, a view or a derived table it makes one from
 * the wall clock of the session's zone, and where that showed a time twice it means the first. So
 * the first is in doubt and the second is not. Used by one thread.
 */
final class RepeatedHour {

  private static final long MICROS_PER_SECOND = 1_000_000L;

  private final boolean[] columns;
  private final ZoneRules rules;

  /** The seconds since 1970 between which the clock is not changed, and where its doubt begins. */
  private long from = 1;

  private long to;
  private long doubt;

  /**
   * @param width the number of columns
   * @param columns those that are no columns of a table
   * @param zone the session's
   */
  RepeatedHour(int width, int[] columns, ZoneId zone) {
    this.columns = new boolean[width];
    IntStream.of(columns).forEach(column -> this.columns[column] = true);
    this.rules = zone.getRules();
  }

  /** True for an instant, in microseconds, that may stand for the one an hour or so later. */
  boolean isDoubtful(int column, long micros) {
    if (!columns[column] || micros == Calendars.ZERO_TIMESTAMP || rules.isFixedOffset()) {
      return false;
    }
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    if (seconds < from || seconds >= to) {
      look(seconds);
    }
    return seconds >= doubt;
  }

  private void look(long seconds) {
    Instant instant = Instant.ofEpochSecond(seconds);
    // The one before, or this very instant.
    ZoneOffsetTransition last = rules.previousTransition(instant.plusNanos(1));
    ZoneOffsetTransition next = rules.nextTransition(instant);
    from = last == null ? Long.MIN_VALUE : last.toEpochSecond();
    to = next == null ? Long.MAX_VALUE : next.toEpochSecond();
    doubt = next == null || !next.isOverlap() ? to : to + next.getDuration().toSeconds();
  }
}
