package io.millrace.engine.task;

/**
 * How many dirty records a task tolerates.
 *
 * @param records more than this many fail the task; {@link Long#MAX_VALUE} tolerates all
 * @param share a share of dirty among read records above this fails the task, 0 to 1; 1 tolerates
 *     all
 */
public record DirtyLimit(long records, double share) {

  public static final DirtyLimit UNLIMITED = new DirtyLimit(Long.MAX_VALUE, 1);

  /** More than {@code records} dirty records fail the task. */
  public static DirtyLimit ofRecords(long records) {
    return new DirtyLimit(records, 1);
  }
}
