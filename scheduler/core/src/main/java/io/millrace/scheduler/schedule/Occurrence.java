package io.millrace.scheduler.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * One time at which a task is due.
 *
 * @param at the instant; no two occurrences of a schedule share one
 * @param time what a clock in the schedule's zone shows then
 * @param businessDate the day before the date it was planned for
 * @param dryRun true when the calendar lets the task not run: it succeeds at once, so that its
 *     dependants go on
 * @param reason why it is a dry run; empty otherwise
 */
public record Occurrence(
    Instant at, LocalDateTime time, LocalDate businessDate, boolean dryRun, String reason) {}
