package io.millrace.files.orc;

import io.millrace.api.Cancellation;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.columnar.Assembly;
import io.millrace.files.columnar.FileColumn;
import io.millrace.files.columnar.JsonTree;
import io.millrace.files.columnar.Memory;
import io.millrace.files.columnar.Plan;
import io.millrace.files.columnar.RecordFiller;
import io.millrace.files.columnar.ValueSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;

/** Reads the stripes that begin in one piece of a file. */
final class OrcPieceReader implements PieceReader {

  private static final int MOST_ROWS = 1024;

  /** What the values of one vector may take, as far as it can be told before. */
  private static final long VECTOR_BYTES = 4 << 20;

  /** How much smaller values are in a file than in memory, at a guess. */
  private static final int UNFOLDING = 8;

  private final Reader file;
  private final RecordReader records;
  private final TypeDescription schema;
  private final RecordFiller filler;
  private final Cancellation cancellation;
  private final long left;
  private VectorizedRowBatch vectors;
  private long position;
  private long row;
  private int at;

  private OrcPieceReader(ReadPiece piece, Reader file, ZoneId zone) throws IOException {
    TaskContext task = piece.context().task();
    this.file = file;
    this.schema = file.getSchema();
    this.cancellation = piece.context().cancellation();
    this.position = piece.firstPosition();
    if (schema.getCategory() != TypeDescription.Category.STRUCT) {
      throw new IOException("its records have no columns, they are a " + schema);
    }
    Columns columns = piece.columns();
    int[] places = Plan.places(columns, schema.getFieldNames());
    long from = piece.piece().from();
    this.left = rows(file, from, piece.piece().to());
    boolean[] include = new boolean[schema.getMaximumId() + 1];
    include[0] = true;
    List<ValueSource> sources = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      Field target = columns.schema().field(i);
      var source = columns.sources().get(i);
      if (places[i] == Plan.ABSENT) {
        sources.add(Plan.constant(target, source, zone));
        continue;
      }
      TypeDescription type = schema.getChildren().get(places[i]);
      for (int id = type.getId(); id <= type.getMaximumId(); id++) {
        include[id] = true;
      }
      FileColumn column = column(places[i], type, task);
      sources.add(Plan.delivered(column, target, source.format(), zone));
    }
    this.filler = new RecordFiller(piece, sources);
    this.vectors =
        schema.createRowBatch(TypeDescription.RowBatchVersion.USE_DECIMAL64, rowsAtOnce());
    this.records =
        file.rows(file.options().include(include).range(from, piece.piece().to() - from));
  }

  static OrcPieceReader open(ReadPiece piece, ZoneId zone) throws IOException {
    Reader file = OrcFiles.open(piece.file(), Memory.block(piece.context().task().limits()));
    try {
      return new OrcPieceReader(piece, file, zone);
    } catch (MillraceException e) {
      file.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw OrcFiles.broken("", e);
    }
  }

  private static long rows(Reader file, long from, long to) {
    long rows = 0;
    for (StripeInformation stripe : file.getStripes()) {
      if (stripe.getOffset() >= from && stripe.getOffset() < to) {
        rows += stripe.getNumberOfRows();
      }
    }
    return rows;
  }

  /** Few rows where records are large, so that a vector of them is not. */
  private int rowsAtOnce() {
    long bytes = 0;
    for (StripeInformation stripe : file.getStripes()) {
      bytes += stripe.getDataLength();
    }
    long each = Math.max(1, bytes / Math.max(1, file.getNumberOfRows())) * UNFOLDING;
    return (int) Math.max(1, Math.min(MOST_ROWS, VECTOR_BYTES / each));
  }

  private FileColumn column(int place, TypeDescription type, TaskContext task) {
    Field field = OrcTypes.field(schema.getFieldNames().get(place), type);
    if (type.getCategory().isPrimitive()) {
      OrcSources.Decoder decoder = OrcSources.of(type, field);
      return new FileColumn(field, into -> flat(place, decoder, into));
    }
    long most = Math.min(Memory.block(task.limits()), 8L * task.limits().maxValueBytes());
    Assembly assembly = new Assembly(most);
    OrcJson json = OrcJson.of(type, assembly);
    Field nested = Field.of(field.name(), ColumnType.JSON);
    return new FileColumn(nested, into -> nested(place, json, assembly, into));
  }

  private @Nullable String flat(int place, OrcSources.Decoder decoder, Column into) {
    ColumnVector vector = vectors.cols[place];
    int own = vector.isRepeating ? 0 : at;
    if (!vector.noNulls && vector.isNull[own]) {
      into.appendNull();
      return null;
    }
    return decoder.append(vector, own, into);
  }

  private @Nullable String nested(int place, OrcJson json, Assembly assembly, Column into) {
    assembly.reset();
    Object node = json.node(vectors.cols[place], at);
    String fault = assembly.fault();
    if (fault != null) {
      return fault;
    }
    if (node == null) {
      into.appendNull();
    } else {
      ((BytesColumn) into).append(JsonTree.text(node));
    }
    return null;
  }

  @Override
  public boolean read(RecordBatch into) throws IOException {
    cancellation.throwIfCancelled();
    try {
      while (!into.isFull()) {
        if (at == vectors.size && !nextVectors()) {
          return false;
        }
        filler.append(into, position++, this::where);
        at++;
        row++;
      }
      return true;
    } catch (MillraceException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw OrcFiles.broken("near its row " + (row + 1) + " in this piece it is broken: ", e);
    }
  }

  private String where() throws IllegalStateException {
    return "row " + (row + 1) + " of its piece";
  }

  private boolean nextVectors() throws IOException {
    at = 0;
    vectors.size = 0;
    if (row == left) {
      return false;
    }
    boolean more;
    try {
      more = records.nextBatch(vectors);
    } catch (OutOfMemoryError e) {
      more = oneRow();
    } catch (IOException e) {
      // What ORC says when the lengths of one vector's values do not fit into a number.
      if (vectors.getMaxSize() == 1 || !String.valueOf(e.getMessage()).startsWith("totalLength")) {
        throw e;
      }
      more = oneRow();
    }
    if (!more) {
      throw new IOException(
          "its stripes end after " + row + " of " + left + " rows of this piece: it is broken");
    }
    if (vectors.size > left - row) {
      throw new IOException("its stripes have more rows than its footer says: it is broken");
    }
    return true;
  }

  /** Goes on row by row: the values of several do not fit into memory at once. */
  private boolean oneRow() throws IOException {
    if (vectors.getMaxSize() > 1) {
      long next = records.getRowNumber();
      vectors = schema.createRowBatch(TypeDescription.RowBatchVersion.USE_DECIMAL64, 1);
      try {
        records.seekToRow(next);
        return records.nextBatch(vectors);
      } catch (OutOfMemoryError e) {
        throw tooLarge();
      }
    }
    throw tooLarge();
  }

  private static IOException tooLarge() {
    return new IOException("a value or a dictionary asks for more memory than there is");
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    try {
      records.close();
    } finally {
      file.close();
    }
  }
}
