package io.millrace.api.read;

import io.millrace.api.StageContext;
import io.millrace.api.record.Schema;
import java.util.List;

/**
 * The reader of one attempt. The engine calls {@link #schema}, {@link #prepare}, {@link #split} and
 * {@link #finish} one after another on one thread, {@link #open} from several threads at once
 * between split and finish, and {@link #close} last, always.
 *
 * <p>In an attempt that resumes, prepare and split are left out when they were completed before;
 * schema and open must not depend on them.
 */
public interface Reader extends AutoCloseable {

  /**
   * The columns it will deliver. May connect and block; changes nothing.
   *
   * @throws io.millrace.api.error.MillraceException when the source is not there, refuses, or has a
   *     type that cannot be carried
   */
  Schema schema(StageContext context);

  /** Stage 1: checks what can be checked before anything is written. */
  default void prepare(StageContext context) {}

  /**
   * Stage 2: cuts the source by the reader's own rule, so that every record belongs to exactly one
   * split.
   */
  SplitPlan split(SplitRequest request, StageContext context);

  /** Opens one split from its beginning; a split may be opened again after a failure. */
  SplitReader open(Split split, ReadContext context);

  /**
   * Stage 4, after everything was published. Idempotent: it is called again when the attempt ended
   * before its SUCCESS was kept.
   *
   * @param splits the whole plan, also when this attempt resumes one and has made none itself
   */
  default void finish(List<Split> splits, StageContext context) {}

  /** Gives back what it holds. Does not throw for what the other end does. */
  @Override
  default void close() {}
}
