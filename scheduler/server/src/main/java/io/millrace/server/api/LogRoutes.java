package io.millrace.server.api;

import static io.millrace.server.route.Access.VIEWER;

import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.runner.AttemptLogs;
import io.millrace.scheduler.runner.DirtyRecordFiles;
import io.millrace.scheduler.runner.LogFile;
import io.millrace.server.event.EventSource;
import io.millrace.server.event.LogTail;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.route.Sight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The logs of attempts and their dirty records, whichever node they are on. */
final class LogRoutes implements Routes {

  private static final String PATH = "/instances/{id}/attempts/{number}";
  private static final long LOOK_MILLIS = 250;
  private static final long LOOK_ELSEWHERE_MILLIS = 1_000;
  private static final long HEARTBEAT_NANOS = 10_000_000_000L;

  private final AttemptFinder finder;

  LogRoutes(AttemptFinder finder) {
    this.finder = finder;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        withFile(
            Route.get(
                    PATH + "/log",
                    VIEWER,
                    "Shows a log, trimmed when it is long",
                    request -> files(request).view(file(request)))
                .gives(AttemptFiles.LogView.class)),
        withFile(
            Route.get(
                    PATH + "/log/download",
                    VIEWER,
                    "Gives a whole log",
                    request -> files(request).download(file(request)))
                .givesMedia("text/plain")),
        withFile(
                Route.get(PATH + "/log/tail", VIEWER, "Follows a log as it grows", this::tail)
                    .givesMedia("text/event-stream"))
            .query("offset", "the first byte; 0 by default"),
        withPage(
            Route.get(
                    PATH + "/dirty-records",
                    VIEWER,
                    "Shows dirty records",
                    request -> {
                      AttemptFiles.DirtyRecords records =
                          files(request).dirty(cursor(request), size(request));
                      return request.sight() == Sight.HIDDEN ? records.withoutValues() : records;
                    })
                .gives(AttemptFiles.DirtyRecords.class)));
  }

  static Route withFile(Route route) {
    return route.query(
        "file", "RUN, the run log, by default; or a stage: " + "PRE_PREPARATION, SPLIT, …");
  }

  static LogFile file(Request request) {
    List<LogFile> files = request.choices("file", LogFile.class);
    if (files.size() > 1) {
      throw ProblemException.field("file", "must be one");
    }
    return files.isEmpty() ? LogFile.RUN : files.get(0);
  }

  static Route withPage(Route route) {
    return route
        .query("cursor", "what the part before gave as next")
        .query("size", "how many at most, 1 to 1000; 100 by default");
  }

  static @Nullable String cursor(Request request) {
    return request.query("cursor").orElse(null);
  }

  static int size(Request request) {
    return (int) request.number("size", 100, 1, DirtyRecordFiles.MAX_RECORDS);
  }

  private AttemptFiles files(Request request) {
    return finder.files(finder.attempt(request), request.identity().name());
  }

  /** Events as {@link LogTail#follow} gives them: {@code log} with text, at last {@code end}. */
  private EventSource tail(Request request) {
    LogFile file = file(request);
    Attempts.Row attempt = finder.attempt(request);
    AttemptFiles files = finder.files(attempt, request.identity().name());
    long offset =
        LogTail.resume(
            request.header("Last-Event-ID"), request.number("offset", 0, 0, Long.MAX_VALUE));
    boolean elsewhere = finder.isElsewhere(attempt);
    if (elsewhere) {
      // While there still is a status: what cannot be reached is told as a problem.
      files.part(file, offset);
    }
    long wait = elsewhere ? LOOK_ELSEWHERE_MILLIS : LOOK_MILLIS;
    return out -> {
      long at = offset;
      long quietSince = System.nanoTime();
      while (out.open()) {
        // Asked before reading: what is written before the end is then read for certain.
        boolean last = finder.hasEnded(attempt);
        AttemptLogs.Chunk chunk = files.part(file, at);
        at = chunk.next();
        if (!chunk.text().isEmpty()) {
          out.text(Long.toString(at), "log", chunk.text());
          quietSince = System.nanoTime();
        } else if (last) {
          out.event(Long.toString(at), "end", "{}");
          return;
        } else {
          if (System.nanoTime() - quietSince > HEARTBEAT_NANOS) {
            out.heartbeat();
            quietSince = System.nanoTime();
          }
          Thread.sleep(wait);
        }
      }
    };
  }
}
