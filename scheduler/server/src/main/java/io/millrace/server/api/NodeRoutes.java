package io.millrace.server.api;

import static io.millrace.server.route.Access.NODE;

import io.millrace.scheduler.runner.AttemptLogs;
import io.millrace.server.event.LogTail;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.util.List;

/**
 * What other nodes may read here: the files of attempts that ran on this node, and nothing else. It
 * never asks further nodes, so that no call goes in a circle.
 */
final class NodeRoutes implements Routes {

  private final AttemptFinder finder;

  NodeRoutes(AttemptFinder finder) {
    this.finder = finder;
  }

  /** The path of an attempt. */
  static String path(long instance, int number) {
    return "/node/instances/" + instance + "/attempts/" + number;
  }

  private static Route route(String end, String summary, Reading reading) {
    return Route.get(
            "/node/instances/{id}/attempts/{number}" + end,
            NODE,
            "For other nodes: " + summary,
            reading::read)
        .outsideTheApi();
  }

  @FunctionalInterface
  private interface Reading {
    Object read(Request request);
  }

  @Override
  public List<Route> routes() {
    return List.of(
        LogRoutes.withFile(
            route("/log", "shows a log", request -> here(request).view(LogRoutes.file(request)))
                .gives(AttemptFiles.LogView.class)),
        LogRoutes.withFile(
            route(
                    "/log/download",
                    "gives a whole log",
                    request -> here(request).download(LogRoutes.file(request)))
                .givesMedia("text/plain")),
        LogRoutes.withFile(
            route("/log/part", "gives what a log has from a byte on", this::part)
                .givesMedia("text/plain")
                .query("offset", "the first byte; 0 by default")),
        LogRoutes.withPage(
            route(
                    "/dirty-records",
                    "shows dirty records",
                    request ->
                        here(request).dirty(LogRoutes.cursor(request), LogRoutes.size(request)))
                .gives(AttemptFiles.DirtyRecords.class)));
  }

  private AttemptFiles here(Request request) {
    return finder.here(finder.attempt(request));
  }

  private Object part(Request request) {
    AttemptLogs.Chunk chunk =
        here(request).part(LogRoutes.file(request), request.number("offset", 0, 0, Long.MAX_VALUE));
    return Answer.text("text/plain; charset=utf-8", chunk.text())
        .with(LogTail.NEXT, Long.toString(chunk.next()));
  }
}
