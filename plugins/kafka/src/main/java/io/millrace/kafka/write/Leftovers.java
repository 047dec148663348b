package io.millrace.kafka.write;

import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.kafka.connect.Clients;
import io.millrace.kafka.connect.KafkaErrors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * Ledgers that instances of the same task left beside the same topic: those that were killed and
 * neither resumed nor given up. For one thread.
 */
final class Leftovers {

  private final WriteOptions options;
  private final Clients clients;
  private final StageContext context;

  Leftovers(WriteOptions options, Clients clients, StageContext context) {
    this.options = options;
    this.clients = clients;
    this.context = context;
  }

  /** Whose an instance is, as its ledger has it. */
  static String owner(WriteOptions options, String task) {
    return task + "/" + options.topic();
  }

  /**
   * One of them.
   *
   * @param claims what its ledger says of it
   * @param last when it was written to last, by the clock of the brokers
   */
  record Left(String instance, Ledger.Claims claims, Instant last) {}

  /** Those that were written to last before a moment, and have no transaction that is open. */
  List<Left> find(Instant before) {
    List<Left> found = new ArrayList<>();
    lastWritten()
        .forEach(
            (topic, last) -> {
              // One that has no claim yet is just made, or nobody knows whose it is.
              if (last >= 0 && last < before.toEpochMilli()) {
                claims(topic, last, found);
              }
            });
    return found;
  }

  private void claims(String topic, long last, List<Left> found) {
    String instance = topic.substring(Prepared.ledgers(options.prefix()).length());
    Ledger.Claims claims;
    try (Ledger ledger = new Ledger(topic, options.client(), clients)) {
      if (!ledger.exists(context)) {
        return;
      }
      claims = ledger.claims(context);
    } catch (MillraceException e) {
      if (e.errorCode() != StandardError.WRITE_REFUSED) {
        throw e;
      }
      context.log().info(Sensitive.message(e) + "; it stays");
      return;
    }
    if (claims.newest() == null
        || !claims.owner().equals(owner(options, context.task().taskName()))) {
      return;
    }
    for (int channel = 0; channel < claims.channels(); channel++) {
      if (isOpen(Prepared.transactionalId(options.prefix(), instance, channel))) {
        context.log().info("instance " + instance + " has a transaction that is open, and stays");
        return;
      }
    }
    found.add(new Left(instance, claims, Instant.ofEpochMilli(last)));
  }

  private boolean isOpen(String id) {
    try {
      TransactionState state =
          clients
              .ask(
                  context,
                  "transactional id " + id,
                  admin -> admin.describeTransactions(List.of(id)).description(id))
              .state();
      return state == TransactionState.ONGOING
          || state == TransactionState.PREPARE_COMMIT
          || state == TransactionState.PREPARE_ABORT;
    } catch (MillraceException e) {
      if (KafkaErrors.is(e, TransactionalIdNotFoundException.class)) {
        return false;
      }
      throw e;
    }
  }

  /** For every ledger with the prefix the time of its newest message; negative without any. */
  private Map<String, Long> lastWritten() {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (String topic : clients.ask(context, "topics", admin -> admin.listTopics().names())) {
      if (topic.startsWith(Prepared.ledgers(options.prefix()))) {
        for (int partition : Ledger.PARTITIONS) {
          asked.put(new TopicPartition(topic, partition), OffsetSpec.maxTimestamp());
        }
      }
    }
    Map<String, Long> last = new TreeMap<>();
    if (!asked.isEmpty()) {
      Map<TopicPartition, ListOffsetsResultInfo> found =
          clients.ask(
              context,
              "the ledgers",
              admin ->
                  admin
                      .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                      .all());
      found.forEach(
          (partition, info) -> last.merge(partition.topic(), info.timestamp(), Math::max));
    }
    return last;
  }
}
