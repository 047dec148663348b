package io.millrace.files.parquet;

import io.millrace.api.Cancellation;
import io.millrace.api.TaskContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.columnar.FileColumn;
import io.millrace.files.columnar.Memory;
import io.millrace.files.columnar.Plan;
import io.millrace.files.columnar.RecordFiller;
import io.millrace.files.columnar.ValueSource;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads the row groups that begin in one piece of a file. */
final class ParquetPieceReader implements PieceReader {

  private static final int READ_AHEAD = 8 << 20;
  private static final int LEAST_BLOCK = 32 << 10;
  private static final int MOST_BLOCK = 1 << 20;

  private final RandomInput in;
  private final Footer footer;
  private final RecordFiller filler;
  private final List<Opening> openings = new ArrayList<>();
  private final Cancellation cancellation;
  private final long from;
  private final long to;
  private final int blockBytes;
  private final long maxPage;
  private long position;
  private long row;
  private long left;
  private int next;

  /** Goes on in another row group with one column. */
  private record Opening(String column, Consumer<GroupPages> source) {}

  private ParquetPieceReader(ReadPiece piece, RandomInput in, Footer footer, java.time.ZoneId zone)
      throws IOException {
    TaskContext task = piece.context().task();
    this.in = in;
    this.footer = footer;
    this.cancellation = piece.context().cancellation();
    this.from = piece.piece().from();
    this.to = piece.piece().to();
    this.position = piece.firstPosition();
    this.maxPage = Memory.block(task.limits());
    this.filler = new RecordFiller(piece, sources(piece.columns(), task, zone));
    int leaves = Math.max(1, openings.size());
    this.blockBytes = Math.max(LEAST_BLOCK, Math.min(MOST_BLOCK, READ_AHEAD / leaves));
  }

  static ParquetPieceReader open(ReadPiece piece, java.time.ZoneId zone) throws IOException {
    RandomInput in = piece.file().random();
    try {
      Footer footer = Footer.read(in, Memory.block(piece.context().task().limits()));
      return new ParquetPieceReader(piece, in, footer, zone);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private List<ValueSource> sources(Columns columns, TaskContext task, java.time.ZoneId zone)
      throws IOException {
    MessageType schema = footer.schema();
    int[] places = Plan.places(columns, schema.getFields().stream().map(Type::getName).toList());
    List<ValueSource> sources = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      ColumnSource source = columns.sources().get(i);
      var target = columns.schema().field(i);
      sources.add(
          places[i] == Plan.ABSENT
              ? Plan.constant(target, source, zone)
              : Plan.delivered(column(schema, places[i], task), target, source.format(), task));
    }
    return sources;
  }

  private FileColumn column(MessageType schema, int place, TaskContext task) {
    Type type = schema.getType(place);
    if (ParquetFormat.isNested(type)) {
      long most = Math.min(Memory.block(task.limits()), 8L * task.limits().maxValueBytes());
      NestedSource nested = new NestedSource(schema, type, footer, most);
      openings.add(new Opening(type.getName(), nested::open));
      return new FileColumn(ParquetFormat.field(type, footer), nested);
    }
    ColumnDescriptor leaf = schema.getColumnDescription(new String[] {type.getName()});
    Decoder decoder = Decoders.of(type.asPrimitiveType(), footer.oldCalendar());
    FlatSource flat = FlatSource.of(leaf, decoder);
    MessageType only = new MessageType(schema.getName(), List.of(type));
    openings.add(
        new Opening(
            type.getName(),
            pages ->
                flat.open(
                    new ColumnReadStoreImpl(pages, new Unused(), only, footer.createdBy())
                        .getColumnReader(leaf))));
    return new FileColumn(decoder.field(), flat);
  }

  @Override
  public boolean read(RecordBatch into) throws IOException {
    cancellation.throwIfCancelled();
    while (!into.isFull()) {
      if (left == 0 && !nextGroup()) {
        return false;
      }
      filler.append(into, position++, this::where);
      row++;
      left--;
    }
    return true;
  }

  private String where() {
    return "row " + (row + 1);
  }

  private boolean nextGroup() throws IOException {
    List<Footer.Group> groups = footer.groups();
    while (next < groups.size()) {
      Footer.Group group = groups.get(next++);
      if (group.start() >= from && group.start() < to) {
        GroupPages pages = new GroupPages(footer, group, in, blockBytes, maxPage);
        for (Opening each : openings) {
          open(each, pages);
        }
        left = group.rows();
        return true;
      }
      row += group.rows();
    }
    return false;
  }

  private static void open(Opening opening, GroupPages pages) throws IOException {
    try {
      opening.source().accept(pages);
    } catch (RuntimeException | OutOfMemoryError e) {
      throw BrokenPages.of(opening.column(), e);
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void close() {
    in.close();
  }

  /** The column readers want somebody to give values to; they are asked for them instead. */
  private static final class Unused extends GroupConverter {

    private static final PrimitiveConverter NONE = new PrimitiveConverter() {};

    @Override
    public PrimitiveConverter getConverter(int fieldIndex) {
      return NONE;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
