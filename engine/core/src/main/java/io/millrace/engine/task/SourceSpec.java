package io.millrace.engine.task;

/**
 * What a task reads from, ready to be looked at: parameters and data sources are filled in.
 * Immutable.
 *
 * @param name the task's name, for messages
 * @param strict unknown options are errors; otherwise they are notes
 * @param secrets what must never be written; add what the connector declares with {@link
 *     Secrets#collect}
 */
public record SourceSpec(
    String name, ConnectorSpec reader, TaskSettings settings, boolean strict, Secrets secrets) {}
