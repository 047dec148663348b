package io.millrace.datahub.connect;

/**
 * A shard of a topic.
 *
 * @param id a number as text
 * @param writable false once it was split, merged or closed; it holds what it had
 */
public record HubShard(String id, boolean writable) {}
