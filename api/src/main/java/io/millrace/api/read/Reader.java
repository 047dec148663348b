package io.millrace.api.read;

import io.millrace.api.StageContext;
import io.millrace.api.record.Schema;
import java.util.List;
import java.util.Map;

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

  /**
   * Stands between an identity that counts at one of several servers only, such as a number that
   * the server gives, and that server's own identifier. It is not compared with that of another
   * server, so that a failover is no other thing.
   */
  String AT_SERVER = " at server ";

  /**
   * Begins what stands for an identity that cannot be read, before the reason, such as a missing
   * privilege. An attempt whose instance began without the identity goes on without it; one whose
   * instance began with it fails, for nobody knows whether it is still the same thing.
   */
  String UNREADABLE = "not readable: ";

  /**
   * What it reads, so that another thing under the same name is noticed. It is asked before stage
   * 1, again when an attempt resumes, and at the end of stage 3; an answer that differs fails the
   * attempt. May connect and block; changes nothing.
   *
   * @return for each thing that the source identifies by more than its name (a topic, a table) its
   *     name for people, such as {@code topic 'orders'}, and its identity, which outlives changes
   *     of the content; {@link #UNREADABLE} with the reason where it may not be asked for; empty
   *     where the source knows none
   */
  default Map<String, String> identity(StageContext context) {
    return Map.of();
  }

  /**
   * Whether it reads what the writer of the same task writes. Called before stage 1, while the
   * writer's mark is in place. May connect and block; changes nothing.
   *
   * @param mark what a writer gave in {@link io.millrace.api.write.Writer#marked}; that of a
   *     foreign kind of system is answered with {@link Overlap#NONE}
   */
  default Overlap overlap(String mark, StageContext context) {
    return Overlap.NONE;
  }

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
