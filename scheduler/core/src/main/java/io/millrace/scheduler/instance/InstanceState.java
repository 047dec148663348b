package io.millrace.scheduler.instance;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where an instance is. What may follow what stands in this one table. */
public enum InstanceState {
  /** Ancestors have not succeeded yet. */
  NOT_RUN,

  /** Its time has not come. */
  WAITING_FOR_TIME,

  /** It waits for slots of its resource group, or for another instance of its task to end. */
  WAITING_FOR_RESOURCES,

  RUNNING,
  SUCCEEDED,
  FAILED,

  /** Somebody holds it back. */
  FROZEN;

  private static final Map<InstanceState, Set<InstanceState>> NEXT =
      Map.of(
          NOT_RUN, EnumSet.of(WAITING_FOR_TIME, WAITING_FOR_RESOURCES, SUCCEEDED, FAILED, FROZEN),
          WAITING_FOR_TIME, EnumSet.of(NOT_RUN, WAITING_FOR_RESOURCES, SUCCEEDED, FAILED, FROZEN),
          // Back to waiting for its time when a backfill's run window ends.
          WAITING_FOR_RESOURCES, EnumSet.of(RUNNING, WAITING_FOR_TIME, FAILED, FROZEN),
          // Back to waiting when its node died.
          RUNNING, EnumSet.of(SUCCEEDED, FAILED, WAITING_FOR_RESOURCES),
          SUCCEEDED, EnumSet.of(NOT_RUN),
          // To waiting for an automatic rerun, to success by hand.
          FAILED, EnumSet.of(NOT_RUN, WAITING_FOR_TIME, SUCCEEDED),
          FROZEN, EnumSet.of(NOT_RUN, FAILED));

  /** The states that may follow this one. */
  public Set<InstanceState> next() {
    return Set.copyOf(NEXT.getOrDefault(this, Set.of()));
  }

  /** The states that this one may follow. */
  public Set<InstanceState> before() {
    Set<InstanceState> before = EnumSet.noneOf(InstanceState.class);
    NEXT.forEach(
        (state, next) -> {
          if (next.contains(this)) {
            before.add(state);
          }
        });
    return before;
  }

  /** True when nothing happens any more unless somebody asks for it. */
  public boolean isEnd() {
    return this == SUCCEEDED || this == FAILED;
  }
}
