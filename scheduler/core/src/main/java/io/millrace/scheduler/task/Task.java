package io.millrace.scheduler.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task, without what its versions hold. Immutable.
 *
 * @param workflowId the workflow it belongs to; null for none
 * @param frozen instances that are made from now on are skipped
 * @param published the version that instances are made of; 0 when there is none
 * @param recursFrom its recurring instances exist from this time on; the epoch when there are none
 * @param generatedUntil and up to this time
 * @param revision counts changes, so that nobody overwrites what he has not seen
 */
public record Task(
    long id,
    String name,
    @Nullable Long workflowId,
    String owner,
    String description,
    List<String> labels,
    boolean frozen,
    boolean hasDraft,
    int published,
    @Nullable Instant publishedAt,
    Instant recursFrom,
    Instant generatedUntil,
    int revision) {

  public Task {
    labels = List.copyOf(labels);
  }
}
