package io.millrace.datahub.write;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.datahub.connect.DataHubClient;
import io.millrace.datahub.connect.HubShard;
import java.util.List;

/** The shards that take records, in turn. Used by one thread. */
final class Shards {

  private final DataHubClient client;
  private final String only;
  private final StageContext context;
  private List<String> active = List.of();
  private int turn;

  /**
   * @param only the one shard to write to, or empty for all
   */
  Shards(DataHubClient client, String only, StageContext context) {
    this.client = client;
    this.only = only;
    this.context = context;
  }

  /**
   * The next shard.
   *
   * @throws MillraceException when none takes anything
   */
  String next() {
    if (active.isEmpty()) {
      active =
          client.shards(context).stream()
              .filter(HubShard::writable)
              .map(HubShard::id)
              .filter(id -> only.isEmpty() || id.equals(only))
              .toList();
      if (active.isEmpty()) {
        throw new MillraceException(
            only.isEmpty() ? StandardError.WRITE : StandardError.WRITE_REFUSED,
            only.isEmpty()
                ? "no shard of the topic is active"
                : "shard " + only + " is not one that is active: choose another 'shardId'");
      }
    }
    return active.get(Math.floorMod(turn++, active.size()));
  }

  /** One was closed, by a split or a merge: they are asked for again. */
  void changed() {
    active = List.of();
  }
}
