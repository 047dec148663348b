package io.millrace.scheduler.store;

import java.time.Duration;
import java.util.Optional;

/** How this node's own clock stands against the time of the store, which all nodes share. */
public interface NodeTime {

  /** There is one node only, whose clock is the store's. */
  NodeTime SAME =
      new NodeTime() {
        @Override
        public Duration ahead() {
          return Duration.ZERO;
        }

        @Override
        public Optional<String> problem() {
          return Optional.empty();
        }
      };

  /** How far this node's clock is ahead of the store's; negative when it is behind. */
  Duration ahead();

  /** Why this node may not take work, in one line with both times; empty while it may. */
  Optional<String> problem();
}
