package io.millrace.api.write;

import io.millrace.api.record.Schema;

/**
 * What a writer is to prepare for.
 *
 * @param instanceId identifies the instance in the target's ledger; at most 64 letters, digits and
 *     dashes; the same in every attempt
 * @param generation 1, and one more each time an operator starts the instance anew
 * @param epoch rises with every attempt; only the newest may commit
 * @param source the columns that will arrive
 */
public record WritePlan(String instanceId, int generation, long epoch, Schema source) {}
