package io.millrace.datahub.read;

import io.millrace.api.read.Split;
import java.util.Map;
import java.util.Objects;

/**
 * Records of one shard.
 *
 * @param shard the shard's id
 * @param begin the sequence number of the first
 * @param end the sequence number behind the last
 * @param created when the topic was created; empty when that is not known
 */
record ShardRange(String shard, long begin, long end, String created) {

  static final int VERSION = 1;

  /** As a split. */
  Split split(boolean closed) {
    return new Split(
        shard,
        VERSION,
        Map.of(
            "shard",
            shard,
            "begin",
            Long.toString(begin),
            "end",
            Long.toString(end),
            "created",
            created),
        "shard " + shard + (closed ? " (closed)" : "") + ", records " + begin + " to " + (end - 1),
        end - begin);
  }

  static ShardRange of(Split split) {
    Map<String, String> pinned = split.properties();
    return new ShardRange(
        Objects.requireNonNull(pinned.get("shard")),
        Long.parseLong(Objects.requireNonNull(pinned.get("begin"))),
        Long.parseLong(Objects.requireNonNull(pinned.get("end"))),
        pinned.getOrDefault("created", ""));
  }
}
