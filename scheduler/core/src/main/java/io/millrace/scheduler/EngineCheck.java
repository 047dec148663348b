package io.millrace.scheduler;

import io.millrace.engine.task.DataSourceLookup;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import io.millrace.scheduler.parameter.Assignments;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.scheduler.parameter.Occasion;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.ScriptCheck;
import io.millrace.scheduler.task.TaskDefinition;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;

/** Reads a script as the engine will, with the values that an instance of today would have. */
final class EngineCheck implements ScriptCheck {

  private final DataSourceLookup dataSources;
  private final Runner runner;
  private final ZoneId zone;
  private final Clock clock;

  EngineCheck(Scheduler.Execution execution, ZoneId zone, Clock clock) {
    this.dataSources = execution.dataSources();
    this.runner = execution.runner();
    this.zone = zone;
    this.clock = clock;
  }

  @Override
  public int channels(String name, TaskDefinition definition) {
    Schedule schedule = definition.schedule();
    ZoneId taskZone = schedule == null ? zone : schedule.zone();
    LocalDate today = LocalDate.ofInstant(clock.instant(), taskZone);
    Assignments.check(definition.parameters());
    FrozenParameters values =
        FrozenParameters.freeze(
            definition.parameters(),
            Map.of(),
            Occasion.recurring(today.minusDays(1), today.atStartOfDay()),
            1,
            1);
    ReadSettings settings =
        ReadSettings.defaults().withClock(clock, taskZone).withDataSources(dataSources);
    TaskSpec task = TaskFiles.read(name, definition.script(), values.apply(settings, "1"));
    runner.check(task);
    return task.settings().channels();
  }
}
