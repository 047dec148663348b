package io.millrace.api.write;

import io.millrace.api.StageContext;
import io.millrace.api.record.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The writer of one attempt and its commit protocol.
 *
 * <ol>
 *   <li>{@link #check}: may this source be written here? Writes nothing.
 *   <li>{@link #prepare}: stage 1, or {@link #takeOver} when an earlier attempt has finished it.
 *   <li>{@link #open}, from several threads at once: one {@link SplitWriter} per try of a split.
 *   <li>{@link #publish}: stage 4, once every split is committed.
 *   <li>{@link #forget}: after SUCCESS has been kept, or {@link #discard}: when the output is given
 *       up.
 *   <li>{@link #close}: last, always.
 * </ol>
 *
 * <p>A writer that promises {@link Guarantee#EXACTLY_ONCE} commits a split's records together with
 * its {@link SplitCommit}, atomically, or stages them until publish; and refuses the commit of an
 * attempt whose epoch is not the newest.
 */
public interface Writer extends AutoCloseable {

  /**
   * Checks that records of {@code source} can be written: target, privileges, number and types of
   * columns. May connect and block; changes nothing.
   *
   * @return the target's columns, one for each column of {@code source}, in its order
   * @throws io.millrace.api.error.MillraceException when the task has to be refused
   */
  Schema check(Schema source, StageContext context);

  /**
   * Lets the task's reader see whether it reads what is written here, see {@link
   * io.millrace.api.read.Reader#overlap}. Called after {@link #check}; changes nothing that lasts.
   *
   * @param look is given the mark, which begins with the kind of system, such as {@code mysql:};
   *     the mark is in place until it returns. What it throws is passed on. Not called where there
   *     is nothing to mark
   */
  default void marked(StageContext context, Consumer<String> look) {}

  /**
   * What it writes to, as {@link io.millrace.api.read.Reader#identity} says it of the source. It is
   * asked at the end of stage 1, when an attempt takes the instance over, and at the end of stage
   * 3. A staged target is identified by what the records are written to, not by what publish
   * replaces.
   */
  default Map<String, String> identity(WriteState state, StageContext context) {
    return Map.of();
  }

  /**
   * Stage 1: prepares the target. Called again for the same instance with a higher epoch when an
   * attempt ended before its result was kept, so it repeats nothing that it can know to be done.
   *
   * @return what the other calls need, to be kept for resume
   */
  WriteState prepare(WritePlan plan, StageContext context);

  /**
   * Takes an instance over from an earlier attempt: after the return, no writer of a lower epoch
   * can commit any more.
   *
   * @return the state that later calls of this attempt are given
   */
  WriteState takeOver(WriteState state, long epoch, StageContext context);

  /**
   * The splits the target itself says are committed, by split id: the truth after a crash, or after
   * a commit that was sent and not answered. The engine also asks before publish, because a target
   * may lose what it had acknowledged; a staged target then answers only for splits of which every
   * part is there.
   *
   * @throws io.millrace.api.error.MillraceException also when what stage 1 left in the target is
   *     gone: then a run from scratch has to repeat it
   */
  Map<String, SplitCommit> commits(WriteState state, StageContext context);

  /**
   * True when the task has records left out that are not dirty. Then fewer may be written and dirty
   * than were read; the engine takes no such sum of any other writer.
   */
  default boolean maySkip() {
    return false;
  }

  /**
   * True when what becomes of each split can be seen in the target, and what becomes of parts
   * cannot be put together there: then the reader is asked to make no parts, see {@link
   * io.millrace.api.read.SplitRequest#whole}. Asked after {@link #check}.
   */
  default boolean wantsWholeSplits() {
    return false;
  }

  /** Opens one try of a split that is not committed. */
  SplitWriter open(WriteState state, String splitId, WriteContext context);

  /**
   * Stage 4: makes staged output visible, all or nothing where the store allows it, then runs what
   * the user wants run afterwards. Idempotent: it may be called again after a crash at any point,
   * and finishes or does nothing.
   *
   * @param commits one for every split of the plan
   */
  void publish(WriteState state, List<SplitCommit> commits, StageContext context);

  /**
   * Gives up an instance's output, possibly from another process and later: staged output and
   * bookkeeping are removed. Output that is already visible stays. Idempotent.
   */
  default void discard(WriteState state, StageContext context) {}

  /** Removes bookkeeping after the instance's SUCCESS has been kept. Idempotent. */
  default void forget(WriteState state, StageContext context) {}

  /**
   * Removes what earlier instances of the same task left in the target when they were killed and
   * neither resumed nor given up. Needs no prepare, and may be called while instances run. A writer
   * that leaves nothing behind does nothing.
   *
   * @param before only what no attempt has claimed since then is removed
   * @return of how many instances something was removed
   */
  default int cleanUp(Instant before, StageContext context) {
    return 0;
  }

  /**
   * What {@link #cleanUp} would remove, for somebody to look at first. Removes nothing, and takes
   * no lock: it may name what is at work and would stay.
   *
   * @return a line for each instance
   */
  default List<String> leftBehind(Instant before, StageContext context) {
    return List.of();
  }

  /** Gives back what it holds. Does not throw for what the other end does. */
  @Override
  default void close() {}
}
