package io.millrace.scheduler.generate;

import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.scheduler.parameter.Occasion;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.scheduler.task.TaskVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What the instances of a version of a task are like, but for their time. Immutable. */
record Blueprint(Task task, TaskVersion version, long groupId) {

  static Blueprint of(Handle handle, ResourceGroups groups, Task task, TaskVersion version) {
    long group = groups.get(handle, version.definition().run().group()).id();
    return new Blueprint(task, version, group);
  }

  /** An instance for an occurrence of the schedule. */
  NewInstance recurring(Occurrence occurrence, List<NewInstance.Ancestor> ancestors) {
    return make(
        InstanceKind.RECURRING,
        0,
        occurrence,
        occurrence.at(),
        Occasion.recurring(occurrence.businessDate(), occurrence.time()),
        ancestors);
  }

  /** An instance that somebody asked for. */
  NewInstance asked(
      InstanceKind kind, long runKey, Occurrence occurrence, List<NewInstance.Ancestor> ancestors) {
    return make(
        kind,
        runKey,
        occurrence,
        occurrence.at(),
        Occasion.recurring(occurrence.businessDate(), occurrence.time()),
        ancestors);
  }

  private NewInstance make(
      InstanceKind kind,
      long runKey,
      Occurrence occurrence,
      Instant dueAt,
      Occasion occasion,
      List<NewInstance.Ancestor> ancestors) {
    RunSettings run = version.definition().run();
    RunMode mode = mode(kind, occurrence);
    Long workflow = task.workflowId();
    String parameters =
        FrozenParameters.freeze(
                version.definition().parameters(),
                Map.of(),
                occasion,
                workflow == null ? 0 : workflow,
                task.id())
            .toJson();
    return new NewInstance(
        task.id(),
        version.version(),
        kind,
        occurrence.at(),
        runKey,
        occurrence.time(),
        occurrence.businessDate(),
        mode,
        mode == RunMode.SKIP ? "the task is skipped or frozen" : occurrence.reason(),
        dueAt,
        run.priority(),
        version.slots(),
        groupId,
        run.maxParallel(),
        parameters,
        ancestors);
  }

  private RunMode mode(InstanceKind kind, Occurrence occurrence) {
    if (version.definition().kind() == TaskKind.ZERO_LOAD || occurrence.dryRun()) {
      return RunMode.DRY_RUN;
    }
    if (kind != InstanceKind.RECURRING) {
      return RunMode.NORMAL;
    }
    var schedule = version.definition().schedule();
    return task.frozen() ? RunMode.SKIP : schedule == null ? RunMode.NORMAL : schedule.mode();
  }
}
