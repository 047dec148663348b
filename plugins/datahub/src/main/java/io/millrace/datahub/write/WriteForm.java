package io.millrace.datahub.write;

import java.util.List;

/**
 * How records are written.
 *
 * @param column fields, or * for all
 * @param shardId the shard, or empty for all that are active
 * @param maxCommitSize the most bytes in one request
 */
record WriteForm(List<String> column, String shardId, int maxCommitSize) {}
