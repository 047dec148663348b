package io.millrace.scheduler.task;

/**
 * A named set of tasks that are published, run, tested and backfilled as one. What waits for what
 * stands with the tasks, whose dependencies may also lead out of it. Immutable.
 *
 * @param tasks how many tasks it has
 * @param revision counts changes, so that nobody overwrites what he has not seen
 */
public record Workflow(
    long id, String name, String owner, String description, int tasks, int revision) {}
