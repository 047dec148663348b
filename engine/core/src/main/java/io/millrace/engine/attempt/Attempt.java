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
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.dirty.DirtyGate;
import io.millrace.engine.dirty.DirtyStore;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.state.StateStore;
import io.millrace.engine.task.TaskSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One attempt: a straight line through the four stages. Used once. {@link #run} is called by one
 * thread, {@link #cancel} and {@link #progress} by any.
 */
public final class Attempt {

  private static final Logger logger = LoggerFactory.getLogger(Attempt.class);

  /** How long a cancelled attempt may take to end by itself before it is left behind. */
  static final Duration CANCEL_GRACE = Duration.ofSeconds(6);

  private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);
  private static final Duration STATE_LINE_INTERVAL = Duration.ofSeconds(10);

  private final AttemptRequest request;
  private final Connectors connectors;
  private final Clock clock;
  private final AttemptLog log;
  private final TaskContext context;
  private final CancellationSource cancellation = new CancellationSource();
  private final Counters counters = new Counters();
  private final DirtyGate gate;
  private final DeclaredOptions declared;
  private final List<AttemptResult.StageTime> stages = new ArrayList<>();
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long begin = System.nanoTime();
  private volatile RunState state = RunState.SUBMIT;
  private volatile @Nullable Stage stage;
  private volatile @Nullable Instant stageBegin;
  private volatile int splits;
  private volatile String splitRule = "";
  private volatile int channels;
  private volatile @Nullable WriteState writeState;
  private volatile @Nullable String cancelledBecause;
  private volatile double synchronizeSeconds;

  private Attempt(AttemptRequest request, Connectors connectors, Clock clock, AttemptLog log) {
    this.request = request;
    this.connectors = connectors;
    this.clock = clock;
    this.log = log;
    TaskSettings settings = request.task().settings();
    this.gate = new DirtyGate(settings.dirtyLimit());
    this.context = Contexts.of(request.task(), clock);
    this.declared = DeclaredOptions.of(request.task(), connectors);
  }

  /**
   * Makes an attempt that is not begun.
   *
   * @param clock the source of the current time
   * @param log is told everything, the end last
   */
  public static Attempt create(
      AttemptRequest request, Connectors connectors, Clock clock, AttemptLog log) {
    return new Attempt(request, connectors, clock, log);
  }

  /**
   * Runs the attempt to its end and returns what it came to. Failures of the task are results, not
   * exceptions. After a cancellation it returns within seconds, whatever blocks.
   */
  public AttemptResult run() {
    Thread thread = new Thread(this::runStages, "millrace-attempt");
    thread.setDaemon(true);
    thread.start();
    Instant nextLine = clock.instant().plus(STATE_LINE_INTERVAL);
    long cancelledAt = 0;
    while (!awaitEnd(WATCH_INTERVAL)) {
      watchForStall();
      if (!clock.instant().isBefore(nextLine)) {
        log.state(progress());
        nextLine = clock.instant().plus(STATE_LINE_INTERVAL);
      }
      if (cancellation.isCancelled()) {
        cancelledAt = cancelledAt == 0 ? System.nanoTime() : cancelledAt;
        if (System.nanoTime() - cancelledAt > CANCEL_GRACE.toNanos()) {
          settle(
              new Ending(
                  new MillraceException(
                      StandardError.CANCELLED,
                      cancellation.reason() + "; something does not answer and was left behind"),
                  counters.totals()));
        }
      }
    }
    AttemptResult result = result();
    log.ended(result, progress());
    return result;
  }

  /** Ends the attempt as soon as possible; later calls do nothing. */
  public void cancel(String reason) {
    if (cancelledBecause == null) {
      cancelledBecause = reason;
    }
    cancellation.cancel(reason);
  }

  /** A look at where the attempt is. */
  public Progress progress() {
    Counters.Totals totals = counters.totals();
    int all = splits;
    double share =
        state == RunState.SUCCESS || (stage == Stage.POST_PREPARATION)
            ? 1
            : all == 0 ? 0 : Math.min(1, (totals.splitsCommitted() + totals.partlyDone()) / all);
    return new Progress(
        state,
        stage,
        totals.read(),
        totals.written(),
        totals.dirty(),
        gate.bytes(),
        totals.bytes(),
        totals.splitsCommitted(),
        all,
        share,
        secondsSince(begin));
  }

  private boolean awaitEnd(Duration time) {
    try {
      return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      cancel("interrupted");
      return false;
    }
  }

  private void watchForStall() {
    Duration timeout = request.task().settings().stallTimeout();
    if (stage == Stage.SYNCHRONIZE
        && counters.nanosSinceActivity() > timeout.toNanos()
        && !cancellation.isCancelled()) {
      cancellation.cancel(
          "no channel made progress for "
              + timeout.toSeconds()
              + " s (setting stallTimeout): source or target does not answer");
    }
  }

  /** The attempt itself, on its own thread. */
  private void runStages() {
    MDC.put("task", request.task().name());
    try (StateStore store = StateStore.open(request.runDirectory().resolve("state"));
        Ends ends = Ends.create(request.task(), connectors, context)) {
      ends.notes().forEach(log::warn);
      runStages(store, ends);
      settle(new Ending(null, counters.totals()));
    } catch (Throwable e) {
      settle(new Ending(e, counters.totals()));
    }
  }

  private void runStages(StateStore store, Ends ends) {
    AttemptState kept = begin(store);
    log.line("instance " + kept.instanceId() + ", epoch " + (kept.epoch() + 1));
    MDC.put("instanceId", kept.instanceId());
    if (kept.succeeded()) {
      log.line("the instance has succeeded before; nothing is run again");
      repeatSuccess(store, ends, kept);
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
    state = RunState.RUN;
    log.state(progress());

    kept = prePreparation(store, ends, kept, source);
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    writeState = prepared;
    SplitPlan plan = split(store, ends, kept);
    List<SplitCommit> commits = synchronize(store, ends, kept.withPlanned(), plan, source);
    Reconciliation.check(plan.splits(), commits);
    postPreparation(ends, prepared, commits);
    cancellation.throwIfCancelled();
    store.save(kept.withPlanned().withSucceeded(Reconciliation.sum(commits)));
    forget(ends, prepared);
  }

  /** The kept state to go on from, or a new one. */
  private AttemptState begin(StateStore store) {
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

  private void repeatSuccess(StateStore store, Ends ends, AttemptState kept) {
    splits = store.loadPlan().splits().size();
    counters.addAll(Objects.requireNonNull(kept.total()), splits);
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    writeState = prepared;
    forget(ends, prepared);
  }

  private AttemptState prePreparation(
      StateStore store, Ends ends, AttemptState kept, Schema source) {
    WriteState before = kept.writeState();
    if (before != null) {
      begin(Stage.PRE_PREPARATION);
      // Stage 1 was completed: it is not repeated, only the earlier attempts are shut out.
      WriteState taken = ends.writer().takeOver(before, kept.epoch(), call(Stage.PRE_PREPARATION));
      AttemptState next = kept.withWriteState(taken);
      store.save(next);
      end(Stage.PRE_PREPARATION, true);
      return next;
    }
    begin(Stage.PRE_PREPARATION);
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
    end(Stage.PRE_PREPARATION, false);
    return next;
  }

  private SplitPlan split(StateStore store, Ends ends, AttemptState kept) {
    begin(Stage.SPLIT);
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
    splits = plan.splits().size();
    plan.splits().forEach(s -> log.stage(Stage.SPLIT).info(s.id() + ": " + s.description()));
    splitRule = plan.rule();
    log.line("split rule: " + plan.rule());
    end(Stage.SPLIT, kept.planned());
    return plan;
  }

  private List<SplitCommit> synchronize(
      StateStore store, Ends ends, AttemptState kept, SplitPlan plan, Schema source) {
    begin(Stage.SYNCHRONIZE);
    long start = System.nanoTime();
    counters.touch();
    WriteState prepared = Objects.requireNonNull(kept.writeState());
    DirtyStore dirty = new DirtyStore(request.runDirectory().resolve("dirty"), gate, log);
    Map<String, SplitCommit> earlier = committedBefore(store, ends, prepared, kept);
    dirty.keepOnly(seals(earlier.values()));
    for (SplitCommit commit : earlier.values()) {
      counters.add(commit.tally());
      gate.addCommitted(commit.tally().dirty());
    }
    if (!earlier.isEmpty()) {
      log.line(earlier.size() + " of " + splits + " splits were committed before");
    }
    channels = channels(plan, splits - earlier.size());
    try {
      List<SplitCommit> commits =
          new Synchronization(
                  new Synchronization.Shared(
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
                      cancellation))
              .run(plan.splits(), earlier, channels);
      // Tries whose commit was not answered leave sealed files: the ledger says which ones count.
      dirty.keepOnly(seals(commits));
      gate.checkShare(counters.totals().read());
      return commits;
    } finally {
      synchronizeSeconds = secondsSince(start);
      end(Stage.SYNCHRONIZE, false);
    }
  }

  private Map<String, SplitCommit> committedBefore(
      StateStore store, Ends ends, WriteState prepared, AttemptState kept) {
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

  private void postPreparation(Ends ends, WriteState prepared, List<SplitCommit> commits) {
    begin(Stage.POST_PREPARATION);
    cancellation.throwIfCancelled();
    ends.writer().publish(prepared, commits, call(Stage.POST_PREPARATION));
    ends.reader().finish(call(Stage.POST_PREPARATION));
    end(Stage.POST_PREPARATION, false);
  }

  /** Bookkeeping that stays behind does no harm, so its removal does not fail the attempt. */
  private void forget(Ends ends, WriteState prepared) {
    try {
      ends.writer().forget(prepared, call(Stage.POST_PREPARATION));
    } catch (RuntimeException e) {
      log.warn("the target's bookkeeping was not removed: " + e.getMessage());
    }
  }

  private CallContext call(Stage of) {
    return new CallContext(context, log.stage(of), cancellation);
  }

  private void begin(Stage next) {
    stage = next;
    stageBegin = clock.instant();
    log.stageBegun(next);
  }

  private synchronized void end(Stage which, boolean omitted) {
    Instant start = Objects.requireNonNull(stageBegin);
    Instant now = clock.instant();
    AttemptResult.StageTime time =
        new AttemptResult.StageTime(
            which, start, now, Duration.between(start, now).toNanos() / 1e9, omitted);
    stages.add(time);
    log.stageEnded(time);
    stage = null;
  }

  /** The first to settle decides: what comes after a settled end changes nothing. */
  private void settle(Ending how) {
    if (ending.compareAndSet(null, how)) {
      if (how.error() != null && !(how.error() instanceof MillraceException)) {
        // As text, because the messages of foreign exceptions may hold anything.
        StringWriter trace = new StringWriter();
        how.error().printStackTrace(new PrintWriter(trace));
        logger.error(
            "The attempt in {} ended unexpectedly: {}",
            request.runDirectory(),
            declared.secrets(request.task()).redact(trace.toString()));
      }
      state = how.error() == null ? RunState.SUCCESS : RunState.FAIL;
      ended.countDown();
    }
  }

  private AttemptResult result() {
    Ending how = Objects.requireNonNull(ending.get());
    Stage open = stage;
    if (open != null) {
      end(open, false);
    }
    Counters.Totals totals = how.totals();
    AttemptResult.Failure failure = failure(how.error());
    WriteState prepared = writeState;
    boolean success = how.error() == null;
    double syncSeconds = synchronizeSeconds;
    return new AttemptResult(
        state,
        !success && cancelledBecause != null,
        totals.read(),
        totals.committedWritten(),
        totals.dirty(),
        totals.bytes(),
        secondsSince(begin),
        syncSeconds > 0 ? totals.read() / syncSeconds : 0,
        channels,
        splits,
        totals.splitsCommitted(),
        prepared == null ? null : prepared.guarantee(),
        prepared == null ? "" : prepared.reason(),
        List.copyOf(stages),
        totals.readWaitNanos() / 1e9,
        totals.writeWaitNanos() / 1e9,
        totals.throttledNanos() / 1e9,
        Diagnosis.of(figures(totals, syncSeconds)),
        failure);
  }

  private Diagnosis.Figures figures(Counters.Totals totals, double syncSeconds) {
    return new Diagnosis.Figures(
        channels,
        context.limits().channels(),
        splits,
        splitRule,
        totals.read(),
        totals.dirty(),
        totals.largestSplit(),
        totals.retries(),
        totals.readWaitNanos() / 1e9,
        totals.writeWaitNanos() / 1e9,
        totals.throttledNanos() / 1e9,
        secondsOf(Stage.PRE_PREPARATION),
        syncSeconds,
        secondsOf(Stage.POST_PREPARATION),
        secondsSince(begin));
  }

  private synchronized double secondsOf(Stage which) {
    return stages.stream()
        .filter(time -> time.name() == which)
        .mapToDouble(AttemptResult.StageTime::seconds)
        .sum();
  }

  private AttemptResult.@Nullable Failure failure(@Nullable Throwable error) {
    if (error == null) {
      return null;
    }
    String cancelReason = cancelledBecause;
    if (cancelReason != null) {
      return failure(new MillraceException(StandardError.CANCELLED, cancelReason));
    }
    if (error instanceof MillraceException known) {
      // The stall watchdog cancels; what then breaks is a consequence, its reason is the cause.
      boolean consequence = cancellation.isCancelled() && stalled();
      return consequence
          ? failure(new MillraceException(StandardError.READ, cancellation.reason()))
          : failure(known);
    }
    if (error instanceof OutOfMemoryError) {
      return failure(
          new MillraceException(
              StandardError.RESOURCE,
              "memory is exhausted: give the process more (-Xmx), or use fewer channels"));
    }
    return failure(new MillraceException(StandardError.INTERNAL, "unexpected: " + error, error));
  }

  private boolean stalled() {
    return cancellation.reason().startsWith("no channel made progress");
  }

  private AttemptResult.Failure failure(MillraceException error) {
    return new AttemptResult.Failure(
        error.errorCode().code(),
        error.errorCode().kind().name(),
        declared.secrets(request.task()).redact(String.valueOf(error.getMessage())));
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** Where the run directory is. */
  public Path runDirectory() {
    return request.runDirectory();
  }

  private record Ending(@Nullable Throwable error, Counters.Totals totals) {}
}
