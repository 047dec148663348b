package io.millrace.mysql.write;

import io.millrace.api.write.Guarantee;
import io.millrace.api.write.WriteState;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.TableName;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@link WriteState} holds, in this writer's terms. The names of other tables follow from it,
 * so that every process finds the same ones.
 *
 * @param hasLedger false where the ledger could not be made
 * @param ledgerTable the ledger's bare name, in the target's database
 * @param rowsBefore the rows that the user's own SQL put into the shadow before any split
 */
record Prepared(
    String instance,
    int generation,
    long epoch,
    TableName target,
    PublishMode publish,
    boolean hasLedger,
    String ledgerTable,
    long rowsBefore) {

  private static final int VERSION = 1;
  private static final int MOST_CHARACTERS = 64;

  static Prepared of(WriteState state) {
    if (state.version() != VERSION) {
      throw new IllegalArgumentException("unknown version " + state.version() + " of the state");
    }
    Map<String, String> values = state.properties();
    return new Prepared(
        values.getOrDefault("instance", ""),
        Integer.parseInt(values.getOrDefault("generation", "1")),
        Long.parseLong(values.getOrDefault("epoch", "0")),
        new TableName(values.getOrDefault("database", ""), values.getOrDefault("table", "")),
        PublishMode.valueOf(values.getOrDefault("publish", "DIRECT")),
        Boolean.parseBoolean(values.get("hasLedger")),
        values.getOrDefault("ledgerTable", ""),
        Long.parseLong(values.getOrDefault("rowsBefore", "0")));
  }

  WriteState state(Guarantee guarantee, String reason) {
    Map<String, String> values = new TreeMap<>();
    values.put("instance", instance);
    values.put("generation", Integer.toString(generation));
    values.put("epoch", Long.toString(epoch));
    values.put("database", target.database());
    values.put("table", target.name());
    values.put("publish", publish.name());
    values.put("hasLedger", Boolean.toString(hasLedger));
    values.put("ledgerTable", ledgerTable);
    values.put("rowsBefore", Long.toString(rowsBefore));
    return new WriteState(VERSION, values, guarantee, reason);
  }

  Prepared withEpoch(long newer) {
    return new Prepared(
        instance, generation, newer, target, publish, hasLedger, ledgerTable, rowsBefore);
  }

  Prepared withRowsBefore(long rows) {
    return new Prepared(instance, generation, epoch, target, publish, hasLedger, ledgerTable, rows);
  }

  /** The ledger, or null where there is none. */
  @Nullable Ledger ledger() {
    return hasLedger
        ? new Ledger(
            Identifiers.BACKTICK.quote(target.database(), ledgerTable), instance, generation)
        : null;
  }

  /** The table that splits write to. */
  TableName written() {
    return publish == PublishMode.DIRECT ? target : shadow();
  }

  /** The table that is filled before it is published. */
  TableName shadow() {
    return beside("__new_");
  }

  /** The table that a swap puts aside. */
  TableName aside() {
    return beside("__old_");
  }

  private TableName beside(String mark) {
    String tail =
        mark + AttemptLocks.hash(instance + "/" + generation + "/" + target).substring(0, 12);
    String name = target.name();
    int room = MOST_CHARACTERS - tail.length();
    return new TableName(
        target.database(), (name.length() > room ? name.substring(0, room) : name) + tail);
  }
}
