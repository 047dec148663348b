package io.millrace.testkit.context;

import io.millrace.api.LocalFiles;
import io.millrace.api.TaskContext;
import io.millrace.api.TaskContext.Limits;
import io.millrace.api.read.ReadContext;
import io.millrace.api.record.Schema;
import io.millrace.api.write.WriteContext;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a connector is given for any call, with parts that collect. Each call to a {@code with…}
 * method gives a context with the same collectors.
 */
public final class TestContext implements ReadContext, WriteContext {

  /** Neither UTC nor what the tests' JVM or servers use. */
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private final TaskContext task;
  private final int channel;
  private final CollectingLog log;
  private final TestCancellation cancellation;
  private final CollectingDirtyRecords dirty;
  private final @Nullable Schema target;
  private final @Nullable String group;

  private TestContext(
      TaskContext task,
      int channel,
      CollectingLog log,
      TestCancellation cancellation,
      CollectingDirtyRecords dirty,
      @Nullable Schema target,
      @Nullable String group) {
    this.task = task;
    this.channel = channel;
    this.log = log;
    this.cancellation = cancellation;
    this.dirty = dirty;
    this.target = target;
    this.group = group;
  }

  /** A context with default limits for one channel. */
  public static TestContext create() {
    return new TestContext(
        new TaskContext("test", ZONE, Clock.systemUTC(), Limits.DEFAULT),
        0,
        new CollectingLog(),
        new TestCancellation(),
        new CollectingDirtyRecords(),
        null,
        null);
  }

  /** The same with other limits. */
  public TestContext withLimits(Limits limits) {
    TaskContext other =
        new TaskContext(task.taskName(), task.zone(), task.clock(), limits, task.rules());
    return new TestContext(other, channel, log, cancellation, dirty, target, group);
  }

  /** The same with another zone of the task. */
  public TestContext withZone(ZoneId zone) {
    TaskContext other =
        new TaskContext(
            task.taskName(), zone, task.clock(), task.limits(), task.rules(), task.files());
    return new TestContext(other, channel, log, cancellation, dirty, target, group);
  }

  /** The same with another clock. */
  public TestContext withClock(Clock clock) {
    TaskContext other =
        new TaskContext(
            task.taskName(), task.zone(), clock, task.limits(), task.rules(), task.files());
    return new TestContext(other, channel, log, cancellation, dirty, target, group);
  }

  /** The same for another kind of document or another narrowing. */
  public TestContext withRules(TaskContext.Rules rules) {
    TaskContext other =
        new TaskContext(
            task.taskName(), task.zone(), task.clock(), task.limits(), rules, task.files());
    return new TestContext(other, channel, log, cancellation, dirty, target, group);
  }

  /** The same with other files in reach. */
  public TestContext withFiles(LocalFiles files) {
    return new TestContext(task.withFiles(files), channel, log, cancellation, dirty, target, group);
  }

  /** The same for another channel, with dirty records of its own. */
  public TestContext withChannel(int number) {
    return new TestContext(
        task, number, log, cancellation, new CollectingDirtyRecords(), target, group);
  }

  /** The same with these columns of the target; null where nothing is written. */
  public TestContext withTarget(@Nullable Schema columns) {
    return new TestContext(task, channel, log, cancellation, dirty, columns, group);
  }

  /** The same for a split that is a part of another one; null for a whole one. */
  public TestContext withGroup(@Nullable String id) {
    return new TestContext(task, channel, log, cancellation, dirty, target, id);
  }

  @Override
  public TaskContext task() {
    return task;
  }

  @Override
  public int channel() {
    return channel;
  }

  @Override
  public CollectingLog log() {
    return log;
  }

  @Override
  public TestCancellation cancellation() {
    return cancellation;
  }

  @Override
  public CollectingDirtyRecords dirty() {
    return dirty;
  }

  @Override
  public @Nullable Schema target() {
    return target;
  }

  @Override
  public Optional<String> group() {
    return Optional.ofNullable(group);
  }
}
