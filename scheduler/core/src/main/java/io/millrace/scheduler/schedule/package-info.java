/**
 * When a task is due: cycles, cron texts, effective dates, clock changes, catch-up and which
 * occurrence waits for which. Pure arithmetic on {@code java.time}; nothing here knows the store,
 * Quartz or the time now.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.schedule;
