package io.millrace.engine.attempt;

import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;

/**
 * What to run and where to keep it.
 *
 * @param task what to run
 * @param runDirectory holds the logs, the dirty records and the state for resume; made when missing
 * @param resume go on from the state in the run directory instead of starting anew
 */
public record AttemptRequest(TaskSpec task, Path runDirectory, boolean resume) {}
