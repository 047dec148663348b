package io.millrace.files.columnar;

import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords;
import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Conversions.Converter;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes columns of other names and types than those that arrive. */
public final class RetypedFormat implements Format {

  private final Format format;
  private final UnaryOperator<Schema> target;
  private final TaskContext task;

  /** What is narrowed, and how many values were changed by it. */
  private final Map<String, LongAdder> narrowed = new ConcurrentSkipListMap<>();

  /**
   * @param target the columns of the files, of those that arrive; as many
   */
  public RetypedFormat(Format format, UnaryOperator<Schema> target, TaskContext task) {
    this.format = format;
    this.target = target;
    this.task = task;
  }

  @Override
  public Schema check(Schema source) {
    Schema wanted = target.apply(source);
    converters(source, wanted);
    return format.check(wanted);
  }

  @Override
  public List<String> warnings(Schema source) {
    return format.warnings(target.apply(source));
  }

  /** A converter for each column; null where values stay as they are. */
  private List<@Nullable Converter> converters(Schema source, Schema wanted) {
    refuseNarrowing(source, wanted);
    List<@Nullable Converter> converters = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      converters.add(converter(source.field(i), wanted.field(i)));
    }
    return converters;
  }

  /** Names every column at once: who mends one by one starts the task as often. */
  private void refuseNarrowing(Schema source, Schema wanted) {
    if (task.rules().narrowing() != Narrowing.REFUSE) {
      return;
    }
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      Field from = source.field(i);
      Field to = wanted.field(i);
      if (!isSame(from, to) && Narrowed.narrows(from, to)) {
        refused.add(
            "column '"
                + Sensitive.name(to.name())
                + "': the source's "
                + Narrowed.named(from)
                + " would be changed to "
                + Narrowed.named(to));
      }
    }
    if (!refused.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          String.join("; ", refused)
              + ": choose with setting narrowing (round, dirty), or give another type");
    }
  }

  private static boolean isSame(Field from, Field to) {
    return from.equals(to.withName(from.name()).withNullable(from.nullable()))
        || Conversions.isSame(from, to);
  }

  private @Nullable Converter converter(Field from, Field to) {
    if (isSame(from, to)) {
      return null;
    }
    boolean narrows = Narrowed.narrows(from, to);
    try {
      Converter exact = Conversions.converter(from, to, null, task);
      return narrows && task.rules().narrowing() == Narrowing.ROUND
          ? Narrowed.rounding(from, to, exact, task, narrowed(from, to))
          : Narrowed.exact(from, to, exact, task);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "column '"
              + Sensitive.name(to.name())
              + "': the source's "
              + Narrowed.named(from)
              + " cannot be written as "
              + Narrowed.named(to),
          e);
    }
  }

  private LongAdder narrowed(Field from, Field to) {
    String words =
        "column '"
            + Sensitive.name(to.name())
            + "': "
            + Narrowed.named(from)
            + " is narrowed to "
            + Narrowed.named(to);
    return narrowed.computeIfAbsent(words, key -> new LongAdder());
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    narrowed.forEach(
        (words, changed) ->
            remarks.add(
                words
                    + (changed.sum() > 0
                        ? ", which changed "
                            + Counted.of(changed.sum(), "value", "values")
                            + " in this attempt"
                        : "")));
    return remarks;
  }

  @Override
  public RecordOutput create(OutputStream out, Schema schema, boolean header) throws IOException {
    Schema wanted = target.apply(schema);
    List<@Nullable Converter> converters = converters(schema, wanted);
    RecordOutput output = format.create(out, wanted, header);
    boolean same = converters.stream().allMatch(each -> each == null);
    return same ? output : new Retyping(output, schema, wanted, converters);
  }

  /** Converts batches on their way. Used by one thread. */
  private static final class Retyping implements RecordOutput {

    private final RecordOutput output;
    private final Schema wanted;
    private final List<@Nullable Converter> converters;
    private final RecordBatch one;
    private final RecordBatch converted;

    Retyping(
        RecordOutput output, Schema source, Schema wanted, List<@Nullable Converter> converters) {
      this.output = output;
      this.wanted = wanted;
      this.converters = converters;
      this.one = new RecordBatch(source, Integer.MAX_VALUE, 1);
      this.converted = new RecordBatch(wanted, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public int write(RecordBatch batch, int from, int to, DirtyRecords dirty) throws IOException {
      converted.clear();
      int[] rows = new int[to - from];
      for (int row = from; row < to; row++) {
        DirtyRecords.Reason wrong = append(batch, row);
        if (wrong == null) {
          rows[converted.size()] = row;
          converted.endRecord(batch.position(row));
        } else {
          converted.discardRecord();
          dirty.add(batch, row, wrong);
        }
      }
      return output.write(
          converted,
          0,
          converted.size(),
          new DirtyRecords() {
            @Override
            public void add(RecordBatch other, int row, Reason reason) {
              dirty.add(batch, rows[row], reason);
            }

            @Override
            public void add(long position, List<RawValue> values, Reason reason) {
              dirty.add(position, values, reason);
            }
          });
    }

    private DirtyRecords.@Nullable Reason append(RecordBatch batch, int row) {
      for (int i = 0; i < converters.size(); i++) {
        Converter converter = converters.get(i);
        Column source = batch.column(i);
        Column into = converted.column(i);
        if (source.isNull(row)) {
          into.appendNull();
        } else if (converter == null) {
          into.appendFrom(source, row);
        } else {
          one.clear();
          one.column(i).appendFrom(source, row);
          String wrong = converter.convert(one.column(i), into);
          if (wrong != null) {
            String name = wanted.field(i).name();
            return new DirtyRecords.Reason("NOT_HELD", name + ": " + wrong, name);
          }
        }
      }
      return null;
    }

    @Override
    public long buffered() {
      return output.buffered();
    }

    @Override
    public void finish() throws IOException {
      output.finish();
    }

    @Override
    public void close() {
      output.close();
    }
  }

  @Override
  public Schema discover(FileInput file) throws IOException {
    return format.discover(file);
  }

  @Override
  public Cut cut(FileInput file, long pieceBytes) throws IOException {
    return format.cut(file, pieceBytes);
  }

  @Override
  public PieceReader open(ReadPiece piece) throws IOException {
    return format.open(piece);
  }

  @Override
  public String suffix() {
    return format.suffix();
  }

  @Override
  public @Nullable String whyNotJoined() {
    return format.whyNotJoined();
  }
}
