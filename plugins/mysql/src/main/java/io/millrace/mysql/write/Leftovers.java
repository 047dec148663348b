package io.millrace.mysql.write;

import io.millrace.api.StageContext;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What instances of the same task left beside the same target: those that were killed and neither
 * resumed nor given up. Each is known by its first entry in the ledger, which comes before its
 * shadow table; the shadow's name follows from it.
 */
record Leftovers(StageSession session, TableName target, String ledgerTable, StageContext context) {

  /** After what time a run of the task removes what another has staged. */
  static final Duration LEFT_BEHIND = Duration.ofDays(7);

  private static final int LONGEST = 200;

  /** Which instances. */
  enum Which {
    /** Those that have tables. The others leave some rows, and can be resumed by them. */
    STAGED,
    ALL
  }

  /** The same through another connection. */
  Leftovers with(StageSession other) {
    return new Leftovers(other, target, ledgerTable, context);
  }

  /** Whose an instance is, as the ledger has it. */
  String owner() {
    String owner = context.task().taskName() + "/" + target.name();
    return owner.length() <= LONGEST ? owner : owner.substring(0, LONGEST);
  }

  /**
   * Removes what no attempt has claimed since a moment and no living connection belongs to.
   *
   * @param but an instance that stays
   * @return of how many instances something was removed
   */
  int sweep(Instant before, Which which, String but) {
    long millis = before.toEpochMilli();
    int swept = 0;
    for (Ledger instance : left(millis)) {
      context.cancellation().throwIfCancelled();
      if (!instance.instance().equals(but) && remove(instance, millis, which)) {
        context
            .log()
            .info("removed what instance " + instance.instance() + " had left beside " + target);
        swept++;
      }
    }
    return swept;
  }

  /** What {@link #sweep} would remove, were nothing of it at work. Changes nothing. */
  List<String> show(Instant before) {
    return left(before.toEpochMilli()).stream()
        .map(
            one ->
                "instance "
                    + one.instance()
                    + " beside "
                    + target
                    + ": rows of the ledger"
                    + shadows(one)
                        .filter(Shadow::isThere)
                        .map(shadow -> ", table " + shadow)
                        .collect(Collectors.joining()))
        .toList();
  }

  /** True when another instance may be swept. Changes nothing, and takes no lock. */
  boolean isThereAny(Instant before, String but) {
    return left(before.toEpochMilli()).stream().anyMatch(one -> !one.instance().equals(but));
  }

  private List<Ledger> left(long before) {
    TableName ledger = new TableName(target.database(), ledgerTable);
    String quoted = Identifiers.BACKTICK.quote(ledger.database(), ledger.name());
    return session.call(
        "cannot look into the ledger " + ledger,
        open ->
            Shadow.exists(open, ledger) ? Ledger.left(open, quoted, owner(), before) : List.of());
  }

  private boolean remove(Ledger instance, long before, Which which) {
    if (which == Which.STAGED && shadows(instance).noneMatch(Shadow::isThere)) {
      return false;
    }
    AttemptLocks locks = new AttemptLocks(instance.instance());
    boolean idle =
        session.call(
            "cannot see whether instance " + instance.instance() + " runs", locks::acquireIdle);
    if (!idle) {
      context.log().info("instance " + instance.instance() + " is at work, and stays");
      return false;
    }
    try {
      return session.call(
          "cannot remove what instance " + instance.instance() + " had left",
          open -> {
            // It may have been claimed before its lock was taken.
            if (!Ledger.left(open, instance.table(), owner(), before).contains(instance)) {
              return false;
            }
            // First: who resumes it from here on is told so, and misses nothing unawares.
            instance.shut(open);
            shadows(instance).forEach(Shadow::sweep);
            instance.forget(open);
            return true;
          });
    } finally {
      locks.release(session.connection());
    }
  }

  /** Those of an instance's every generation: only the last one is in the ledger. */
  Stream<Shadow> shadows(String instance, int newest) {
    return IntStream.rangeClosed(1, newest)
        .mapToObj(
            generation ->
                new Shadow(
                    // Its task may have another mode by now: what is there tells.
                    new Prepared(
                        instance, generation, 0, target, PublishMode.SWAP, true, ledgerTable, 0),
                    session));
  }

  private Stream<Shadow> shadows(Ledger instance) {
    return shadows(instance.instance(), instance.generation());
  }
}
