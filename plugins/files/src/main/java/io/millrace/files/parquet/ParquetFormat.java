package io.millrace.files.parquet;

import io.millrace.api.TaskContext;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Memory;
import io.millrace.files.columnar.Plan;
import io.millrace.files.format.Columns;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.format.Piece;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.format.RecordOutput;
import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/** Parquet. */
public final class ParquetFormat implements Format {

  private final PageCodec codec;
  private final TaskContext task;
  private final long groupBytes;

  /**
   * @param codec for files that are written; those that are read say it themselves
   */
  public ParquetFormat(PageCodec codec, TaskContext task) {
    this(codec, task, Memory.group(task.limits()));
  }

  /**
   * @param groupBytes bytes of memory after which a row group that is written is full
   */
  public ParquetFormat(PageCodec codec, TaskContext task, long groupBytes) {
    this.codec = codec;
    this.task = task;
    this.groupBytes = groupBytes;
  }

  /**
   * The columns that a schema in parquet's own words asks for.
   *
   * @throws IllegalArgumentException when it is none, or has a type that is not written
   */
  public static Schema columns(String parquetSchema) {
    return ParquetTypes.parse(parquetSchema);
  }

  /**
   * The names of the columns of a schema in parquet's own words, whatever their types.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static List<String> names(String parquetSchema) {
    return ParquetTypes.message(parquetSchema).getFields().stream().map(Type::getName).toList();
  }

  private Footer footer(FileInput file) throws IOException {
    try (RandomInput in = file.random()) {
      return Footer.read(in, Memory.block(task.limits()));
    }
  }

  @Override
  public Schema discover(FileInput file) throws IOException {
    Footer footer = footer(file);
    List<Field> fields = new ArrayList<>();
    for (Type type : footer.schema().getFields()) {
      // What one file promises, another need not keep.
      fields.add(field(type, footer).withNullable(true));
    }
    return new Schema(fields);
  }

  static boolean isNested(Type type) {
    return !type.isPrimitive() || type.isRepetition(Repetition.REPEATED);
  }

  /** What a column of a file is in records. */
  static Field field(Type type, Footer footer) {
    if (isNested(type)) {
      return Field.of(type.getName(), ColumnType.JSON)
          .withNullable(type.isRepetition(Repetition.OPTIONAL));
    }
    return Decoders.of(type.asPrimitiveType(), footer.oldCalendar()).field();
  }

  @Override
  public void requireColumns(FileInput file, Columns columns) throws IOException {
    Plan.places(columns, footer(file).schema().getFields().stream().map(Type::getName).toList());
  }

  @Override
  public Cut cut(FileInput file, long pieceBytes) throws IOException {
    List<Footer.Group> groups = footer(file).groups();
    List<Long> starts = new ArrayList<>(List.of(0L));
    long begun = groups.isEmpty() ? 0 : groups.get(0).start();
    for (Footer.Group group : groups) {
      if (group.start() > begun && group.start() - begun >= pieceBytes) {
        starts.add(group.start());
        begun = group.start();
      }
    }
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      long end = i + 1 < starts.size() ? starts.get(i + 1) : file.size();
      pieces.add(new Piece(starts.get(i), end, true, 0));
    }
    return new Cut(
        pieces, groups.size() < 2 ? "kept whole: one row group" : "between its row groups");
  }

  @Override
  public PieceReader open(ReadPiece piece) throws IOException {
    return ParquetPieceReader.open(piece, task.zone());
  }

  @Override
  public Schema check(Schema source) {
    return ParquetTypes.check(source);
  }

  @Override
  public List<String> warnings(Schema source) {
    return ParquetTypes.warnings(source);
  }

  @Override
  public RecordOutput create(OutputStream out, Schema schema, boolean header) throws IOException {
    return new ParquetOutput(out, schema, codec, groupBytes);
  }

  @Override
  public String suffix() {
    return ".parquet";
  }

  @Override
  public @Nullable String whyNotJoined() {
    return "a parquet file ends in a footer of its own, so parts cannot be put together";
  }
}
