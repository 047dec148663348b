package io.millrace.scheduler.instance;

import java.util.EnumSet;
import java.util.Set;

/** What people may do with an instance, and from which states. */
public enum Operation {
  /** Ends it as failed, whether it waits or runs. */
  STOP(
      EnumSet.of(
          InstanceState.NOT_RUN,
          InstanceState.WAITING_FOR_TIME,
          InstanceState.WAITING_FOR_RESOURCES,
          InstanceState.RUNNING,
          InstanceState.FROZEN)),

  /** Runs it again, as its task's rerun property allows, when its ancestors have succeeded. */
  RERUN(EnumSet.of(InstanceState.NOT_RUN, InstanceState.SUCCEEDED, InstanceState.FAILED)),

  /** Runs it again whatever its task's rerun property says, and waits for no ancestor. */
  FORCE_RERUN(EnumSet.of(InstanceState.NOT_RUN, InstanceState.SUCCEEDED, InstanceState.FAILED)),

  /** Counts it as succeeded, so that its descendants go on. */
  SET_SUCCEEDED(EnumSet.of(InstanceState.FAILED)),

  /** Holds it back until it is unfrozen. */
  FREEZE(
      EnumSet.of(
          InstanceState.NOT_RUN,
          InstanceState.WAITING_FOR_TIME,
          InstanceState.WAITING_FOR_RESOURCES)),

  UNFREEZE(EnumSet.of(InstanceState.FROZEN)),

  /** Has it wait for no ancestor any more. */
  REMOVE_DEPENDENCIES(EnumSet.of(InstanceState.NOT_RUN)),

  CHANGE_PRIORITY(
      EnumSet.of(
          InstanceState.NOT_RUN,
          InstanceState.WAITING_FOR_TIME,
          InstanceState.WAITING_FOR_RESOURCES,
          InstanceState.FROZEN));

  private final Set<InstanceState> from;

  Operation(Set<InstanceState> from) {
    this.from = from;
  }

  /** The states in which it is allowed. */
  public Set<InstanceState> from() {
    return Set.copyOf(from);
  }
}
