package io.millrace.files.orc;

import io.millrace.api.Cancellation;
import io.millrace.api.DirtyRecords.RawValue;
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
import io.millrace.files.format.RawValues;
import io.millrace.files.format.ReadPiece;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.jspecify.annotations.Nullable;

/** Reads the stripes that begin in one piece of a file. */
final class OrcPieceReader implements PieceReader {

  private static final int MOST_ROWS = 1024;

  /** What the values of one vector may take, as far as it can be told before. */
  private static final long VECTOR_BYTES = 4 << 20;

  /** How much smaller values are in a file than in memory, at a guess. */
  private static final int UNFOLDING = 8;

  private final OrcInput file;
  private final OrcStripes stripes;
  private final TypeDescription schema;
  private final RecordFiller filler;
  private final Cancellation cancellation;
  private long position;
  private long row;
  private int at;

  private OrcPieceReader(ReadPiece piece, OrcInput file, ZoneId zone) throws IOException {
    TaskContext task = piece.context().task();
    this.file = file;
    this.schema = file.tail().getSchema();
    this.cancellation = piece.context().cancellation();
    this.position = piece.firstPosition();
    Columns columns = piece.columns();
    int[] places = Plan.places(columns, schema.getFieldNames());
    boolean[] chosen = new boolean[schema.getChildren().size()];
    List<ValueSource> sources = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      Field target = columns.schema().field(i);
      var source = columns.sources().get(i);
      if (places[i] == Plan.ABSENT) {
        sources.add(Plan.constant(target, source, zone));
        continue;
      }
      TypeDescription type = schema.getChildren().get(places[i]);
      chosen[places[i]] = true;
      FileColumn column = column(places[i], type, task);
      sources.add(Plan.delivered(column, target, source.format(), task));
    }
    this.filler = new RecordFiller(piece, sources);
    this.stripes =
        new OrcStripes(file, chosen, piece.piece(), rowsAtOnce(), Memory.block(task.limits()));
  }

  static OrcPieceReader open(ReadPiece piece, ZoneId zone) throws IOException {
    OrcInput file = OrcInput.open(piece.file(), Memory.block(piece.context().task().limits()));
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

  /** Few rows where records are large, so that a vector of them is not. */
  private int rowsAtOnce() {
    long bytes = 0;
    for (StripeInformation stripe : file.tail().getStripes()) {
      bytes += stripe.getDataLength();
    }
    long each = Math.max(1, bytes / Math.max(1, file.tail().getNumberOfRows())) * UNFOLDING;
    return (int) Math.max(1, Math.min(MOST_ROWS, VECTOR_BYTES / each));
  }

  private FileColumn column(int place, TypeDescription type, TaskContext task) {
    Field field = OrcTypes.field(schema.getFieldNames().get(place), type);
    if (type.getCategory().isPrimitive()) {
      OrcSources.Decoder decoder = OrcSources.of(type, field);
      return new FileColumn(field, new Flat(place, field, decoder));
    }
    long most = Math.min(Memory.block(task.limits()), 8L * task.limits().maxValueBytes());
    Assembly assembly = new Assembly(most);
    OrcJson json = OrcJson.of(type, assembly);
    Field nested = Field.of(field.name(), ColumnType.JSON);
    return new FileColumn(nested, new Nested(place, json, assembly));
  }

  /** The values of a column that is not nested. */
  private final class Flat implements ValueSource {

    private final int place;
    private final Field field;
    private final OrcSources.Decoder decoder;
    private RawValue rejected = RawValues.lost("UNKNOWN");

    Flat(int place, Field field, OrcSources.Decoder decoder) {
      this.place = place;
      this.field = field;
      this.decoder = decoder;
    }

    @Override
    public @Nullable String next(Column into) throws IOException {
      ColumnVector vector = stripes.vectors().cols[place];
      int own = vector.isRepeating ? 0 : at;
      if (!vector.noNulls && vector.isNull[own]) {
        into.appendNull();
        return null;
      }
      try {
        String wrong = decoder.append(vector, own, into);
        if (wrong != null) {
          rejected = OrcSources.rejected(field, vector, own);
        }
        return wrong;
      } catch (IndexOutOfBoundsException e) {
        throw stripes.broken(place, e); // a damaged file has values where there is nothing
      }
    }

    @Override
    public RawValue rejected() {
      return rejected;
    }
  }

  /** The values of a nested column, as JSON. */
  private final class Nested implements ValueSource {

    private final int place;
    private final OrcJson json;
    private final Assembly assembly;
    private RawValue rejected = RawValues.lost("JSON");

    Nested(int place, OrcJson json, Assembly assembly) {
      this.place = place;
      this.json = json;
      this.assembly = assembly;
    }

    @Override
    public @Nullable String next(Column into) throws IOException {
      assembly.reset();
      Object node;
      try {
        node = json.node(stripes.vectors().cols[place], at);
      } catch (IndexOutOfBoundsException e) {
        throw stripes.broken(place, e);
      }
      String fault = assembly.fault();
      if (fault != null) {
        rejected = assembly.rejected(node);
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
    public RawValue rejected() {
      return rejected;
    }
  }

  @Override
  public boolean read(RecordBatch into) throws IOException {
    cancellation.throwIfCancelled();
    while (!into.isFull()) {
      if (at == stripes.vectors().size && !nextVectors()) {
        return false;
      }
      filler.append(into, position++, this::where);
      at++;
      row++;
    }
    return true;
  }

  private String where() {
    return "row " + (row + 1) + " of its piece";
  }

  private boolean nextVectors() throws IOException {
    at = 0;
    return stripes.next();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void close() {
    file.close();
  }
}
