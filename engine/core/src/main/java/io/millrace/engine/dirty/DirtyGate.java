package io.millrace.engine.dirty;

import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.DirtyLimit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the dirty records of one attempt, over all its channels, against the task's limit. Safe
 * for use by several threads.
 */
public final class DirtyGate {

  /** As much of a reason as a line of an error holds. */
  private static final int REASON_CHARACTERS = 300;

  private final DirtyLimit limit;

  /** What the task's own kind of document calls the limit. */
  private final String setting;

  private final AtomicLong count = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** What an error says of the record that was dirty last; empty before there is one. */
  private volatile String last = "";

  /**
   * @param form the kind of document, so that messages name the limit as its author does
   */
  public DirtyGate(DirtyLimit limit, TaskForm form) {
    this.limit = limit;
    this.setting = form == TaskForm.OWN ? "dirty" : "errorLimit";
  }

  /**
   * Counts one more.
   *
   * @param reason why it is dirty; said when the limit is crossed
   */
  void add(DirtyRecords.Reason reason) {
    String where = reason.column() == null ? "" : Sensitive.name(reason.column()) + ": ";
    int end = (reason.message() + "\n").indexOf('\n');
    String line = where + Sensitive.cut(reason.message(), end);
    String shown =
        line.length() <= REASON_CHARACTERS ? line : Sensitive.cut(line, REASON_CHARACTERS) + "…";
    last = "; the last: " + shown;
    add(1, last);
  }

  private void add(long records, String why) {
    long now = count.addAndGet(records);
    if (now > limit.records()) {
      throw new MillraceException(
          StandardError.DIRTY_LIMIT,
          "dirty records crossed the limit: "
              + now
              + " dirty, the task tolerates "
              + limit.records()
              + why
              + cure("raise the limit"));
    }
  }

  private String cure(String otherwise) {
    return "; see the reasons in the dirty directory, then correct the data or "
        + otherwise
        + " (setting "
        + setting
        + ")";
  }

  /** Counts the dirty records of splits that an earlier attempt committed. */
  public void addCommitted(long records) {
    add(records, "");
  }

  void addBytes(long size) {
    bytes.addAndGet(size);
  }

  /** Takes back the records of a try that is given up. */
  void remove(long records, long size) {
    count.addAndGet(-records);
    bytes.addAndGet(-size);
  }

  /** Bytes of the dirty records this attempt has kept. */
  public long bytes() {
    return bytes.get();
  }

  /** Dirty records so far, of committed splits and of running tries. */
  public long count() {
    return count.get();
  }

  /** Takes back what {@link #addCommitted} was told of splits that turned out to be lost. */
  public void removeCommitted(long records) {
    count.addAndGet(-records);
  }

  /**
   * Checks that something is left to write: that every record is dirty is tolerated only by a task
   * that says so.
   *
   * @param read records read in all, above 0
   * @return a line for the log when nothing is left and the task tolerates it, else empty
   * @throws MillraceException with DIRTY_LIMIT when nothing is left and the task states no limit
   */
  public Optional<String> checkLeft(long read) {
    if (read == 0 || count.get() < read) {
      return Optional.empty();
    }
    if (!limit.stated()) {
      throw new MillraceException(
          StandardError.DIRTY_LIMIT,
          "every record was dirty: "
              + read
              + " read, 0 written"
              + last
              + cure("the task, or state a limit of dirty records if this may be"));
    }
    return Optional.of(
        "0 written: "
            + Counted.of(read, "record read was", "records read were all")
            + " dirty, which the task tolerates");
  }

  /**
   * Checks the share of dirty among read records.
   *
   * @param read records read so far
   * @throws MillraceException with DIRTY_LIMIT when it is above the limit
   */
  public void checkShare(long read) {
    long dirty = count.get();
    if (read > 0 && (double) dirty / read > limit.share()) {
      throw new MillraceException(
          StandardError.DIRTY_LIMIT,
          "dirty records crossed the limit: "
              + dirty
              + " of "
              + read
              + " read, the task tolerates a share of "
              + limit.share()
              + last
              + cure("raise the limit"));
    }
  }
}
