package io.millrace.loghub.connect;

/**
 * A shard of a logstore.
 *
 * @param id unique in the logstore; never used again
 * @param readOnly true once it was split or merged: it takes nothing more, and holds what it had
 */
public record LogShard(int id, boolean readOnly) {}
