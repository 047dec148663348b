package io.millrace.engine.attempt;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.engine.dirty.DirtyGate;
import io.millrace.engine.dirty.DirtyStore;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.state.StateStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.MDC;

/**
 * The straight line of an attempt: connect and check, then the four stages, each kept before the
 * next begins. Runs once, on one thread; every failure is thrown.
 */
final class Stages {

  private final AttemptRequest request;
  private final DeclaredOptions declared;
  private final TaskContext context;
  private final CancellationSource cancellation;
  private final Counters counters;
  private final DirtyGate gate;
  private final AttemptStatus status;
  private final AttemptLog log;
  private final StateStore store;
  private final Ends ends;

  /** What the stages share with whoever watches the attempt. */
  record Watched(
      AttemptRequest request,
      DeclaredOptions declared,
      TaskContext context,
      CancellationSource cancellation,
      Counters counters,
      DirtyGate gate,
      AttemptStatus status,
      AttemptLog log) {}

  /**
   * @param store of the run directory
   * @param ends the two ends of the task
   */
  Stages(Watched watched, StateStore store, Ends ends) {
    this.request = watched.request();
    this.declared = watched.declared();
    this.context = watched.context();
    this.cancellation = watched.cancellation();
    this.counters = watched.counters();
    this.gate = watched.gate();
    this.status = watched.status();
    this.log = watched.log();
    this.store = store;
    this.ends = ends;
  }

  /**
   * Runs the line.
   *
   * @throws MillraceException what failed first
   */
  void run() {
    AttemptState kept = begin();
    log.line("instance " + kept.instanceId() + ", epoch " + (kept.epoch() + 1));
    MDC.put("instanceId", kept.instanceId());
    if (kept.succeeded()) {
      log.line("the instance has succeeded before; nothing is run again");
      repeatSuccess(kept);
      return;
    }
    Schema source = ends.reader().schema(call(Stage.PRE_PREPARATION));
    if (kept.source() != null && !kept.source().equals(source)) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "the source's columns have changed since the run began; start anew in another run"
              + " directory");
    }
    ends.writer().check(source, call(Stage.PRE_PREPARATION));
    cancellation.throwIfCancelled();
    kept = kept.withSource(source).nextEpoch();
    store.save(kept);
    status.state(RunState.RUN);
    log.state(status.progress(counters.totals(), gate.bytes()));

    kept = prePreparation(kept, source);
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    status.prepared(prepared);
    SplitPlan plan = split(kept);
    List<SplitCommit> commits = synchronize(kept.withPlanned(), plan, source);
    Reconciliation.check(plan.splits(), commits);
    postPreparation(prepared, commits);
    cancellation.throwIfCancelled();
    store.save(kept.withPlanned().withSucceeded(Reconciliation.sum(commits)));
    forget(prepared);
  }

  /** The kept state to go on from, or a new one. */
  private AttemptState begin() {
    String fingerprint = declared.fingerprint(request.task());
    AttemptState kept = store.load().orElse(null);
    if (!request.resume()) {
      if (kept != null) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            request.runDirectory()
                + " holds an earlier run; resume it, or name another run directory");
      }
      return AttemptState.begin(request.task().name(), fingerprint, UUID.randomUUID().toString());
    }
    if (kept == null) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          request.runDirectory() + " holds no run to resume; run without resume");
    }
    if (!kept.fingerprint().equals(fingerprint)) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "the task or its parameters have changed since the run in "
              + request.runDirectory()
              + " began; resume with the same ones, or start anew in another run directory");
    }
    return kept;
  }

  private void repeatSuccess(AttemptState kept) {
    SplitPlan plan = store.loadPlan();
    status.planned(plan.splits().size(), plan.rule());
    counters.addAll(Objects.requireNonNull(kept.total()), plan.splits().size());
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    status.prepared(prepared);
    forget(prepared);
  }

  private AttemptState prePreparation(AttemptState kept, Schema source) {
    WriteState before = kept.writeState();
    if (before != null) {
      status.begin(Stage.PRE_PREPARATION);
      // Stage 1 was completed: it is not repeated, only the earlier attempts are shut out.
      WriteState taken = ends.writer().takeOver(before, kept.epoch(), call(Stage.PRE_PREPARATION));
      AttemptState next = kept.withWriteState(taken);
      store.save(next);
      status.end(true);
      return next;
    }
    status.begin(Stage.PRE_PREPARATION);
    ends.reader().prepare(call(Stage.PRE_PREPARATION));
    WriteState prepared =
        ends.writer()
            .prepare(
                new WritePlan(kept.instanceId(), kept.generation(), kept.epoch(), source),
                call(Stage.PRE_PREPARATION));
    // An attempt that was left behind as not answering must not go on when the answer comes.
    cancellation.throwIfCancelled();
    if (prepared.guarantee() == Guarantee.AT_LEAST_ONCE) {
      log.warn("guarantee: at least once, because " + prepared.reason());
    }
    AttemptState next = kept.withWriteState(prepared);
    store.save(next);
    status.end(false);
    return next;
  }

  private SplitPlan split(AttemptState kept) {
    status.begin(Stage.SPLIT);
    SplitPlan plan;
    if (kept.planned()) {
      plan = store.loadPlan();
    } else {
      int wanted = context.limits().channels();
      plan = ends.reader().split(new SplitRequest(wanted), call(Stage.SPLIT));
      cancellation.throwIfCancelled();
      Reconciliation.checkDistinct(plan.splits());
      store.savePlan(plan);
      store.save(kept.withPlanned());
    }
    plan.splits().forEach(s -> log.stage(Stage.SPLIT).info(s.id() + ": " + s.description()));
    status.planned(plan.splits().size(), plan.rule());
    log.line("split rule: " + plan.rule());
    status.end(kept.planned());
    return plan;
  }

  private List<SplitCommit> synchronize(AttemptState kept, SplitPlan plan, Schema source) {
    status.begin(Stage.SYNCHRONIZE);
    counters.touch();
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    DirtyStore dirty = new DirtyStore(request.runDirectory().resolve("dirty"), gate, log);
    Map<String, SplitCommit> earlier = committedBefore(prepared, kept);
    dirty.keepOnly(seals(earlier.values()));
    for (SplitCommit commit : earlier.values()) {
      counters.add(commit.tally());
      gate.addCommitted(commit.tally().dirty());
    }
    if (!earlier.isEmpty()) {
      log.line(earlier.size() + " of " + plan.splits().size() + " splits were committed before");
    }
    int channels = channels(plan, plan.splits().size() - earlier.size());
    status.channels(channels);
    try {
      List<SplitCommit> commits =
          new Synchronization(shared(kept, source, prepared, dirty))
              .run(plan.splits(), earlier, channels);
      // Tries whose commit was not answered leave sealed files: the ledger says which ones count.
      dirty.keepOnly(seals(commits));
      gate.checkShare(counters.totals().read());
      return commits;
    } finally {
      status.end(false);
    }
  }

  private Map<String, SplitCommit> committedBefore(WriteState prepared, AttemptState kept) {
    if (kept.epoch() == 1) {
      return Map.of();
    }
    return prepared.guarantee() == Guarantee.EXACTLY_ONCE
        ? ends.writer().commits(prepared, call(Stage.SYNCHRONIZE))
        : store.loadCommits();
  }

  private static List<String> seals(Collection<SplitCommit> commits) {
    return commits.stream().map(commit -> commit.tally().dirtySeal()).toList();
  }

  /** How many channels run, said in the log when it is fewer than the task allows. */
  private int channels(SplitPlan plan, int left) {
    int wanted = context.limits().channels();
    int used = Math.min(wanted, Math.min(plan.maxConcurrency(), Math.max(left, 1)));
    if (used < wanted) {
      log.line(
          "channels: "
              + used
              + " of "
              + wanted
              + (plan.maxConcurrency() < wanted
                  ? ", because the split rule allows no more"
                  : ", because only " + left + " splits are left"));
    }
    return used;
  }

  private void postPreparation(WriteState prepared, List<SplitCommit> commits) {
    status.begin(Stage.POST_PREPARATION);
    cancellation.throwIfCancelled();
    ends.writer().publish(prepared, commits, call(Stage.POST_PREPARATION));
    ends.reader().finish(call(Stage.POST_PREPARATION));
    status.end(false);
  }

  /** Bookkeeping that stays behind does no harm, so its removal does not fail the attempt. */
  private void forget(WriteState prepared) {
    try {
      ends.writer().forget(prepared, call(Stage.POST_PREPARATION));
    } catch (RuntimeException e) {
      log.warn("the target's bookkeeping was not removed: " + e.getMessage());
    }
  }

  private CallContext call(Stage of) {
    return new CallContext(context, log.stage(of), cancellation);
  }

  private Synchronization.Shared shared(
      AttemptState kept, Schema source, WriteState prepared, DirtyStore dirty) {
    return new Synchronization.Shared(
        ends,
        source,
        prepared,
        kept.epoch(),
        request.task().settings(),
        context,
        counters,
        Contexts.limiter(request.task().settings()),
        Contexts.budget(context),
        dirty,
        gate,
        store,
        log,
        cancellation);
  }
}
