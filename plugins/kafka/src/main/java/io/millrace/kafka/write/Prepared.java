package io.millrace.kafka.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.WriteState;
import java.util.Map;

/**
 * What stage 1 has prepared, as it is kept.
 *
 * @param prefix begins the names of transactional ids and of the ledger
 * @param instance the instance
 * @param attempt who may commit
 * @param timeoutMillis the longest transaction
 * @param ids of the topics that are written to
 */
record Prepared(String prefix, String instance, Attempt attempt, long timeoutMillis, Ids ids) {

  private static final int VERSION = 1;

  /**
   * The ids of topics, which another one of the same name does not have; empty where none is known.
   *
   * @param topic of the target
   * @param ledger of the ledger
   */
  record Ids(String topic, String ledger) {}

  /**
   * One attempt of the instance.
   *
   * @param generation rises each time the instance is started anew
   * @param epoch rises with every attempt
   */
  record Attempt(int generation, long epoch) implements Comparable<Attempt> {

    @Override
    public int compareTo(Attempt other) {
      return generation != other.generation
          ? Integer.compare(generation, other.generation)
          : Long.compare(epoch, other.epoch);
    }
  }

  static Prepared of(WriteState state) {
    Map<String, String> kept = state.properties();
    if (state.version() != VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "kafka writer: the instance was begun by another version of this plugin; start it anew");
    }
    return new Prepared(
        kept.getOrDefault("prefix", ""),
        kept.getOrDefault("instance", ""),
        new Attempt(
            Integer.parseInt(kept.getOrDefault("generation", "1")),
            Long.parseLong(kept.getOrDefault("epoch", "0"))),
        Long.parseLong(kept.getOrDefault("timeoutMillis", "0")),
        new Ids(kept.getOrDefault("topicId", ""), kept.getOrDefault("ledgerId", "")));
  }

  WriteState state() {
    return new WriteState(
        VERSION,
        Map.of(
            "prefix", prefix,
            "instance", instance,
            "generation", String.valueOf(attempt.generation()),
            "epoch", String.valueOf(attempt.epoch()),
            "timeoutMillis", String.valueOf(timeoutMillis),
            "topicId", ids.topic(),
            "ledgerId", ids.ledger()),
        Guarantee.EXACTLY_ONCE,
        "");
  }

  Prepared withEpoch(long epoch) {
    return new Prepared(
        prefix, instance, new Attempt(attempt.generation(), epoch), timeoutMillis, ids);
  }

  Prepared withIds(Ids known) {
    return new Prepared(prefix, instance, attempt, timeoutMillis, known);
  }

  /** How the names of ledgers begin, whatever their instance. */
  static String ledgers(String prefix) {
    return prefix + "-ledger-";
  }

  /** The topic of the ledger. */
  String ledger() {
    return ledgers(prefix) + instance;
  }

  /**
   * The transactional id of a channel. It is the same for every generation, so that an attempt ends
   * the transactions of all that were before it.
   */
  String transactionalId(int channel) {
    return transactionalId(prefix, instance, channel);
  }

  static String transactionalId(String prefix, String instance, int channel) {
    return prefix + "-" + instance + "-" + channel;
  }
}
