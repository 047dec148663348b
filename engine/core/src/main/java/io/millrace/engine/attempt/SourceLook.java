package io.millrace.engine.attempt;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.SourceSpec;
import io.millrace.engine.task.TaskSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A look at what a task would read: its columns, and its first records as text. Writes nothing,
 * anywhere. Used by one thread, but for {@link #cancel}.
 */
public final class SourceLook implements AutoCloseable {

  private static final int BATCH_RECORDS = 64;
  private static final int MOST_NOTES = 50;

  private final Reader reader;
  private final TaskContext context;
  private final Bounds bounds;
  private final int taskValueBytes;
  private final CancellationSource cancellation = new CancellationSource();
  private final List<String> notes = new ArrayList<>();
  private final StageLog log = new WarningLines(this::note);

  private SourceLook(SourceSpec source, Connectors connectors, Bounds bounds, Clock clock) {
    TaskSettings settings = source.settings();
    this.bounds = bounds;
    this.taskValueBytes = settings.maxValueBytes();
    this.context =
        Contexts.of(
            source.name(),
            settings
                .withChannels(1)
                .withSizes(settings.batchBytes(), Math.min(taskValueBytes, bounds.valueBytes())),
            connectors,
            clock);
    List<String> unknown = new ArrayList<>();
    this.reader = Ends.reader(source, connectors, context, unknown);
    unknown.forEach(this::note);
  }

  /**
   * Makes the reader; connects to nothing yet.
   *
   * @throws MillraceException that names every wrong option at once
   */
  public static SourceLook of(
      SourceSpec source, Connectors connectors, Bounds bounds, Clock clock) {
    return new SourceLook(source, connectors, bounds, clock);
  }

  /**
   * What keeps a look small, whatever is looked at.
   *
   * @param records the most records, and the most dirty records
   * @param characters above so many a value is cut
   * @param allCharacters the look ends once its values have so many together
   * @param valueBytes above so many bytes a value makes its record dirty, also where the task takes
   *     more
   */
  public record Bounds(int records, int characters, long allCharacters, int valueBytes) {}

  /**
   * What was seen.
   *
   * @param records values as canonical text, null for NULL
   * @param cut which of the values are not whole
   * @param dirty one reason for each record that could not be read
   * @param notes what the reader warned of, and why the look ended early
   */
  public record Seen(
      Schema columns,
      List<List<@Nullable String>> records,
      List<Cut> cut,
      List<String> dirty,
      List<String> notes) {}

  /**
   * A value of which only the beginning is there.
   *
   * @param record counted from 0
   * @param column counted from 0
   * @param bytes how many the whole value has
   */
  public record Cut(int record, int column, long bytes) {}

  /** The columns alone. */
  public Seen columns() {
    Schema columns = Ends.schema(reader, new CallContext(context, log, cancellation));
    return new Seen(columns, List.of(), List.of(), List.of(), List.copyOf(notes));
  }

  /** The columns and the first records. */
  public Seen records() {
    CallContext call = new CallContext(context, log, cancellation);
    Schema columns = Ends.schema(reader, call);
    reader.prepare(call);
    SplitPlan plan = reader.split(new SplitRequest(1), call);
    SeenRecords seen = new SeenRecords(bounds);
    for (Split split : plan.splits()) {
      if (seen.isEnough()) {
        break;
      }
      read(split, columns, seen);
    }
    seen.notes().forEach(this::note);
    if (!seen.dirty().isEmpty() && bounds.valueBytes() < taskValueBytes) {
      note(
          String.format(
              Locale.ROOT,
              "a look takes values of up to %,d bytes, a run of this task of up to %,d",
              bounds.valueBytes(),
              taskValueBytes));
    }
    return new Seen(columns, seen.records(), seen.cut(), seen.dirty(), List.copyOf(notes));
  }

  private void read(Split split, Schema columns, SeenRecords seen) {
    try (SplitReader open = reader.open(split, new LookContext(seen))) {
      RecordBatch batch =
          new RecordBatch(
              columns, context.limits().batchBytes(), Math.min(bounds.records(), BATCH_RECORDS));
      boolean more = true;
      while (more && !seen.isEnough()) {
        try {
          more = open.read(batch);
        } catch (MillraceException e) {
          if (e.errorCode() != StandardError.DIRTY_LIMIT) {
            throw e;
          }
          more = false;
        }
        seen.take(batch);
        batch.clear();
      }
    }
  }

  private void note(String line) {
    if (notes.size() < MOST_NOTES) {
      notes.add(line);
    }
  }

  /** Unblocks a call in progress; from any thread. */
  public void cancel(String reason) {
    cancellation.cancel(reason);
  }

  @Override
  public void close() {
    reader.close();
  }

  private final class LookContext implements ReadContext {
    private final SeenRecords seen;

    LookContext(SeenRecords seen) {
      this.seen = seen;
    }

    @Override
    public TaskContext task() {
      return context;
    }

    @Override
    public StageLog log() {
      return log;
    }

    @Override
    public CancellationSource cancellation() {
      return cancellation;
    }

    @Override
    public DirtyRecords dirty() {
      return seen;
    }

    @Override
    public @Nullable Schema target() {
      return null;
    }
  }
}
