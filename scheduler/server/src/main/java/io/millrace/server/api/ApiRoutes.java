package io.millrace.server.api;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.server.event.Events;
import io.millrace.server.route.Routes;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** Puts together every route that shows and steers the scheduler; for {@code MillraceServer}. */
public final class ApiRoutes {

  private static final int QUEUE = 1_000;
  private static final int HISTORY = 5_000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private ApiRoutes() {}

  /**
   * What is shown and steered.
   *
   * @param directories where attempts leave their logs
   * @param zone of tasks that have no schedule
   */
  public record Parts(
      Scheduler scheduler,
      DataSourceStore dataSources,
      RunDirectories directories,
      ZoneId zone,
      Clock clock) {

    Audit audit() {
      return dataSources.audit();
    }
  }

  /** All of them. Called once for a scheduler, which then tells them of its changes. */
  public static List<Routes> of(Parts parts) {
    Events events = new Events(QUEUE, HISTORY, HEARTBEAT);
    Changes changes = new Changes(parts.scheduler(), events);
    parts.scheduler().onChange(changes::publish);
    return List.of(
        new TaskRoutes(parts),
        new DraftRoutes(parts),
        new TaskRunRoutes(parts),
        new WorkflowRoutes(parts),
        new InstanceRoutes(parts.scheduler()),
        new OperationRoutes(parts.scheduler().operations()),
        new LogRoutes(parts),
        new GroupRoutes(parts),
        new DataSourceRoutes(parts),
        new BackfillRoutes(parts),
        new AuditRoutes(parts),
        new EventRoutes(events));
  }

  /** How a scheduler writes down who did what, for {@link Scheduler#create}. */
  public static Scheduler.Auditor auditor(Audit audit) {
    return (handle, by, action, subject, detail) ->
        audit.record(handle, by.who(), action, subject, by.why(), detail);
  }
}
