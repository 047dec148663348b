package io.millrace.files.orc;

import io.millrace.api.DirtyRecords;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Screening;
import io.millrace.files.format.RecordOutput;
import io.millrace.files.store.FileFault;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.CompressionKind;
import org.apache.orc.MemoryManager;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DateColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/** Writes records into stripes, each of which is in memory until it is full. */
final class OrcOutput implements RecordOutput {

  /** What ORC's buffers of one column take at least. */
  private static final long COLUMN_COST = 64 << 10;

  /** What the statistics of one column of one stripe take until the footer is written. */
  private static final int STATISTICS_COST = 512;

  private static final int ROWS = 256;

  private final Gate gate;
  private final Writer writer;
  private final VectorizedRowBatch vectors;
  private final List<OrcEncoder> encoders = new ArrayList<>();
  private final Screening screening;
  private final long stripeBytes;
  private boolean closed;

  /**
   * @param stripeBytes bytes of memory after which a stripe is full
   */
  OrcOutput(OutputStream out, Schema source, CompressionKind compression, long stripeBytes)
      throws IOException {
    this.gate = new Gate(out);
    this.stripeBytes = Math.max(stripeBytes, source.size() * COLUMN_COST);
    TypeDescription schema = OrcTypes.schema(source);
    this.vectors = schema.createRowBatch(TypeDescription.RowBatchVersion.USE_DECIMAL64, ROWS);
    for (ColumnVector vector : vectors.cols) {
      asWritten(vector);
    }
    for (int i = 0; i < source.size(); i++) {
      encoders.add(OrcEncoders.of(source.field(i)));
    }
    this.screening = new Screening(source, encoders, true);
    Configuration settings = new Configuration();
    settings.set(OrcConf.ROWS_BETWEEN_CHECKS.getAttribute(), "1");
    Path name = new Path("output");
    OrcFile.WriterOptions options =
        OrcFile.writerOptions(settings)
            .fileSystem(new NoFiles())
            .setSchema(schema)
            .compress(compression)
            .stripeSize(this.stripeBytes)
            .blockPadding(false)
            .memory(new OwnMemory())
            .setKeyProvider(new NoKeys())
            .useUTCTimestamp(true)
            .setProlepticGregorian(true);
    options.physicalWriter(new SummedFile(new FSDataOutputStream(gate, null), options, gate.sums));
    this.writer = OrcFile.createWriter(name, options);
  }

  /** Says which calendar and zone the values of a vector are in, or they would be converted. */
  private static void asWritten(ColumnVector vector) {
    if (vector instanceof DateColumnVector dates) {
      dates.setUsingProlepticCalendar(true);
    } else if (vector instanceof TimestampColumnVector times) {
      times.setUsingProlepticCalendar(true);
      times.setIsUTC(true);
    }
  }

  @Override
  public int write(RecordBatch batch, int from, int to, DirtyRecords dirty) throws IOException {
    int written = 0;
    for (int begin = from; begin < to; begin += ROWS) {
      int end = Math.min(to, begin + ROWS);
      int good = screening.screen(batch, begin, end, dirty);
      if (good > 0) {
        fill(batch, begin, end, good);
        written += good;
      }
    }
    return written;
  }

  private void fill(RecordBatch batch, int from, int to, int good) throws IOException {
    vectors.reset();
    boolean[] bad = screening.bad();
    for (int i = 0; i < vectors.cols.length; i++) {
      ColumnVector vector = vectors.cols[i];
      var column = batch.column(i);
      OrcEncoder encoder = encoders.get(i);
      int at = 0;
      for (int row = from; row < to; row++) {
        if (bad[row - from]) {
          continue;
        }
        if (column.isNull(row)) {
          vector.noNulls = false;
          vector.isNull[at] = true;
        } else {
          vector.isNull[at] = false;
          encoder.put(column, row, vector, at);
        }
        at++;
      }
    }
    vectors.size = good;
    writer.addRowBatch(vectors);
  }

  /** A file whose footer would become too large says that it is full, whatever its size. */
  @Override
  public long buffered() {
    try {
      long footer =
          (long) writer.getStripes().size() * encoders.size() * STATISTICS_COST
              + gate.sums.entryBytes();
      return footer > stripeBytes ? Long.MAX_VALUE / 2 : writer.estimateMemory();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void finish() throws IOException {
    closed = true;
    writer.close();
    gate.flush();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gate.shut = true;
      try {
        writer.close();
      } catch (IOException | RuntimeException e) {
        return; // what it holds is garbage then
      }
    }
  }

  /** Passes bytes on until it is shut, and sums them up; is never closed. */
  private static final class Gate extends FilterOutputStream {

    private final BlockSums.Counter sums = new BlockSums.Counter();
    private boolean shut;

    Gate(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!shut) {
        sums.add(bytes, offset, length);
        out.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      if (!shut) {
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Each output keeps to its own bound, so there is nothing to share out. */
  private static final class OwnMemory implements MemoryManager {

    @Override
    public void addWriter(Path path, long requestedAllocation, Callback callback) {}

    @Override
    public void removeWriter(Path path) {}

    @Override
    @Deprecated
    public void addedRow(int rows) {}

    @Override
    public long checkMemory(long previousAllocation, Callback writer) {
      return previousAllocation;
    }
  }

  /** ORC asks for a file system even when it is given a stream. */
  private static final class NoFiles extends FileSystem {

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      throw new FileFault("nothing is read while a file is written");
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      throw new FileFault("nothing is read while a file is written");
    }
  }
}
