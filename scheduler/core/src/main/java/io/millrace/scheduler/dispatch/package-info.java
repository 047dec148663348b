/**
 * Gives out slots and starts attempts, and sees to it that each instance runs on one node at a
 * time. Knows neither schedules nor how an attempt runs.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.dispatch;
