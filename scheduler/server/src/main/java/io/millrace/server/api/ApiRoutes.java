package io.millrace.server.api;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.server.alert.Alerts;
import io.millrace.server.event.Events;
import io.millrace.server.node.NodeClient;
import io.millrace.server.node.NodeEvents;
import io.millrace.server.route.Json;
import io.millrace.server.route.Routes;
import io.millrace.server.source.SourceLooks;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together every route that shows and steers the scheduler; for {@code MillraceServer}. */
public final class ApiRoutes {

  private static final String ALERT = "alert";
  private static final int QUEUE = 1_000;
  private static final int HISTORY = 5_000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private ApiRoutes() {}

  /**
   * What is shown and steered.
   *
   * @param directories where attempts leave their logs
   * @param looks looks at what tasks would read; closed with the routes
   * @param zone of tasks that have no schedule
   * @param alerts is told to clients as it comes
   * @param others the other nodes of the store; null where there are none
   */
  public record Parts(
      Scheduler scheduler,
      DataSourceStore dataSources,
      RunDirectories directories,
      SourceLooks looks,
      ZoneId zone,
      Clock clock,
      Alerts alerts,
      @Nullable OtherNodes others) {

    Audit audit() {
      return dataSources.audit();
    }
  }

  /**
   * How to deal with the other nodes of the store.
   *
   * @param client asks them for what lies there
   * @param events carries events to their clients and back
   */
  public record OtherNodes(NodeClient client, NodeEvents events) {}

  /** All of them. Called once for a scheduler, which then tells them of its changes. */
  public static List<Routes> of(Parts parts) {
    Events events = new Events(QUEUE, HISTORY, HEARTBEAT);
    OtherNodes others = parts.others();
    Changes changes =
        new Changes(parts.scheduler(), events, others == null ? null : others.events());
    parts.scheduler().onChange(changes::publish);
    parts.scheduler().onAlert(parts.alerts()::ended);
    parts.alerts().listen(alert -> changes.tell(ALERT, Json.text(alert)));
    AttemptFinder finder =
        new AttemptFinder(
            parts.scheduler(), parts.directories(), others == null ? null : others.client());
    return List.of(
        new TaskRoutes(parts),
        new DraftRoutes(parts),
        new SourceRoutes(parts),
        new TaskRunRoutes(parts),
        new WorkflowRoutes(parts),
        new InstanceRoutes(parts.scheduler()),
        new OperationRoutes(parts.scheduler().operations()),
        new LogRoutes(finder),
        new NodeRoutes(finder),
        new GroupRoutes(parts),
        new DataSourceRoutes(parts),
        new BackfillRoutes(parts),
        new AuditRoutes(parts),
        new EventRoutes(events, changes));
  }

  /** How a scheduler writes down who did what, for {@link Scheduler#create}. */
  public static Scheduler.Auditor auditor(Audit audit) {
    return (handle, by, action, subject, detail) ->
        audit.record(handle, by.who(), action, subject, by.why(), detail);
  }
}
