package io.millrace.files.orc;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.impl.PhysicalFsWriter;
import org.apache.orc.impl.writer.WriterEncryptionVariant;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/** Files written and read by ORC's own library, with nothing of Millrace between. */
final class PlainOrc {

  private final Path path;

  PlainOrc(Path path) {
    this.path = path;
  }

  /** Puts one row into its vectors; {@code at} is its place in them, {@code row} its number. */
  @FunctionalInterface
  interface Row {
    void put(VectorizedRowBatch vectors, int at, int row);
  }

  /** Writes rows with the library's default settings, but for what the options change. */
  void write(
      TypeDescription schema, int rows, UnaryOperator<OrcFile.WriterOptions> options, Row each)
      throws IOException {
    writeBatches(
        schema,
        options,
        writer -> {
          VectorizedRowBatch vectors = schema.createRowBatch();
          for (int row = 0; row < rows; row++) {
            each.put(vectors, vectors.size++, row);
            if (vectors.size == vectors.getMaxSize() || row == rows - 1) {
              add(writer, vectors);
              vectors.reset();
            }
          }
        });
  }

  static void add(Writer writer, VectorizedRowBatch vectors) {
    try {
      writer.addRowBatch(vectors);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  void writeBatches(
      TypeDescription schema, UnaryOperator<OrcFile.WriterOptions> options, Consumer<Writer> rows)
      throws IOException {
    OrcFile.WriterOptions chosen =
        options.apply(
            OrcFile.writerOptions(new Configuration())
                .fileSystem(new OneFile(path))
                .setKeyProvider(new NoKeys())
                .setSchema(schema));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
      chosen.physicalWriter(
          new PhysicalFsWriter(
              new FSDataOutputStream(out, null), chosen, new WriterEncryptionVariant[0]));
      try (Writer writer = OrcFile.createWriter(new org.apache.hadoop.fs.Path("plain"), chosen)) {
        rows.accept(writer);
      }
    }
  }

  Reader open() throws IOException {
    return OrcFile.createReader(
        new org.apache.hadoop.fs.Path("plain"),
        OrcFile.readerOptions(new Configuration())
            .filesystem(new OneFile(path))
            .maxLength(Files.size(path))
            .setKeyProvider(new NoKeys())
            .useUTCTimestamp(true)
            .convertToProlepticGregorian(true));
  }

  /** Every row as the library prints it, a value for each column. */
  List<List<String>> read() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    try (Reader reader = open();
        RecordReader records = reader.rows()) {
      VectorizedRowBatch vectors = reader.getSchema().createRowBatch();
      while (records.nextBatch(vectors)) {
        for (int row = 0; row < vectors.size; row++) {
          List<String> texts = new ArrayList<>();
          for (var vector : vectors.cols) {
            StringBuilder text = new StringBuilder();
            vector.stringifyValue(text, row);
            texts.add(text.toString());
          }
          rows.add(texts);
        }
      }
    }
    return rows;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class OneFile extends FileSystem {

    private final Path path;

    OneFile(Path path) {
      this.path = path;
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path name, int bufferSize)
        throws IOException {
      return new FSDataInputStream(new Bytes(Files.readAllBytes(path)));
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path name) throws IOException {
      throw new IOException("nobody asks");
    }
  }

  private static final class Bytes extends java.io.ByteArrayInputStream
      implements org.apache.hadoop.fs.Seekable, org.apache.hadoop.fs.PositionedReadable {

    Bytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public void seek(long to) {
      pos = (int) to;
    }

    @Override
    public long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long to) {
      return false;
    }

    @Override
    public int read(long from, byte[] into, int offset, int length) {
      if (from >= count) {
        return -1;
      }
      int most = (int) Math.min(length, count - from);
      System.arraycopy(buf, (int) from, into, offset, most);
      return most;
    }

    @Override
    public void readFully(long from, byte[] into, int offset, int length) throws IOException {
      if (read(from, into, offset, length) < length) {
        throw new java.io.EOFException();
      }
    }

    @Override
    public void readFully(long from, byte[] into) throws IOException {
      readFully(from, into, 0, into.length);
    }
  }
}
