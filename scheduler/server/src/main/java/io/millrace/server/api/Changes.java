package io.millrace.server.api;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Progression;
import io.millrace.server.event.Events;
import io.millrace.server.route.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Tells clients which instances have changed, and to what. Safe for use by several threads. */
final class Changes {

  /** What it is called. */
  static final String EVENT = "instances";

  private static final int MOST = 500;

  private final Scheduler scheduler;
  private final Events events;

  Changes(Scheduler scheduler, Events events) {
    this.scheduler = scheduler;
    this.events = events;
  }

  /** An instance as it is now. */
  record ChangedInstance(
      long id,
      long taskId,
      InstanceKind kind,
      LocalDate businessDate,
      InstanceState state,
      Instant changedAt) {

    static ChangedInstance of(Instance instance) {
      return new ChangedInstance(
          instance.id(),
          instance.taskId(),
          instance.kind(),
          instance.businessDate(),
          instance.state(),
          instance.changedAt());
    }
  }

  /** Tells of one change of some instances. */
  void publish(Progression.Outcome outcome) {
    if (outcome.changed().size() > MOST) {
      // Whoever shows so many reads them anew in any case.
      events.publish(Events.RESYNC, "{}");
      return;
    }
    List<ChangedInstance> changed =
        scheduler
            .database()
            .with(handle -> scheduler.instances().all(handle, outcome.changed()))
            .stream()
            .map(ChangedInstance::of)
            .toList();
    events.publish(EVENT, Json.text(changed));
  }
}
