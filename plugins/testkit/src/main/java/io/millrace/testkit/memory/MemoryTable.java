package io.millrace.testkit.memory;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.testkit.sample.Records;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records in memory with a ledger beside them; each method is one transaction. Safe for use by
 * several threads.
 */
public final class MemoryTable {

  private final String name;
  private final Schema schema;
  private final MemoryFaults faults = new MemoryFaults();
  private final RecordBatch visible;
  private final Map<String, Ledger> ledgers = new HashMap<>();

  /** What the target knows of one instance. */
  private static final class Ledger {
    private long epoch;
    private boolean published;
    private int firstRow = -1;
    private final Map<String, SplitCommit> commits = new LinkedHashMap<>();
    private final Map<String, RecordBatch> staged = new LinkedHashMap<>();
  }

  MemoryTable(String name, Schema schema) {
    this.name = name;
    this.schema = schema;
    this.visible = unbounded(schema);
  }

  static RecordBatch unbounded(Schema schema) {
    return new RecordBatch(schema, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Its name in tasks. */
  public String name() {
    return name;
  }

  /** Its columns. */
  public Schema schema() {
    return schema;
  }

  /** What goes wrong when it is read or written. */
  public MemoryFaults faults() {
    return faults;
  }

  /** The number of visible records. */
  public synchronized int size() {
    return visible.size();
  }

  /** Every visible record as canonical texts, in the order they came. */
  public synchronized List<List<@Nullable String>> texts() {
    return Records.texts(visible);
  }

  /** How many instances it keeps bookkeeping or staged records of. */
  public synchronized int ledgers() {
    return ledgers.size();
  }

  /** Makes records visible at once. */
  public synchronized void append(RecordBatch records) {
    for (int row = 0; row < records.size(); row++) {
      visible.appendFrom(records, row);
    }
  }

  /** Appends one visible record to a batch. */
  synchronized void copy(int row, RecordBatch into) {
    into.appendFrom(visible, row);
  }

  /** The newest epoch from now on. */
  synchronized void claim(String instance, long epoch) {
    Ledger ledger = ledgers.computeIfAbsent(instance, i -> new Ledger());
    if (epoch < ledger.epoch) {
      throw fenced(epoch, ledger.epoch);
    }
    ledger.epoch = epoch;
  }

  synchronized Map<String, SplitCommit> commits(String instance) {
    Ledger ledger = ledgers.get(instance);
    return ledger == null ? Map.of() : Map.copyOf(ledger.commits);
  }

  /** The records of a split and its entry in the ledger, together or not at all. */
  synchronized void commit(
      String instance, long epoch, SplitCommit commit, RecordBatch records, boolean stage) {
    Ledger ledger = current(instance, epoch);
    if (ledger.commits.putIfAbsent(commit.splitId(), commit) != null) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "split " + commit.splitId() + " is committed in table " + name + " already");
    }
    if (stage) {
      ledger.staged.put(commit.splitId(), records);
    } else {
      ledger.firstRow = ledger.firstRow < 0 ? visible.size() : ledger.firstRow;
      append(records);
    }
  }

  /**
   * Loses every commit that is not published, with all records that came since the first of them,
   * as a server does that crashes before its log is on disk.
   *
   * @return the number of splits lost
   */
  public synchronized int loseCommits() {
    int lost = 0;
    for (Ledger ledger : ledgers.values()) {
      if (!ledger.published) {
        lost += ledger.commits.size();
        ledger.commits.clear();
        ledger.staged.clear();
        if (ledger.firstRow >= 0) {
          visible.truncate(ledger.firstRow);
        }
        ledger.firstRow = -1;
      }
    }
    return lost;
  }

  synchronized void publish(String instance, long epoch, List<SplitCommit> commits) {
    Ledger ledger = current(instance, epoch);
    for (SplitCommit commit : commits) {
      if (!commit.equals(ledger.commits.get(commit.splitId()))) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "the ledger of table " + name + " does not have the commit " + commit);
      }
    }
    if (!ledger.published) {
      ledger.staged.values().forEach(this::append);
      ledger.staged.clear();
      ledger.published = true;
    }
  }

  synchronized void remove(String instance) {
    ledgers.remove(instance);
  }

  private Ledger current(String instance, long epoch) {
    Ledger ledger = ledgers.get(instance);
    if (ledger == null) {
      throw new MillraceException(
          StandardError.FENCED,
          "the output of " + instance + " in table " + name + " was given up");
    }
    if (epoch != ledger.epoch) {
      throw fenced(epoch, ledger.epoch);
    }
    return ledger;
  }

  private MillraceException fenced(long epoch, long newest) {
    return new MillraceException(
        StandardError.FENCED,
        "table " + name + ": epoch " + newest + " has taken over from epoch " + epoch);
  }
}
