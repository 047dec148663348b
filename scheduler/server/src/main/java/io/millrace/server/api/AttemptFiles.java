package io.millrace.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.Sensitive;
import io.millrace.engine.task.OpenValues;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.runner.AttemptLogs;
import io.millrace.scheduler.runner.DirtyRecordFiles;
import io.millrace.scheduler.runner.LogFile;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The logs and dirty records of one attempt, wherever they are. Blocks while it reads. */
interface AttemptFiles {

  /** A {@link LogView}. */
  LogView view(LogFile file);

  /** A whole log. */
  Answer download(LogFile file);

  /** What was added to a log since a position; empty while there is no log. */
  AttemptLogs.Chunk part(LogFile file, long from);

  /** Some {@link DirtyRecords}. */
  DirtyRecords dirty(@Nullable String cursor, int size);

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
  record DirtyRecord(String json, boolean cut, boolean settled) {

    private static final Set<String> OPEN = Set.of("type", "code", "column", "exception");

    /** Its side, code and column and what its reason says in our own words. */
    DirtyRecord withoutValues() {
      Map<String, String> open = new LinkedHashMap<>();
      try (JsonParser parser = new JsonFactory().createParser(json)) {
        parser.nextToken();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          if (OPEN.contains(name) && parser.currentToken() == JsonToken.VALUE_STRING) {
            String text = Sensitive.hidden(parser.getText());
            boolean shown = !name.equals("column") || OpenValues.isColumn(text);
            open.put(name, shown ? text : Sensitive.HIDDEN);
          }
          parser.skipChildren();
        }
      } catch (IOException e) {
        // It was cut: the values, which stand behind the rest, are what is missing.
        return new DirtyRecord(Json.text(open), cut, settled);
      }
      return new DirtyRecord(Json.text(open), cut, settled);
    }
  }

  /**
   * Some of the dirty records.
   *
   * @param next names the next part; null when this is the last one for now
   */
  record DirtyRecords(List<DirtyRecord> records, @Nullable String next) {

    /** For somebody who may see how many there are and why, but no values. */
    DirtyRecords withoutValues() {
      return new DirtyRecords(records.stream().map(DirtyRecord::withoutValues).toList(), next);
    }
  }

  /** Of this node, or of a directory that nodes share. Safe for use by several threads. */
  final class Here {
    private final AttemptLogs logs;
    private final DirtyRecordFiles dirty;

    Here(RunDirectories directories) {
      this.logs = new AttemptLogs(directories);
      this.dirty = new DirtyRecordFiles(directories);
    }

    boolean has(Attempts.Row attempt) {
      return logs.isHere(attempt.instanceId(), attempt.number());
    }

    AttemptFiles of(Attempts.Row attempt) {
      return new OfThisNode(logs, dirty, attempt);
    }
  }

  /** See {@link Here}. */
  record OfThisNode(AttemptLogs logs, DirtyRecordFiles files, Attempts.Row attempt)
      implements AttemptFiles {

    @Override
    public LogView view(LogFile file) {
      AttemptLogs.View view = found(logs.view(attempt.instanceId(), attempt.number(), file));
      return new LogView(view.text(), view.bytes(), view.trimmed());
    }

    @Override
    public Answer download(LogFile file) {
      AttemptLogs.Download download =
          found(logs.download(attempt.instanceId(), attempt.number(), file));
      return new Answer(200, Map.of(), download.content())
          .with("Content-Type", "text/plain; charset=utf-8")
          .with("Content-Length", Long.toString(download.bytes()))
          .with("Content-Disposition", "attachment; filename=" + download.name());
    }

    @Override
    public AttemptLogs.Chunk part(LogFile file, long from) {
      return logs.follow(attempt.instanceId(), attempt.number(), file, from)
          .orElse(new AttemptLogs.Chunk("", from));
    }

    @Override
    public DirtyRecords dirty(@Nullable String cursor, int size) {
      DirtyRecordFiles.Page page = files.page(attempt.instanceId(), attempt.number(), cursor, size);
      return new DirtyRecords(
          page.records().stream()
              .map(line -> new DirtyRecord(line.json(), line.cut(), line.settled()))
              .toList(),
          page.next());
    }

    private <T> T found(Optional<T> file) {
      return file.orElseThrow(
          () ->
              ProblemException.notFound(
                  "there is no such log here; the attempt ran on node " + attempt.node()));
    }
  }
}
