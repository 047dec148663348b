package io.millrace.mysql.write;

import io.millrace.api.Cancellation;
import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import io.millrace.api.write.WriteContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A context that keeps what a writer says. */
final class RecordingContext implements WriteContext, Cancellation, DirtyRecords, StageLog {

  private final TaskContext task;
  private final int channel;
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;
  final List<Dirty> dirty = new CopyOnWriteArrayList<>();
  final List<String> lines = new CopyOnWriteArrayList<>();
  int dirtyLimit = Integer.MAX_VALUE;

  RecordingContext(TaskContext task, int channel) {
    this.task = task;
    this.channel = channel;
  }

  record Dirty(long position, Reason reason, List<String> values) {
    @Override
    public String toString() {
      return position
          + " "
          + reason.code()
          + " "
          + reason.column()
          + ": "
          + Sensitive.plain(reason.message());
    }
  }

  @Override
  public TaskContext task() {
    return task;
  }

  @Override
  public StageLog log() {
    return this;
  }

  @Override
  public Cancellation cancellation() {
    return this;
  }

  @Override
  public DirtyRecords dirty() {
    return this;
  }

  @Override
  public int channel() {
    return channel;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled) {
      throw new MillraceException(StandardError.CANCELLED, "cancelled");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    if (cancelled) {
      action.run();
    }
    actions.add(action);
    return () -> actions.remove(action);
  }

  void cancel() {
    cancelled = true;
    actions.forEach(Runnable::run);
  }

  @Override
  public void info(String line) {
    lines.add(Sensitive.plain(line));
  }

  @Override
  public void warn(String line) {
    lines.add("WARN " + Sensitive.plain(line));
  }

  @Override
  public void add(RecordBatch batch, int row, Reason reason) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < batch.schema().size(); i++) {
      values.add(String.valueOf(Texts.text(batch.column(i), row)));
    }
    dirty.add(new Dirty(batch.position(row), reason, values));
    if (dirty.size() > dirtyLimit) {
      throw new MillraceException(StandardError.DIRTY_LIMIT, "more than " + dirtyLimit);
    }
  }

  @Override
  public void add(long position, List<RawValue> values, Reason reason) {
    throw new UnsupportedOperationException("a writer has batches only");
  }
}
