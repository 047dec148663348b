package io.millrace.server.api;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.server.node.NodeClient;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Request;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds attempts and where their files are. Safe for use by several threads. */
final class AttemptFinder {

  private final Scheduler scheduler;
  private final AttemptFiles.Here here;
  private final @Nullable NodeClient nodes;

  /**
   * @param nodes asks other nodes; null where there are none
   */
  AttemptFinder(Scheduler scheduler, RunDirectories directories, @Nullable NodeClient nodes) {
    this.scheduler = scheduler;
    this.here = new AttemptFiles.Here(directories);
    this.nodes = nodes;
  }

  /** The attempt that the path names; its directory is not looked for before it is known. */
  Attempts.Row attempt(Request request) {
    return find(request.id("id"), request.id("number"))
        .orElseThrow(() -> ProblemException.notFound("there is no such attempt"));
  }

  private Optional<Attempts.Row> find(long instance, long number) {
    return scheduler.database().with(handle -> scheduler.attempts().of(handle, instance)).stream()
        .filter(row -> row.number() == number)
        .findFirst();
  }

  /** True once nothing more is written, whichever node it runs on. */
  boolean hasEnded(Attempts.Row attempt) {
    return find(attempt.instanceId(), attempt.number())
        .filter(row -> row.state() == Attempts.State.RUNNING)
        .isEmpty();
  }

  /** Its files as far as they are on this node. */
  AttemptFiles here(Attempts.Row attempt) {
    return here.of(attempt);
  }

  /**
   * Its files, wherever they are.
   *
   * @param user on whose behalf they are read
   */
  AttemptFiles files(Attempts.Row attempt, String user) {
    return isElsewhere(attempt) && nodes != null
        ? new RemoteFiles(nodes, attempt, user)
        : here.of(attempt);
  }

  /** Nodes may share the directory: then what another one has written is here as well. */
  boolean isElsewhere(Attempts.Row attempt) {
    return nodes != null && !attempt.node().equals(nodes.self()) && !here.has(attempt);
  }
}
