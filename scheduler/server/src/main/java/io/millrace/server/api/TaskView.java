package io.millrace.server.api;

import io.millrace.scheduler.task.Task;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task, without what its versions hold.
 *
 * @param workflow the name of the workflow it belongs to; null for none
 * @param published the version that instances are made of; 0 when there is none
 * @param revision to be given when changing it
 */
record TaskView(
    long id,
    String name,
    @Nullable String workflow,
    String owner,
    String description,
    List<String> labels,
    boolean frozen,
    boolean hasDraft,
    int published,
    @Nullable Instant publishedAt,
    int revision) {

  static TaskView of(Task task, @Nullable String workflow) {
    return new TaskView(
        task.id(),
        task.name(),
        workflow,
        task.owner(),
        task.description(),
        task.labels(),
        task.frozen(),
        task.hasDraft(),
        task.published(),
        task.publishedAt(),
        task.revision());
  }
}
