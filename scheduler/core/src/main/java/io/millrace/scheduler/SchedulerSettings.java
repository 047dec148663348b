package io.millrace.scheduler;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * How a scheduler runs.
 *
 * @param node the name of this node: the same after a restart, and another on each node of a store
 * @param zone of the nightly time, and of tasks that state none
 * @param nightly when the next day's instances are made
 * @param lease how long a node counts as alive after its last word
 * @param keep how long instances are remembered after their end
 * @param reconcile true to look now and then for what should have been done and was not
 */
public record SchedulerSettings(
    String node, ZoneId zone, LocalTime nightly, Duration lease, Duration keep, boolean reconcile) {

  public static final LocalTime NIGHTLY = LocalTime.of(23, 30);
  public static final Duration LEASE = Duration.ofSeconds(30);
  public static final Duration KEEP = Duration.ofDays(30);

  /** The usual. */
  public static SchedulerSettings of(String node, ZoneId zone) {
    return new SchedulerSettings(node, zone, NIGHTLY, LEASE, KEEP, true);
  }

  public SchedulerSettings withLease(Duration time) {
    return new SchedulerSettings(node, zone, nightly, time, keep, reconcile);
  }

  public SchedulerSettings withReconcile(boolean on) {
    return new SchedulerSettings(node, zone, nightly, lease, keep, on);
  }
}
