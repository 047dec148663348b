package io.millrace.files.write;

import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StagedNames;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Writes rows to files that nobody sees before all of them are written. */
public final class FilesWriter implements Writer {

  /** After this long without a new attempt, nobody will resume an instance. */
  private static final Duration LEFT_BEHIND = Duration.ofDays(7);

  private static final Duration RENEW_AFTER = Duration.ofMinutes(10);

  private final WriteOptions options;
  private final FileStore store;

  /** When it was noted last that the instance is alive. */
  private final AtomicReference<Instant> owned = new AtomicReference<>(Instant.EPOCH);

  /**
   * @param store closed with the writer
   */
  public FilesWriter(WriteOptions options, FileStore store) {
    this.options = options;
    this.store = store;
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    Schema target = options.format().check(source);
    options.remarks().forEach(context.log()::warn);
    options.format().remarks().forEach(each -> context.log().warn(each));
    List<String> partitions = options.target().partitions();
    Schema inFiles = partitions.isEmpty() ? source : Partitions.of(source, partitions).inFiles();
    options.format().warnings(inFiles).forEach(context.log()::warn);
    Existing existing = new Existing(store, options.target(), context.cancellation());
    // A wrong secret or a bucket that is not there is told before anything is begun.
    existing.visit(name -> false);
    Set<String> own = existing.beingPublished();
    existing.requireFree(options, own);
    existing.removal(options, own).ifPresent(context.log()::warn);
    return target;
  }

  @Override
  public void marked(StageContext context, Consumer<String> look) {
    Target target = options.target();
    Target real =
        new Target(
            store.realName(target.folder()), target.base(), target.deep(), target.partitions());
    boolean truncates = options.mode() == WriteMode.TRUNCATE;
    look.accept(
        new TargetMark(store.place(), real, truncates, options.single(), options.suffix()).text());
  }

  private Ledger ledger(Prepared prepared, StageContext context) {
    return new OwnFiles(store, options, prepared).ledger(context.cancellation());
  }

  private String area(Prepared prepared) {
    return options.target().area(prepared.instance(), prepared.generation());
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    Prepared prepared = Prepared.of(plan);
    Existing existing = new Existing(store, options.target(), context.cancellation());
    existing.requireFree(options, Set.of());
    existing.removal(options, Set.of()).ifPresent(context.log()::info);
    // An instance that starts anew leaves nothing that a writer of before could commit with.
    for (int older = 1; older < plan.generation(); older++) {
      sweep(new Prepared(plan.instanceId(), older, 0, plan.source()), context);
    }
    claim(prepared, context);
    Leftovers leftovers = new Leftovers(store, options.target(), options.single(), context);
    Instant old = context.task().clock().instant().minus(LEFT_BEHIND);
    try {
      leftovers.sweep(old, area(prepared));
    } catch (MillraceException e) {
      context.cancellation().throwIfCancelled();
      context.log().warn("what earlier instances left was not removed: " + Sensitive.message(e));
    }
    return prepared.state();
  }

  private void claim(Prepared prepared, StageContext context) {
    ledger(prepared, context).claim(prepared.epoch());
    new Leftovers(store, options.target(), options.single(), context).own(area(prepared));
    owned.set(context.task().clock().instant());
  }

  /**
   * Notes again that the instance is alive, so that a long run is not taken for one left behind.
   */
  private void renew(Prepared prepared, StageContext context) {
    Instant now = context.task().clock().instant();
    Instant before = owned.get();
    if (before.plus(RENEW_AFTER).isBefore(now) && owned.compareAndSet(before, now)) {
      new Leftovers(store, options.target(), options.single(), context).own(area(prepared));
    }
  }

  @Override
  public List<String> leftBehind(Instant before, StageContext context) {
    return new Leftovers(store, options.target(), options.single(), context).show(before);
  }

  @Override
  public int cleanUp(Instant before, StageContext context) {
    return new Leftovers(store, options.target(), options.single(), context).sweep(before, "");
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    Prepared prepared = Prepared.of(state).withEpoch(epoch);
    claim(prepared, context);
    return prepared.state();
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    Ledger ledger = ledger(prepared, context);
    ledger.requireClaimed(prepared.epoch());
    Publishing publishing = new Publishing(options, store, prepared, context);
    // What is published already may have been moved on by those who wait for it.
    boolean decided = publishing.isDecided();
    Map<String, SplitCommit> commits = new LinkedHashMap<>();
    ledger
        .commits()
        .forEach(
            (split, record) -> {
              if (decided || ledger.isWhole(record)) {
                commits.put(split, record.commit());
              }
            });
    return commits;
  }

  @Override
  public boolean wantsWholeSplits() {
    return options.wholeSplits();
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    Prepared prepared = Prepared.of(state);
    ledger(prepared, context).requireOpen(splitId, prepared.epoch());
    renew(prepared, context);
    return new FilesSplitWriter(options, store, prepared, splitId, context);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
    options.format().remarks().forEach(each -> context.log().warn(each));
    new Publishing(options, store, Prepared.of(state), context).publish(commits);
  }

  @Override
  public void discard(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    // Without its fences no attempt can commit or publish any more.
    sweep(prepared, context);
  }

  @Override
  public void forget(WriteState state, StageContext context) {
    sweep(Prepared.of(state), context);
  }

  private void sweep(Prepared prepared, StageContext context) {
    String tag = options.single() ? "" : prepared.tag();
    StagedNames own = new StagedNames(options.target().prefix(), tag, Instant.MAX);
    store.sweep(area(prepared), own, context.cancellation());
  }

  @Override
  public void close() {
    store.close();
  }
}
