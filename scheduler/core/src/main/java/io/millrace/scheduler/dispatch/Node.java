package io.millrace.scheduler.dispatch;

/**
 * This server among those of one store, for as long as its lease holds.
 *
 * @param name stays the same over restarts
 * @param epoch grows with each registration; what an older one writes is refused
 */
public record Node(String name, long epoch) {}
