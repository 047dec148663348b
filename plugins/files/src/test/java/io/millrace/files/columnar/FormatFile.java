package io.millrace.files.columnar;

import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.format.Piece;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.format.RecordOutput;
import io.millrace.files.store.LocalStore;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of one format, written and read piece by piece without a connector around. */
public final class FormatFile {

  private final Format format;
  private final Path path;

  public FormatFile(Format format, Path path) {
    this.format = format;
    this.path = path;
  }

  /** What was read of some pieces, one after another. */
  public record Read(
      List<List<@Nullable String>> records, List<Long> positions, TestContext context) {}

  public TestContext write(RecordBatch batch) throws IOException {
    TestContext context = TestContext.create();
    try (OutputStream out = Files.newOutputStream(path);
        RecordOutput output = format.create(out, batch.schema(), false)) {
      for (int from = 0; from < batch.size(); from += 256) {
        output.write(batch, from, Math.min(batch.size(), from + 256), context.dirty());
      }
      output.finish();
    }
    return context;
  }

  public FileInput input(TestContext context) {
    LocalStore store = new LocalStore();
    return new FileInput(
        store,
        store.find(path.toString(), context.cancellation()).orElseThrow(),
        context.cancellation());
  }

  public Schema discover() throws IOException {
    return format.discover(input(TestContext.create()));
  }

  public List<Piece> cut(long bytes) throws IOException {
    return format.cut(input(TestContext.create()), bytes).pieces();
  }

  public Read read() throws IOException {
    return read(List.of(Piece.whole(Files.size(path))));
  }

  /** Every column of the file, piece after piece. */
  public Read read(List<Piece> pieces) throws IOException {
    Schema schema = discover();
    List<ColumnSource> sources = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      sources.add(new ColumnSource(i, schema.field(i).name(), null, null));
    }
    return read(pieces, new Columns(schema, sources, true, false));
  }

  public Read read(List<Piece> pieces, Columns columns) throws IOException {
    TestContext context = TestContext.create();
    List<List<@Nullable String>> records = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    RecordBatch batch = new RecordBatch(columns.schema(), 1 << 16, 777);
    long position = 0;
    for (Piece piece : pieces) {
      ReadPiece open = new ReadPiece(input(context), piece, columns, position, context);
      try (PieceReader reader = format.open(open)) {
        boolean more = true;
        while (more) {
          batch.clear();
          more = reader.read(batch);
          for (int row = 0; row < batch.size(); row++) {
            records.add(Records.texts(batch, row));
            positions.add(batch.position(row));
          }
        }
        position = reader.position();
      }
    }
    return new Read(records, positions, context);
  }
}
