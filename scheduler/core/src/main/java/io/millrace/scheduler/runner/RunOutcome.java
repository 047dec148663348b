package io.millrace.scheduler.runner;

import io.millrace.engine.attempt.AttemptResult;

/**
 * What an attempt came to.
 *
 * @param begun false when it was refused before it could change anything: its directory is of no
 *     use to a later attempt, which need not name it as an earlier one
 */
public record RunOutcome(long instanceId, int attempt, boolean begun, AttemptResult result) {}
