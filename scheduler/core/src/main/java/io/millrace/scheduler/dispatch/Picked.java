package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.instance.Instance;
import java.util.List;

/**
 * An instance that was given its slots and is RUNNING in the store; its attempt has to be started.
 *
 * @param attempt the number of the attempt, from 1
 * @param waited what it waited for, in words, for the log
 */
public record Picked(
    Instance instance, int attempt, ResourceGroup group, Node node, List<String> waited) {

  public Picked {
    waited = List.copyOf(waited);
  }
}
