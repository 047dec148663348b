package io.millrace.scheduler;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.generate.Asked;
import io.millrace.scheduler.generate.Generator;
import io.millrace.scheduler.generate.Reconciler;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import io.millrace.scheduler.task.Workflow;
import io.millrace.scheduler.task.Workflows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What people do with tasks and workflows. Each is one transaction, in which it is also written
 * down who did it. Safe for use by several threads.
 */
public final class TaskOperations {

  private final Database database;
  private final Tasks tasks;
  private final Workflows workflows;
  private final Parts parts;
  private final Scheduler.Auditor auditor;
  private final Consumer<Progression.Outcome> follow;

  /** What does the work. */
  record Parts(Publishing publishing, Generator generator, Asked asked, Reconciler reconciler) {}

  /**
   * @param follow takes what came of it, after it is durable
   */
  TaskOperations(
      Database database,
      Tasks tasks,
      Workflows workflows,
      Parts parts,
      Scheduler.Auditor auditor,
      Consumer<Progression.Outcome> follow) {
    this.database = database;
    this.tasks = tasks;
    this.workflows = workflows;
    this.parts = parts;
    this.auditor = auditor;
    this.follow = follow;
  }

  /** Something that is done, and what came of it. */
  private record Done<T>(T result, Progression.Outcome outcome) {}

  private <T> T inTransaction(Function<Handle, Done<T>> work) {
    Done<T> done = database.inTransaction(work::apply);
    follow.accept(done.outcome());
    return done.result();
  }

  /**
   * Publishes a task's draft and makes its instances.
   *
   * @throws MillraceException in one line, when it cannot run
   */
  public TaskVersion publish(long task, Publishing.By by) {
    return inTransaction(
        handle -> {
          TaskVersion version = parts.publishing().publish(handle, task, by);
          audit(handle, by, version);
          return new Done<>(version, instances(handle, List.of(version)));
        });
  }

  /**
   * Publishes the drafts of all tasks of a workflow, or none, and makes their instances.
   *
   * @return the new versions; tasks without a draft keep theirs
   * @throws MillraceException in one line, when one of them cannot run or there is no draft
   */
  public List<TaskVersion> publishWorkflow(long workflow, Publishing.By by) {
    return inTransaction(
        handle -> {
          Workflow locked = workflows.lock(handle, workflow);
          List<Task> drafts =
              workflows.tasks(handle, workflow).stream()
                  .flatMap(task -> tasks.lock(handle, task.id()).stream())
                  .filter(Task::hasDraft)
                  .toList();
          if (drafts.isEmpty()) {
            throw wrong(
                "no task of workflow '"
                    + locked.name()
                    + "' has a draft to publish; change one first");
          }
          List<TaskVersion> versions = parts.publishing().publish(handle, drafts, by);
          versions.forEach(version -> audit(handle, by, version));
          return new Done<>(versions, instances(handle, versions));
        });
  }

  private Progression.Outcome instances(Handle handle, List<TaskVersion> versions) {
    return parts
        .generator()
        .published(handle, versions.stream().map(TaskVersion::taskId).toList())
        .stream()
        .map(Generator.Made::outcome)
        .reduce(Progression.Outcome.NOTHING, Progression.Outcome::and);
  }

  private void audit(Handle handle, Publishing.By by, TaskVersion version) {
    auditor.record(
        handle,
        new Operations.By(by.who(), by.note()),
        "task.publish",
        subject(handle, version.taskId()),
        "version " + version.version());
  }

  /**
   * Makes a test instance of a task for a business date.
   *
   * @return its id
   */
  public long test(long task, LocalDate businessDate, Operations.By by) {
    return test(List.of(task), businessDate, by).get(task);
  }

  /**
   * Makes test instances of all tasks of a workflow for a business date. Within the workflow each
   * waits for those that it depends on.
   *
   * @return their ids by task
   */
  public SortedMap<Long, Long> testWorkflow(long workflow, LocalDate date, Operations.By by) {
    return test(tasksOf(workflow), date, by);
  }

  private SortedMap<Long, Long> test(Collection<Long> ids, LocalDate date, Operations.By by) {
    return inTransaction(
        handle -> made(handle, parts.asked().test(handle, ids, date), by, "test", date + ", "));
  }

  /**
   * Makes an instance of a task that runs now.
   *
   * @return its id
   */
  public long run(long task, Operations.By by) {
    return run(List.of(task), by).get(task);
  }

  /**
   * Makes instances of all tasks of a workflow that run now. Within the workflow each waits for
   * those that it depends on.
   *
   * @return their ids by task
   */
  public SortedMap<Long, Long> runWorkflow(long workflow, Operations.By by) {
    return run(tasksOf(workflow), by);
  }

  private SortedMap<Long, Long> run(Collection<Long> ids, Operations.By by) {
    return inTransaction(handle -> made(handle, parts.asked().manual(handle, ids), by, "run", ""));
  }

  private Done<SortedMap<Long, Long>> made(
      Handle handle, Asked.Made made, Operations.By by, String action, String detail) {
    made.instances()
        .forEach(
            (task, instance) ->
                auditor.record(
                    handle,
                    by,
                    "task." + action,
                    subject(handle, task),
                    detail + "instance " + instance));
    return new Done<>(made.instances(), made.outcome());
  }

  private List<Long> tasksOf(long workflow) {
    return database.with(
        handle -> {
          Workflow found = workflows.get(handle, workflow);
          List<Long> ids = workflows.tasks(handle, workflow).stream().map(Task::id).toList();
          if (ids.isEmpty()) {
            throw wrong("workflow '" + found.name() + "' has no tasks; add some first");
          }
          return ids;
        });
  }

  /** Compares what should exist with what does, for one task. */
  public Reconciler.Report report(long task, Instant from, Instant to) {
    return parts.reconciler().report(task, from, to);
  }

  /** The same, and makes what is missing. */
  public Reconciler.Report repair(long task, Instant from, Instant to, Operations.By by) {
    return inTransaction(
        handle -> {
          Reconciler.Repaired repaired = parts.reconciler().repair(handle, task, from, to);
          auditor.record(
              handle,
              by,
              "task.reconcile",
              subject(handle, task),
              repaired.report().missing().size() + " were missing and are made");
          return new Done<>(repaired.report(), repaired.outcome());
        });
  }

  private String subject(Handle handle, long task) {
    return "task/" + tasks.get(handle, task).name();
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }
}
