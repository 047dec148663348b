package io.millrace.mysql.read;

import io.millrace.api.Cancellation;
import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.testkit.server.TestServer;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A reader as the engine would use it, and what it says meanwhile. */
final class Reading implements AutoCloseable, ReadContext {

  final List<String> infos = new CopyOnWriteArrayList<>();
  final List<String> warnings = new CopyOnWriteArrayList<>();
  final List<String> dirty = new CopyOnWriteArrayList<>();
  final List<List<DirtyRecords.RawValue>> dirtyValues = new CopyOnWriteArrayList<>();
  final ManualCancellation cancellation = new ManualCancellation();
  final Reader reader;

  /** What the task writes to; null for a preview. */
  @Nullable Schema target;

  private final TaskContext task;

  private Reading(Map<String, Object> options, TaskContext task) {
    this.task = task;
    MySqlReaderFactory factory = new MySqlReaderFactory();
    Options.Checked checked = Options.check(factory.options(), options);
    if (!checked.problems().isEmpty() || !checked.unknown().isEmpty()) {
      throw new IllegalArgumentException(checked.problems() + " " + checked.unknown());
    }
    this.reader = factory.create(checked.options(), task);
  }

  /** A reader in a zone that is neither the server's nor the JVM's. */
  static Reading of(TestServer server, String database, Object... keysAndValues) {
    return of(server, database, TaskContext.Limits.DEFAULT, keysAndValues);
  }

  static Reading of(
      TestServer server, String database, TaskContext.Limits limits, Object... keysAndValues) {
    return of(server, database, limits, ZoneId.of("Europe/Berlin"), keysAndValues);
  }

  static Reading of(
      TestServer server,
      String database,
      TaskContext.Limits limits,
      ZoneId zone,
      Object... keysAndValues) {
    return of(
        server, database, new TaskContext("test", zone, Clock.systemUTC(), limits), keysAndValues);
  }

  static Reading of(
      TestServer server, String database, TaskContext.Rules rules, Object... keysAndValues) {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    TaskContext.Limits limits = TaskContext.Limits.DEFAULT;
    return of(
        server,
        database,
        new TaskContext("test", zone, Clock.systemUTC(), limits, rules),
        keysAndValues);
  }

  private static Reading of(
      TestServer server, String database, TaskContext task, Object... keysAndValues) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("jdbcUrl", server.jdbcUrl(database));
    options.put("username", server.user());
    options.put("password", server.password());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      options.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Reading(options, task);
  }

  Schema schema() {
    return reader.schema(this);
  }

  SplitPlan plan(int channels) {
    return reader.split(new SplitRequest(channels), this);
  }

  /** All records as texts, in the order of the splits. */
  List<List<String>> rows(int channels) {
    List<List<String>> rows = new ArrayList<>();
    for (Split split : plan(channels).splits()) {
      rows.addAll(rows(split));
    }
    return rows;
  }

  /** The only record. */
  List<String> row() {
    List<List<String>> rows = rows(1);
    if (rows.size() != 1) {
      throw new AssertionError("one row expected, found " + rows);
    }
    return rows.get(0);
  }

  List<List<String>> rows(Split split) {
    List<List<String>> rows = new ArrayList<>();
    RecordBatch batch = batch();
    try (SplitReader splitReader = reader.open(split, this)) {
      boolean more;
      do {
        more = splitReader.read(batch);
        RecordView view = new RecordView(batch);
        while (view.next()) {
          String[] row = new String[batch.schema().size()];
          for (int i = 0; i < row.length; i++) {
            row[i] = view.text(i);
          }
          rows.add(Arrays.asList(row));
        }
        batch.clear();
      } while (more);
    }
    return rows;
  }

  RecordBatch batch() {
    return new RecordBatch(schema(), task.limits().batchBytes(), task.limits().batchRows());
  }

  @Override
  public DirtyRecords dirty() {
    return new DirtyRecords() {
      @Override
      public void add(RecordBatch batch, int row, Reason reason) {
        dirty.add(reason.toString());
      }

      @Override
      public void add(long position, List<RawValue> values, Reason reason) {
        dirty.add(position + " " + reason);
        dirtyValues.add(values);
      }
    };
  }

  @Override
  public @Nullable Schema target() {
    return target;
  }

  @Override
  public TaskContext task() {
    return task;
  }

  @Override
  public StageLog log() {
    return new StageLog() {
      @Override
      public void info(String line) {
        infos.add(Sensitive.plain(line));
      }

      @Override
      public void warn(String line) {
        warnings.add(Sensitive.plain(line));
      }
    };
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public void close() {
    reader.close();
  }
}
