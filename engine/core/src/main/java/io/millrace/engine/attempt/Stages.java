package io.millrace.engine.attempt;

import io.millrace.api.Counted;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.engine.dirty.DirtyGate;
import io.millrace.engine.dirty.DirtyStore;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.state.KeptStates;
import io.millrace.engine.state.StateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
  private final @Nullable Lineage lineage;
  private final KeptStates earlier;

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
    this.lineage = request.lineage();
    this.earlier =
        new KeptStates(
            lineage == null
                ? List.of()
                : lineage.earlier().stream().map(each -> each.resolve("state")).toList());
  }

  /**
   * Runs the line.
   *
   * @throws MillraceException what failed first
   */
  void run() {
    AttemptState kept = begin();
    log.line("instance " + kept.instanceId() + ", epoch " + kept.epoch());
    if (MDC.get("instanceId") == null) {
      MDC.put("instanceId", kept.instanceId());
    }
    if (kept.succeeded()) {
      repeatSuccess(kept);
      return;
    }
    Schema source = ends.schema(call(Stage.PRE_PREPARATION));
    if (kept.source() != null && !kept.source().equals(source)) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "the source's columns have changed since the run began; start anew"
              + (lineage == null ? " in another run directory" : ""));
    }
    Map<String, String> identity = ends.reader().identity(call(Stage.PRE_PREPARATION));
    Identities.requireSame("source", kept.sourceIdentity(), identity);
    Ends.Checked checked = ends.checked(source, call(Stage.PRE_PREPARATION));
    checked.warnings().forEach(log::warn);
    cancellation.throwIfCancelled();
    kept =
        kept.withSource(source, kept.sourceIdentity() == null ? identity : kept.sourceIdentity());
    if (lineage == null) {
      // Who the attempt is must be known to the next one before the target learns of it.
      store.save(kept);
    }
    status.state(RunState.RUN);
    log.state(status.progress(counters.totals(), gate.bytes()));

    kept = catchUp(prePreparation(kept, source));
    if (kept.succeeded()) {
      repeatSuccess(kept);
      return;
    }
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    status.prepared(prepared);
    SplitPlan plan = split(kept);
    List<SplitCommit> commits = synchronize(kept, plan, source, checked.target());
    Reconciliation.check(plan.splits(), commits, ends.writer().maySkip());
    gate.checkLeft(Reconciliation.sum(commits).read()).ifPresent(log::warn);
    requireSameEnds(kept);
    postPreparation(prepared, plan, commits);
    cancellation.throwIfCancelled();
    store.save(kept.withPlanned().withSucceeded(Reconciliation.sum(commits)));
    forget(prepared);
  }

  /** What was read and written is still what it was when the instance began. */
  private void requireSameEnds(AttemptState kept) {
    CallContext call = call(Stage.SYNCHRONIZE);
    Identities.requireSame("source", kept.sourceIdentity(), ends.reader().identity(call));
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    Identities.requireSame("target", kept.targetIdentity(), ends.writer().identity(prepared, call));
  }

  /** The kept state to go on from, or a new one. */
  private AttemptState begin() {
    String fingerprint = declared.fingerprint(request.task());
    if (lineage != null) {
      return begin(lineage, fingerprint);
    }
    AttemptState kept = store.load().orElse(null);
    if (!request.resume()) {
      if (kept != null) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            request.runDirectory()
                + " holds an earlier run; resume it, or name another run directory");
      }
      return beginning(fingerprint);
    }
    if (kept == null) {
      if (Discard.isGivenUp(request.runDirectory())) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "the run in "
                + request.runDirectory()
                + " was given up; start anew in another run directory");
      }
      log.line("nothing has begun in " + request.runDirectory() + ", so the run begins now");
      return beginning(fingerprint);
    }
    if (!kept.fingerprint().equals(fingerprint)) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "the task or its parameters have changed since the run in "
              + request.runDirectory()
              + " began; resume with the same ones, or start anew in another run directory");
    }
    return kept.nextEpoch();
  }

  private AttemptState beginning(String fingerprint) {
    return AttemptState.begin(request.task().name(), fingerprint, UUID.randomUUID().toString())
        .nextEpoch();
  }

  /** The same for an attempt that others count. */
  private AttemptState begin(Lineage who, String fingerprint) {
    if (store.load().isPresent()) {
      throw new MillraceException(
          StandardError.INTERNAL, request.runDirectory() + " is the directory of another attempt");
    }
    KeptStates.Kept found = earlier.farthest().orElse(null);
    if (found == null) {
      return AttemptState.begin(
              request.task().name(), fingerprint, who.instanceId(), who.generation())
          .withEpoch(who.epoch());
    }
    AttemptState kept = found.state();
    if (!kept.instanceId().equals(who.instanceId()) || kept.generation() != who.generation()) {
      throw new MillraceException(
          StandardError.INTERNAL, found.directory() + " holds the state of another instance");
    }
    if (!kept.succeeded() && !kept.fingerprint().equals(fingerprint)) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "the task, its parameters or its data sources have changed since this instance began to"
              + " write; change them back and continue, or start it anew");
    }
    if (!kept.succeeded() && kept.epoch() >= who.epoch()) {
      throw new MillraceException(
          StandardError.FENCED,
          "the instance was taken over by attempt epoch "
              + kept.epoch()
              + "; this attempt (epoch "
              + who.epoch()
              + ") may not write");
    }
    // Which plan counts is only certain once nobody else can commit: see catchUp.
    return (kept.succeeded() ? adopt(found) : kept.withoutPlan()).withEpoch(who.epoch());
  }

  private AttemptState adopt(KeptStates.Kept found) {
    if (found.state().planned()) {
      store.adopt(found.directory());
    }
    return found.state();
  }

  /**
   * Refuses to go on when a later attempt may have begun: it may have succeeded, and the target
   * have forgotten it.
   */
  private void requireNewest() {
    if (lineage != null && lineage.superseded().getAsBoolean()) {
      throw new MillraceException(
          StandardError.FENCED,
          "the instance was taken over by a later attempt; this one (epoch "
              + lineage.epoch()
              + ") may not write");
    }
  }

  /**
   * The earlier attempts cannot commit any more. What they did between the look at the beginning
   * and now counts as well: a plan that they may have committed splits of, or their success.
   */
  private AttemptState catchUp(AttemptState kept) {
    KeptStates.Kept found = earlier.farthest().orElse(null);
    if (found == null || !found.state().planned()) {
      return kept;
    }
    AttemptState theirs = adopt(found);
    if (theirs.succeeded()) {
      return theirs;
    }
    return kept.withPlanned();
  }

  private void repeatSuccess(AttemptState kept) {
    log.line("the instance has succeeded before; nothing is run again");
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
      Identities.requireSame(
          "target",
          kept.targetIdentity(),
          ends.writer().identity(before, call(Stage.PRE_PREPARATION)));
      requireNewest();
      WriteState taken;
      try {
        taken = ends.writer().takeOver(before, kept.epoch(), call(Stage.PRE_PREPARATION));
      } catch (MillraceException e) {
        // The target forgets an instance that has succeeded: catchUp finds the success.
        if (earlier.farthest().filter(found -> found.state().succeeded()).isEmpty()) {
          throw e;
        }
        taken = before;
      }
      Map<String, String> target = kept.targetIdentity();
      AttemptState next = kept.withWriteState(taken, target == null ? Map.of() : target);
      store.save(next);
      status.end(true);
      return next;
    }
    status.begin(Stage.PRE_PREPARATION);
    if (lineage != null) {
      giveUp(lineage.abandoned(), kept.fingerprint());
      cancellation.throwIfCancelled();
    }
    requireNewest();
    ends.reader().prepare(call(Stage.PRE_PREPARATION));
    WriteState prepared =
        ends.writer()
            .prepare(
                new WritePlan(kept.instanceId(), kept.generation(), kept.epoch(), source),
                call(Stage.PRE_PREPARATION));
    // An attempt that was left behind as not answering must not go on when the answer comes.
    cancellation.throwIfCancelled();
    // Whoever comes from now on is refused by the target, or takes it from this attempt.
    requireNewest();
    if (prepared.guarantee() == Guarantee.AT_LEAST_ONCE) {
      log.warn(
          "guarantee: at least once, because "
              + prepared.reason()
              + "; what the target acknowledges and then loses is not noticed either");
    }
    AttemptState next =
        kept.withWriteState(
            prepared, ends.writer().identity(prepared, call(Stage.PRE_PREPARATION)));
    store.save(next);
    status.end(false);
    return next;
  }

  /**
   * Removes what earlier generations staged in the target. It is repeated with stage 1 until that
   * is done.
   *
   * @param fingerprint of the task as it is now
   */
  private void giveUp(List<Path> abandoned, String fingerprint) {
    String stays = "; what it may have staged in the target stays there";
    abandoned.stream()
        .filter(directory -> !Files.isDirectory(directory))
        .forEach(directory -> log.warn(directory + " of an earlier run is not here" + stays));
    KeptStates states =
        new KeptStates(abandoned.stream().map(directory -> directory.resolve("state")).toList());
    for (AttemptState state : states.unfinished(line -> log.warn(line + stays))) {
      log.line("generation " + state.generation() + " is given up: what it staged is removed");
      try {
        WriteState written = Objects.requireNonNull(state.writeState());
        ends.writer().discard(written, call(Stage.PRE_PREPARATION));
      } catch (MillraceException e) {
        cancellation.throwIfCancelled();
        String what =
            "what generation "
                + state.generation()
                + " staged in the target could not be removed: "
                + e.getMessage();
        if (state.fingerprint().equals(fingerprint)) {
          throw new MillraceException(e.errorCode(), what, e);
        }
        // Where it wrote may be out of this task's reach: nobody could ever start anew.
        log.warn(what + "; the task's data sources have changed since, so it stays there");
      }
    }
  }

  private SplitPlan split(AttemptState kept) {
    status.begin(Stage.SPLIT);
    SplitPlan plan;
    if (kept.planned()) {
      plan = store.loadPlan();
    } else {
      plan = ends.split(context.limits().channels(), call(Stage.SPLIT));
      cancellation.throwIfCancelled();
      store.savePlan(plan);
    }
    plan.splits().forEach(s -> log.stage(Stage.SPLIT).info(s.id() + ": " + s.description()));
    status.planned(plan.splits().size(), plan.rule());
    log.line("split rule: " + plan.rule());
    status.end(kept.planned());
    return plan;
  }

  private List<SplitCommit> synchronize(
      AttemptState kept, SplitPlan plan, Schema source, Schema target) {
    boolean plannedBefore = kept.planned();
    status.begin(Stage.SYNCHRONIZE);
    counters.touch();
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    DirtyStore dirty =
        new DirtyStore(request.dirtyDirectory(), kept.epoch(), gate, log, request.keepsMarks());
    Map<String, SplitCommit> before = committedBefore(prepared, kept, plannedBefore);
    dirty.keepOnly(seals(before.values()));
    for (SplitCommit commit : before.values()) {
      counters.add(commit.tally());
      gate.addCommitted(commit.tally().dirty());
    }
    if (!before.isEmpty()) {
      log.line(
          before.size()
              + " of "
              + Counted.of(plan.splits().size(), "split", "splits")
              + (before.size() == 1 ? " was" : " were")
              + " committed before");
    }
    int channels = channels(plan, plan.splits().size() - before.size());
    status.channels(channels);
    try {
      Synchronization.Shared shared = shared(kept, source, target, prepared, dirty);
      List<SplitCommit> commits = new Synchronization(shared).run(plan.splits(), before, channels);
      if (prepared.guarantee() == Guarantee.EXACTLY_ONCE) {
        commits = confirm(shared, plan, commits, channels);
      }
      // Tries whose commit was not answered leave sealed files: the ledger says which ones count.
      dirty.keepOnly(seals(commits));
      gate.checkShare(counters.totals().read());
      return commits;
    } finally {
      status.end(false);
    }
  }

  /**
   * Asks the target for its commits before they are published: one that crashed or was replaced by
   * a lagging copy may have lost what it had acknowledged. What is missing is moved again.
   */
  private List<SplitCommit> confirm(
      Synchronization.Shared shared, SplitPlan plan, List<SplitCommit> commits, int channels) {
    List<SplitCommit> believed = commits;
    int rounds = Math.max(1, request.task().settings().splitRetries());
    for (int round = 1; ; round++) {
      Map<String, SplitCommit> found = askForCommits(shared);
      List<SplitCommit> lost = Reconciliation.lost(believed, found);
      if (lost.isEmpty()) {
        return believed;
      }
      String what =
          lost.size()
              + " of "
              + Counted.of(believed.size(), "split", "splits")
              + " that the target had committed "
              + (lost.size() == 1 ? "is lost" : "are lost");
      if (round > rounds) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            what
                + " for the "
                + round
                + ". time; let the target keep what it acknowledges (MySQL:"
                + " innodb_flush_log_at_trx_commit=1), then run the task again");
      }
      log.warn(what + " (a crash of the server, a fail-over?); what is lost is moved again");
      for (SplitCommit commit : lost) {
        counters.takeBack(commit.tally());
        gate.removeCommitted(commit.tally().dirty());
      }
      shared.dirtyStore().keepOnly(seals(found.values()));
      believed = new Synchronization(shared).run(plan.splits(), found, channels);
    }
  }

  private Map<String, SplitCommit> askForCommits(Synchronization.Shared shared) {
    Duration delay = request.task().settings().retryDelay();
    for (int look = 1; ; look++) {
      try {
        return ends.writer().commits(shared.writeState(), call(Stage.SYNCHRONIZE));
      } catch (MillraceException e) {
        if (!e.isRetryable() || look > request.task().settings().splitRetries()) {
          throw e;
        }
        log.warn("the target does not answer about its commits: " + e.getMessage());
        if (cancellation.await(delay)) {
          throw e;
        }
      }
    }
  }

  private Map<String, SplitCommit> committedBefore(
      WriteState prepared, AttemptState kept, boolean plannedBefore) {
    boolean first = lineage == null ? kept.epoch() == 1 : lineage.earlier().isEmpty();
    if (first) {
      return Map.of();
    }
    Map<String, SplitCommit> commits =
        prepared.guarantee() == Guarantee.EXACTLY_ONCE
            ? ends.writer().commits(prepared, call(Stage.SYNCHRONIZE))
            : store.loadCommits();
    if (!plannedBefore && !commits.isEmpty()) {
      // The same names of another plan would stand for other records.
      throw new MillraceException(
          StandardError.RESOURCE,
          "the target holds "
              + commits.size()
              + " committed splits of this instance, but the state of the attempt that planned"
              + " them is lost; put its run directory back, or start anew");
    }
    return commits;
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
                  : ", because only " + Counted.of(left, "split is", "splits are") + " left"));
    }
    return used;
  }

  private void postPreparation(WriteState prepared, SplitPlan plan, List<SplitCommit> commits) {
    status.begin(Stage.POST_PREPARATION);
    cancellation.throwIfCancelled();
    ends.writer().publish(prepared, commits, call(Stage.POST_PREPARATION));
    ends.reader().finish(plan.splits(), call(Stage.POST_PREPARATION));
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
      AttemptState kept, Schema source, Schema target, WriteState prepared, DirtyStore dirty) {
    return new Synchronization.Shared(
        ends,
        source,
        target,
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
