package io.millrace.server.api;

import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.runner.AttemptLogs;
import io.millrace.scheduler.runner.LogFile;
import io.millrace.server.event.LogTail;
import io.millrace.server.node.NodeClient;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of an attempt on another node, by its {@link NodeRoutes}.
 *
 * @param user on whose behalf they are read
 */
record RemoteFiles(NodeClient client, Attempts.Row attempt, String user) implements AttemptFiles {

  @Override
  public LogView view(LogFile file) {
    return json("/log?file=" + file, file.fileName(), LogView.class);
  }

  @Override
  public DirtyRecords dirty(@Nullable String cursor, int size) {
    String from =
        cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    return json("/dirty-records?size=" + size + from, "../dirty", DirtyRecords.class);
  }

  private <T> T json(String path, String lies, Class<T> type) {
    return client.get(wanted(path, lies), reply -> Json.answer(reply.all(), type));
  }

  @Override
  public Answer download(LogFile file) {
    return client.get(
        wanted("/log/download?file=" + file, file.fileName()),
        reply -> {
          Answer answer =
              new Answer(200, Map.of(), reply.content())
                  .with("Content-Type", "text/plain; charset=utf-8")
                  .with(
                      "Content-Disposition",
                      "attachment; filename="
                          + AttemptLogs.downloadName(attempt.instanceId(), attempt.number(), file));
          return reply.bytes() < 0
              ? answer
              : answer.with("Content-Length", Long.toString(reply.bytes()));
        });
  }

  @Override
  public AttemptLogs.Chunk part(LogFile file, long from) {
    return client.get(
        wanted("/log/part?file=" + file + "&offset=" + from, file.fileName()),
        reply -> {
          String text = new String(reply.all(), StandardCharsets.UTF_8);
          String next = reply.header(LogTail.NEXT);
          return next == null || !next.matches("[0-9]{1,18}")
              ? new AttemptLogs.Chunk("", from)
              : new AttemptLogs.Chunk(text, Long.parseLong(next));
        });
  }

  private NodeClient.Wanted wanted(String path, String lies) {
    return new NodeClient.Wanted(
        attempt.node(),
        NodeRoutes.path(attempt.instanceId(), attempt.number()) + path,
        user,
        "this attempt's file, <scheduler.runs>/"
            + attempt.instanceId()
            + "/g"
            + attempt.generation()
            + "/attempt-"
            + attempt.number()
            + "/"
            + lies);
  }
}
