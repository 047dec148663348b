package io.millrace.datahub.write;

import java.time.ZoneId;
import java.util.List;

/**
 * How records are written.
 *
 * @param column fields, or * for all
 * @param shardId the shard, or empty for all that are active
 * @param maxCommitSize the most bytes in one request
 * @param zone of wall-clock values that go to TIMESTAMP fields
 */
record WriteForm(List<String> column, String shardId, int maxCommitSize, ZoneId zone) {}
