package io.millrace.files.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Piece;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.store.LocalStore;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.orc.CompressionKind;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stripes that are larger than the memory there is, read in a process that has little. */
@Timeout(300)
class OrcLargeStripeIT {

  @TempDir Path folder;

  /** Reads a file in a process of its own; the rows and the bytes of text that it found. */
  private static String readWith(String heap, Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                Reading.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes()).strip();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return said.lines().reduce("", (before, line) -> line);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What that process does. */
  static final class Reading {

    private Reading() {}

    public static void main(String[] arguments) throws IOException {
      TestContext context = TestContext.create();
      LocalStore store = new LocalStore();
      FileInput file =
          new FileInput(
              store,
              store.find(arguments[0], context.cancellation()).orElseThrow(),
              context.cancellation());
      OrcFormat format = new OrcFormat("none", context.task());
      Schema schema = format.discover(file);
      List<ColumnSource> sources = new ArrayList<>();
      for (int i = 0; i < schema.size(); i++) {
        sources.add(new ColumnSource(i, schema.field(i).name(), null, null));
      }
      Columns columns = new Columns(schema, sources, true, false);
      RecordBatch batch = new RecordBatch(schema, 1 << 20, 1024);
      long rows = 0;
      ReadPiece piece = new ReadPiece(file, Piece.whole(file.size()), columns, 0, context);
      try (PieceReader reader = format.open(piece)) {
        for (boolean more = true; more; rows += batch.size()) {
          batch.clear();
          more = reader.read(batch);
        }
      }
      System.out.println(rows + " rows, " + context.dirty().count() + " dirty");
    }
  }

  @Test
  void aStripeLargerThanTheHeapIsReadPieceByPiece() throws Exception {
    TypeDescription schema =
        TypeDescription.fromString("struct<a:bigint,b:bigint,c:bigint,d:bigint,e:bigint,f:bigint>");
    int rows = 1_700_000; // 80 MB of numbers that nothing makes smaller
    Random random = new Random(3);
    Path path = folder.resolve("large.orc");
    PlainOrc plain = new PlainOrc(path);
    plain.write(
        schema,
        rows,
        options -> options.compress(CompressionKind.ZSTD).stripeSize(400 << 20),
        (vectors, at, row) -> {
          for (var vector : vectors.cols) {
            ((LongColumnVector) vector).vector[at] = random.nextLong();
          }
        });
    assertThat(plain.open().getStripes()).hasSize(1);
    assertThat(plain.open().getStripes().get(0).getDataLength()).isGreaterThan(80_000_000);

    assertThat(readWith("64m", path)).isEqualTo(rows + " rows, 0 dirty");
  }

  @Test
  void largeValuesThatAreSmallInTheFileAreReadOneByOne() throws Exception {
    Path path = folder.resolve("folded.orc");
    TypeDescription schema = TypeDescription.fromString("struct<text:string>");
    new PlainOrc(path)
        .writeBatches(
            schema,
            options -> options.compress(CompressionKind.ZLIB).stripeSize(512 << 20),
            writer -> {
              VectorizedRowBatch vectors = schema.createRowBatch(1);
              for (int row = 0; row < 300; row++) {
                byte[] value = (row + "x".repeat(1 << 20)).getBytes();
                ((BytesColumnVector) vectors.cols[0]).setRef(0, value, 0, value.length);
                vectors.size = 1;
                PlainOrc.add(writer, vectors);
              }
            });
    assertThat(path).satisfies(each -> assertThat(Files.size(each)).isLessThan(2_000_000));

    assertThat(readWith("96m", path)).isEqualTo("300 rows, 0 dirty");
  }
}
