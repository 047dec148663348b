package io.millrace.engine.task;

/**
 * How many dirty records a task tolerates.
 *
 * @param records more than this many fail the task; {@link Long#MAX_VALUE} tolerates all
 * @param share a share of dirty among read records above this fails the task, 0 to 1; 1 tolerates
 *     all
 * @param stated whether the task says so itself. Otherwise it fails when every record was dirty,
 *     since nobody has said that this may be
 */
public record DirtyLimit(long records, double share, boolean stated) {

  /** Every dirty record is tolerated, because the task says so. */
  public static final DirtyLimit UNLIMITED = new DirtyLimit(Long.MAX_VALUE, 1);

  /** The task states no limit: every dirty record is tolerated, but not that all are. */
  public static final DirtyLimit UNSTATED = new DirtyLimit(Long.MAX_VALUE, 1, false);

  /** A limit that the task states. */
  public DirtyLimit(long records, double share) {
    this(records, share, true);
  }

  /** More than {@code records} dirty records fail the task. */
  public static DirtyLimit ofRecords(long records) {
    return new DirtyLimit(records, 1);
  }
}
