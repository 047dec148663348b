package io.millrace.files.orc;

import io.millrace.api.error.MillraceException;
import io.millrace.files.columnar.OneLine;
import io.millrace.files.format.Piece;
import io.millrace.files.store.FileFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.impl.SchemaEvolution;
import org.apache.orc.impl.TreeReaderFactory;
import org.apache.orc.impl.reader.ReaderEncryption;
import org.apache.orc.impl.reader.tree.TypeReader;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the stripes that begin in one piece of a file, one after another, and looks whether what
 * comes out is what the file says of itself. Used by one thread.
 */
final class OrcStripes {

  private static final TypeReader.ReadPhase ALL = TypeReader.ReadPhase.ALL;

  private final OrcInput file;
  private final TypeDescription schema;
  private final boolean[] include;
  private final List<Column> columns = new ArrayList<>();
  private final List<StripeInformation> stripes;
  private final long to;
  private final long room;
  private VectorizedRowBatch vectors;
  private int next;
  private @Nullable OrcStripe stripe;
  private @Nullable StripeStatistics statistics;
  private long read;
  private long left;

  /** One column that is chosen, with its decoder. */
  private static final class Column {

    private final int place;
    private final String name;
    private final TypeDescription type;
    private final TypeReader decoder;
    private @Nullable ColumnTally tally;

    Column(int place, String name, TypeDescription type, TypeReader decoder) {
      this.place = place;
      this.name = name;
      this.type = type;
      this.decoder = decoder;
    }
  }

  /**
   * @param places the columns to read, by their number in the file
   * @param rowsAtOnce rows of one vector at most
   * @param room bytes of a stripe that may be held as they are in the file
   */
  OrcStripes(OrcInput file, boolean[] places, Piece piece, int rowsAtOnce, long room)
      throws IOException {
    this.file = file;
    this.schema = file.tail().getSchema();
    this.to = piece.to();
    this.room = room;
    this.stripes = file.tail().getStripes();
    this.include = new boolean[schema.getMaximumId() + 1];
    include[0] = true;
    for (int place = 0; place < places.length; place++) {
      TypeDescription type = schema.getChildren().get(place);
      for (int id = type.getId(); places[place] && id <= type.getMaximumId(); id++) {
        include[id] = true;
      }
    }
    TreeReaderFactory.StructTreeReader root = decoders();
    for (int place = 0; place < places.length; place++) {
      if (places[place]) {
        columns.add(
            new Column(
                place,
                schema.getFieldNames().get(place),
                schema.getChildren().get(place),
                root.fields[place]));
      }
    }
    this.vectors = vectors(rowsAtOnce);
    while (next < stripes.size() && stripes.get(next).getOffset() < piece.from()) {
      next++;
    }
  }

  private TreeReaderFactory.StructTreeReader decoders() throws IOException {
    Reader tail = file.tail();
    TreeReaderFactory.ReaderContext context =
        new TreeReaderFactory.ReaderContext()
            .setSchemaEvolution(new SchemaEvolution(schema, null, tail.options().include(include)))
            .fileFormat(tail.getFileVersion())
            .useUTCTimestamp(true)
            .setProlepticGregorian(tail.writerUsedProlepticGregorian(), true)
            .setEncryption(new ReaderEncryption());
    return (TreeReaderFactory.StructTreeReader) TreeReaderFactory.createTreeReader(schema, context);
  }

  private VectorizedRowBatch vectors(int rows) {
    return schema.createRowBatch(TypeDescription.RowBatchVersion.USE_DECIMAL64, rows);
  }

  /** What was read last; another object after some calls of {@link #next}. */
  VectorizedRowBatch vectors() {
    return vectors;
  }

  /**
   * Reads the next rows.
   *
   * @return false when there are none
   * @throws IOException one line: which column of which stripe is broken, and how
   */
  boolean next() throws IOException {
    vectors.size = 0;
    while (left == 0) {
      finish();
      if (next == stripes.size() || stripes.get(next).getOffset() >= to) {
        return false;
      }
      left = stripes.get(next++).getNumberOfRows();
      read = 0;
      if (left > 0 && !columns.isEmpty()) {
        start();
      }
    }
    try {
      decode();
    } catch (OutOfMemoryError e) {
      goOnRowByRow();
    }
    return true;
  }

  private void start() throws IOException {
    try {
      stripe = new OrcStripe(file, stripes.get(next - 1), include, room);
    } catch (IOException | RuntimeException e) {
      throw broken("its footer", e);
    } catch (OutOfMemoryError e) {
      throw broken("its footer", tooLarge());
    }
    for (Column column : columns) {
      try {
        column.decoder.startStripe(stripe, ALL);
      } catch (IOException | RuntimeException e) {
        throw broken(column, e);
      } catch (OutOfMemoryError e) {
        throw broken(column, tooLarge());
      }
      column.tally =
          file.summed()
              ? null
              : new ColumnTally(column.type, file.tail().writerUsedProlepticGregorian());
    }
  }

  private void decode() throws IOException {
    int rows = (int) Math.min(left, vectors.getMaxSize());
    for (Column column : columns) {
      try {
        ColumnVector vector = vectors.cols[column.place];
        vector.reset();
        vector.ensureSize(rows, false);
        column.decoder.nextVector(vector, null, rows, vectors, ALL);
        if (column.tally != null) {
          column.tally.add(vector, rows);
        }
      } catch (IOException | RuntimeException e) {
        // What ORC says when the lengths of one vector's values do not fit into a number.
        if (vectors.getMaxSize() > 1 && String.valueOf(e.getMessage()).startsWith("totalLength")) {
          goOnRowByRow();
          return;
        }
        throw broken(column, e);
      }
    }
    vectors.size = rows;
    read += rows;
    left -= rows;
  }

  /** The values of several rows do not fit into memory at once. */
  private void goOnRowByRow() throws IOException {
    if (vectors.getMaxSize() == 1) {
      throw broken("a value of it", tooLarge());
    }
    stripe = null;
    vectors = vectors(1);
    start();
    for (Column column : columns) {
      try {
        column.tally = null;
        column.decoder.skipRows(read, ALL);
      } catch (IOException | RuntimeException e) {
        throw broken(column, e);
      }
    }
    try {
      decode();
    } catch (OutOfMemoryError e) {
      throw broken("a value of it", tooLarge());
    }
  }

  private static IOException tooLarge() {
    return new FileFault("it asks for more memory than there is: raise the heap");
  }

  /** Compares a stripe that was read to its end with what the file says of it. */
  private void finish() throws IOException {
    OrcStripe ended = stripe;
    stripe = null;
    if (ended == null) {
      return;
    }
    for (Column column : columns) {
      try {
        ended.requireEnd(column.type);
      } catch (IOException | RuntimeException e) {
        throw broken(column, e);
      }
    }
    if (file.summed()) {
      return;
    }
    List<OrcProto.ColumnStatistics> said;
    try {
      if (statistics == null) {
        statistics = file.statistics();
      }
      said = statistics.of(next - 1);
    } catch (IOException | RuntimeException e) {
      throw broken("what the file says of it", e);
    }
    // Without indexes ORC counts nothing, and says so of the rows as well.
    if (said.size() <= schema.getMaximumId() || said.get(0).getNumberOfValues() != read) {
      return;
    }
    for (Column column : columns) {
      if (column.tally != null) {
        String difference = column.tally.difference(said.get(column.type.getId()));
        if (difference != null) {
          throw broken(column, new IOException(difference));
        }
      }
    }
  }

  /** One line: a value of a column, by its number in the file, is not to be had. */
  IOException broken(int place, RuntimeException e) {
    return broken("its column '" + schema.getFieldNames().get(place) + "'", e);
  }

  private IOException broken(Column column, Exception e) {
    return broken("its column '" + column.name + "'", e);
  }

  private IOException broken(String what, Exception e) {
    if (e instanceof FileRange.Unread unread) {
      return unread.getCause();
    }
    if (e instanceof MillraceException told) {
      throw told;
    }
    String message = e.getMessage();
    String why =
        e instanceof RuntimeException || message == null
            ? "its parts do not fit together (" + e.getClass().getSimpleName() + ")"
            : OneLine.of(message);
    return new IOException(
        "its stripe "
            + next
            + " of "
            + stripes.size()
            + " is damaged: "
            + what
            + (read > 0 ? ", near row " + read + " of the stripe" : "")
            + ": "
            + why
            + "; write the file again",
        e);
  }
}
