package io.millrace.engine.attempt;

import io.millrace.api.TaskContext;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;

/** Makes what an attempt needs from a task's settings. */
final class Contexts {

  private static final int BATCH_RECORDS = 16_384;
  private static final int SMALLEST_BATCH = 1024;

  private Contexts() {}

  static TaskContext of(TaskSpec task, Connectors connectors, Clock clock) {
    return of(task.name(), task.settings(), connectors, clock);
  }

  static TaskContext of(String task, TaskSettings settings, Connectors connectors, Clock clock) {
    return new TaskContext(
        task,
        settings.zone(),
        clock,
        new TaskContext.Limits(
            batchBytes(settings),
            batchRecords(settings),
            settings.maxValueBytes(),
            settings.channels()),
        settings.rules(),
        connectors.files());
  }

  /** Under a byte limit batches are so small that each channel moves several a second. */
  private static int batchBytes(TaskSettings settings) {
    if (settings.bytesPerSecond() == 0) {
      return settings.batchBytes();
    }
    long share = settings.bytesPerSecond() / (4L * settings.channels());
    return (int) Math.max(SMALLEST_BATCH, Math.min(settings.batchBytes(), share));
  }

  private static int batchRecords(TaskSettings settings) {
    if (settings.recordsPerSecond() == 0) {
      return BATCH_RECORDS;
    }
    long share = settings.recordsPerSecond() / (4L * settings.channels());
    return (int) Math.max(1, Math.min(BATCH_RECORDS, share));
  }

  static RateLimiter limiter(TaskSettings settings) {
    return new RateLimiter(
        settings.bytesPerSecond(), settings.recordsPerSecond(), System::nanoTime);
  }

  /** A quarter of the heap, but room for one full batch of every channel. */
  static MemoryBudget budget(TaskContext context) {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    long least = (long) context.limits().batchBytes() * context.limits().channels();
    return new MemoryBudget(Math.max(quarter, least));
  }
}
