package io.millrace.stream;

import io.millrace.api.Cancellation;
import io.millrace.api.DirtyRecords;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.WriteContext;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands in for the engine; a dirty record fails the test, for there is no reason for one. */
final class FakeContext implements ReadContext, WriteContext, Cancellation, DirtyRecords, StageLog {

  static final TaskContext TASK =
      new TaskContext("test", ZoneOffset.UTC, Clock.systemUTC(), TaskContext.Limits.DEFAULT);

  private boolean cancelled;

  void cancel() {
    cancelled = true;
  }

  @Override
  public TaskContext task() {
    return TASK;
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
  public @Nullable Schema target() {
    return null;
  }

  @Override
  public int channel() {
    return 0;
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
    return () -> {};
  }

  @Override
  public void add(RecordBatch batch, int row, Reason reason) {
    throw new AssertionError(reason);
  }

  @Override
  public void add(long position, List<RawValue> values, Reason reason) {
    throw new AssertionError(reason);
  }

  @Override
  public void info(String line) {}

  @Override
  public void warn(String line) {}
}
