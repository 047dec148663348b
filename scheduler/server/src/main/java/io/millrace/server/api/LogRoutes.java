package io.millrace.server.api;

import static io.millrace.server.route.Access.VIEWER;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.runner.AttemptLogs;
import io.millrace.scheduler.runner.DirtyRecordFiles;
import io.millrace.scheduler.runner.LogFile;
import io.millrace.server.event.EventSource;
import io.millrace.server.event.LogTail;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The logs of attempts and their dirty records, as far as they are on this node. */
final class LogRoutes implements Routes {

  private static final String PATH = "/instances/{id}/attempts/{number}";
  private static final long LOOK_MILLIS = 250;
  private static final long HEARTBEAT_NANOS = 10_000_000_000L;

  private final Scheduler scheduler;
  private final AttemptLogs logs;
  private final DirtyRecordFiles dirty;

  LogRoutes(ApiRoutes.Parts parts) {
    this.scheduler = parts.scheduler();
    this.logs = new AttemptLogs(parts.directories());
    this.dirty = new DirtyRecordFiles(parts.directories());
  }

  /**
   * A log as it is shown.
   *
   * @param bytes of the whole file
   * @param trimmed true when the middle is left out
   */
  record LogView(String text, long bytes, boolean trimmed) {}

  /**
   * A dirty record.
   *
   * @param json an object with its place, what is wrong with it and its values; cut when very long
   * @param settled false while it does not count, because its split is not committed
   */
  record DirtyRecord(String json, boolean cut, boolean settled) {}

  /**
   * Some of the dirty records.
   *
   * @param next names the next part; null when this is the last one for now
   */
  record DirtyRecords(List<DirtyRecord> records, @Nullable String next) {}

  @Override
  public List<Route> routes() {
    return List.of(
        withFile(
            Route.get(PATH + "/log", VIEWER, "Shows a log, trimmed when it is long", this::view)
                .gives(LogView.class)),
        withFile(
            Route.get(PATH + "/log/download", VIEWER, "Gives a whole log", this::download)
                .givesMedia("text/plain")),
        withFile(
                Route.get(PATH + "/log/tail", VIEWER, "Follows a log as it grows", this::tail)
                    .givesMedia("text/event-stream"))
            .query("offset", "the first byte; 0 by default"),
        Route.get(PATH + "/dirty-records", VIEWER, "Shows dirty records", this::dirty)
            .gives(DirtyRecords.class)
            .query("cursor", "what the part before gave as next")
            .query("size", "how many at most, 1 to 1000; 100 by default"));
  }

  private static Route withFile(Route route) {
    return route.query(
        "file", "RUN, the run log, by default; or a stage: " + "PRE_PREPARATION, SPLIT, …");
  }

  private static LogFile file(Request request) {
    List<LogFile> files = request.choices("file", LogFile.class);
    if (files.size() > 1) {
      throw ProblemException.field("file", "must be one");
    }
    return files.isEmpty() ? LogFile.RUN : files.get(0);
  }

  /** The attempt that the path names; its directory is not looked for before it is known. */
  private Attempts.Row attempt(Request request) {
    return find(request.id("id"), request.id("number"))
        .orElseThrow(() -> ProblemException.notFound("there is no such attempt"));
  }

  private Optional<Attempts.Row> find(long instance, long number) {
    return scheduler.database().with(handle -> scheduler.attempts().of(handle, instance)).stream()
        .filter(row -> row.number() == number)
        .findFirst();
  }

  private static ProblemException none(Attempts.Row attempt) {
    return ProblemException.notFound(
        "there is no such log here; the attempt ran on node " + attempt.node());
  }

  private Object view(Request request) {
    LogFile file = file(request);
    Attempts.Row attempt = attempt(request);
    AttemptLogs.View view =
        logs.view(attempt.instanceId(), attempt.number(), file).orElseThrow(() -> none(attempt));
    return new LogView(view.text(), view.bytes(), view.trimmed());
  }

  private Object download(Request request) {
    LogFile file = file(request);
    Attempts.Row attempt = attempt(request);
    AttemptLogs.Download download =
        logs.download(attempt.instanceId(), attempt.number(), file)
            .orElseThrow(() -> none(attempt));
    return new Answer(200, java.util.Map.of(), download.content())
        .with("Content-Type", "text/plain; charset=utf-8")
        .with("Content-Length", Long.toString(download.bytes()))
        .with("Content-Disposition", "attachment; filename=" + download.name());
  }

  /** Events as {@link LogTail#follow} gives them: {@code log} with text, at last {@code end}. */
  private EventSource tail(Request request) {
    LogFile file = file(request);
    Attempts.Row attempt = attempt(request);
    long offset =
        LogTail.resume(
            request.header("Last-Event-ID"), request.number("offset", 0, 0, Long.MAX_VALUE));
    return out -> {
      long at = offset;
      long quietSince = System.nanoTime();
      while (out.open()) {
        // Asked before reading: what is written before the end is then read for certain.
        boolean last =
            find(attempt.instanceId(), attempt.number())
                .filter(row -> row.state() == Attempts.State.RUNNING)
                .isEmpty();
        AttemptLogs.Chunk chunk =
            logs.follow(attempt.instanceId(), attempt.number(), file, at)
                .orElse(new AttemptLogs.Chunk("", at));
        at = chunk.next();
        if (!chunk.text().isEmpty()) {
          out.event(Long.toString(at), "log", chunk.text());
          quietSince = System.nanoTime();
        } else if (last) {
          out.event(Long.toString(at), "end", "{}");
          return;
        } else {
          if (System.nanoTime() - quietSince > HEARTBEAT_NANOS) {
            out.heartbeat();
            quietSince = System.nanoTime();
          }
          Thread.sleep(LOOK_MILLIS);
        }
      }
    };
  }

  private Object dirty(Request request) {
    int size = (int) request.number("size", 100, 1, DirtyRecordFiles.MAX_RECORDS);
    String cursor = request.query("cursor").orElse(null);
    Attempts.Row attempt = attempt(request);
    DirtyRecordFiles.Page page = dirty.page(attempt.instanceId(), attempt.number(), cursor, size);
    return new DirtyRecords(
        page.records().stream()
            .map(line -> new DirtyRecord(line.json(), line.cut(), line.settled()))
            .toList(),
        page.next());
  }
}
