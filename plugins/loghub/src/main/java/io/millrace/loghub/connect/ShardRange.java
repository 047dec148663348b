package io.millrace.loghub.connect;

/**
 * What is left to read of one shard.
 *
 * @param shard the shard's id
 * @param from the cursor of the next log group
 * @param end the cursor behind the last one
 */
public record ShardRange(int shard, String from, String end) {

  /** The rest, from another cursor on. */
  public ShardRange withFrom(String cursor) {
    return new ShardRange(shard, cursor, end);
  }

  /** True when nothing is left. */
  public boolean isEmpty() {
    return from.equals(end);
  }
}
