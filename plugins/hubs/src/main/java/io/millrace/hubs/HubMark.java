package io.millrace.hubs;

import io.millrace.api.read.Overlap;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What is read or written, so that the reader of a task can look whether it reads what the writer
 * writes.
 *
 * @param kind the connector
 * @param endpoint the service's address as the task has it
 * @param project the project
 * @param name of the logstore or the topic
 * @param created when it was created, as the service says it; empty when that is not known
 */
public record HubMark(String kind, String endpoint, String project, String name, String created) {

  /** As the engine passes it on. */
  public String text() {
    return kind + ":" + String.join("\n", List.of(host(endpoint), project, name, created));
  }

  /**
   * Whether a reader of this reads what a writer writes. A run never does, since its ends are
   * pinned before anything is written; where the window is open, a run from scratch and every later
   * run would.
   *
   * @param mark the writer's
   * @param now as the reader's window is meant
   */
  public Overlap overlap(String mark, Window window, Instant now) {
    String[] other = mark.startsWith(kind + ":") ? mark.split("\n", -1) : new String[0];
    if (other.length != 4
        || !other[1].equalsIgnoreCase(project)
        || !other[2].equalsIgnoreCase(name)
        || !window.end().isAfter(now)) {
      return Overlap.NONE;
    }
    boolean known = !created.isEmpty() && !other[3].isEmpty();
    if (known && !created.equals(other[3])) {
      return Overlap.NONE;
    }
    boolean same = known || other[0].equals(kind + ":" + host(endpoint));
    return new Overlap(
        same ? Overlap.Kind.CERTAIN : Overlap.Kind.POSSIBLE,
        kind
            + ": "
            + project
            + "/"
            + name
            + (same ? " is" : " may be")
            + " what is read and what is written, and endDateTime lies ahead: later runs read what"
            + " this one writes; write elsewhere, or give an endDateTime that is over");
  }

  private static String host(String endpoint) {
    return endpoint.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "").replaceFirst("/.*", "");
  }
}
