package io.millrace.engine.attempt;

import io.millrace.api.write.WriteState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt is and what it has found out so far: written by the stages, read by whoever
 * watches. Safe for use by several threads.
 */
final class AttemptStatus {

  private final Clock clock;
  private final AttemptLog log;
  private final List<AttemptResult.StageTime> ended = new ArrayList<>();
  private final long begin = System.nanoTime();
  private RunState state = RunState.SUBMIT;
  private @Nullable Stage stage;
  private Instant stageBegin = Instant.EPOCH;
  private int splits;
  private String splitRule = "";
  private int channels;
  private @Nullable WriteState writeState;

  AttemptStatus(Clock clock, AttemptLog log) {
    this.clock = clock;
    this.log = log;
  }

  synchronized RunState state() {
    return state;
  }

  synchronized void state(RunState next) {
    state = next;
  }

  /** The stage that runs, or null. */
  synchronized @Nullable Stage stage() {
    return stage;
  }

  synchronized void begin(Stage next) {
    stage = next;
    stageBegin = clock.instant();
    log.stageBegun(next);
  }

  /** Ends the running stage; does nothing outside stages. */
  synchronized void end(boolean omitted) {
    Stage which = stage;
    if (which == null) {
      return;
    }
    Instant now = clock.instant();
    AttemptResult.StageTime time =
        new AttemptResult.StageTime(
            which, stageBegin, now, Duration.between(stageBegin, now).toNanos() / 1e9, omitted);
    ended.add(time);
    log.stageEnded(time);
    stage = null;
  }

  synchronized void planned(int count, String rule) {
    splits = count;
    splitRule = rule;
  }

  synchronized void channels(int count) {
    channels = count;
  }

  synchronized void prepared(WriteState prepared) {
    writeState = prepared;
  }

  synchronized int splits() {
    return splits;
  }

  double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  private double secondsOf(Stage which) {
    return ended.stream()
        .filter(time -> time.name() == which)
        .mapToDouble(AttemptResult.StageTime::seconds)
        .sum();
  }

  /** A look at the attempt. */
  synchronized Progress progress(Counters.Totals totals, long dirtyBytes) {
    boolean moved = state == RunState.SUCCESS || stage == Stage.POST_PREPARATION;
    double done = totals.splitsCommitted() + totals.partlyDone();
    return new Progress(
        state,
        stage,
        totals.read(),
        totals.written(),
        totals.dirty(),
        dirtyBytes,
        totals.bytes(),
        totals.splitsCommitted(),
        splits,
        moved ? 1 : splits == 0 ? 0 : Math.min(1, done / splits),
        seconds());
  }

  /**
   * The result.
   *
   * @param wantedChannels channels that the task allows
   * @param failure what failed, or null
   */
  synchronized AttemptResult result(
      Counters.Totals totals,
      int wantedChannels,
      boolean cancelled,
      AttemptResult.@Nullable Failure failure) {
    double moving = secondsOf(Stage.SYNCHRONIZE);
    return new AttemptResult(
        state,
        cancelled,
        totals.read(),
        totals.committedWritten(),
        totals.committedSkipped(),
        totals.dirty(),
        totals.bytes(),
        seconds(),
        moving > 0 ? totals.read() / moving : 0,
        channels,
        splits,
        totals.splitsCommitted(),
        writeState == null ? null : writeState.guarantee(),
        writeState == null ? "" : writeState.reason(),
        List.copyOf(ended),
        totals.readWaitNanos() / 1e9,
        totals.writeWaitNanos() / 1e9,
        totals.throttledNanos() / 1e9,
        Diagnosis.of(figures(totals, wantedChannels)),
        failure);
  }

  private Diagnosis.Figures figures(Counters.Totals totals, int wantedChannels) {
    return new Diagnosis.Figures(
        channels,
        wantedChannels,
        splits,
        splitRule,
        totals.read(),
        totals.committedSkipped(),
        totals.dirty(),
        totals.largestSplit(),
        totals.retries(),
        totals.readWaitNanos() / 1e9,
        totals.writeWaitNanos() / 1e9,
        totals.throttledNanos() / 1e9,
        secondsOf(Stage.PRE_PREPARATION),
        secondsOf(Stage.SYNCHRONIZE),
        secondsOf(Stage.POST_PREPARATION),
        seconds());
  }
}
