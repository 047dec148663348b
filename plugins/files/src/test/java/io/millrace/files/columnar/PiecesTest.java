package io.millrace.files.columnar;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.format.Format;
import io.millrace.files.format.Piece;
import io.millrace.files.orc.OrcFormat;
import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Random columns and records in many row groups and stripes, whole and in pieces. */
class PiecesTest {

  private static final Set<TypeCase> HELD =
      EnumSet.complementOf(
          EnumSet.of(
              TypeCase.TIME_DURATION,
              TypeCase.DATE_ZERO,
              TypeCase.DATETIME_ZERO,
              TypeCase.TIMESTAMP_ZERO,
              TypeCase.TIMESTAMP_WIDE,
              TypeCase.STRING_LONG));

  @TempDir Path folder;

  static List<Arguments> seeds() {
    List<Arguments> seeds = new ArrayList<>();
    for (int seed = 0; seed < 12; seed++) {
      seeds.add(Arguments.of("parquet", seed));
      seeds.add(Arguments.of("orc", seed));
    }
    return seeds;
  }

  private static Format format(String name, Random random) {
    TaskContext task = TestContext.create().task();
    if (name.equals("orc")) {
      String[] compressions = {"none", "zlib", "snappy", "zstd", "lz4"};
      return new OrcFormat(compressions[random.nextInt(5)], task, 1);
    }
    return new ParquetFormat(
        PageCodec.values()[random.nextInt(5)], task, 1 << (10 + random.nextInt(8)));
  }

  private static RecordBatch records(Random random) {
    List<TypeCase> types = new ArrayList<>(HELD);
    java.util.Collections.shuffle(types, random);
    Sample sample = Sample.types(types.subList(0, 1 + random.nextInt(6)));
    RecordBatch batch = new RecordBatch(sample.schema(), Integer.MAX_VALUE, Integer.MAX_VALUE);
    int count = 1 + random.nextInt(20_000);
    int repeat = 0;
    int row = 0;
    for (int i = 0; i < count; i++) {
      if (repeat-- <= 0) {
        row = random.nextInt(sample.size());
        repeat = random.nextInt(4) == 0 ? random.nextInt(500) : 0;
      }
      batch.appendFrom(sample.batch(), row);
    }
    return batch;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRecordIsInExactlyOnePieceAndTheSameEachTime(String name, int seed) throws Exception {
    Random random = new Random(seed);
    FormatFile file = new FormatFile(format(name, random), folder.resolve("file"));
    RecordBatch batch = records(random);
    List<List<@Nullable String>> expected = Records.texts(batch);

    assertThat(file.write(batch).dirty().entries()).isEmpty();
    FormatFile.Read whole = file.read();
    List<Piece> pieces = file.cut(1 + random.nextInt(20_000));
    FormatFile.Read cut = file.read(pieces);

    assertThat(whole.context().dirty().entries()).isEmpty();
    assertThat(whole.records()).isEqualTo(expected);
    assertThat(cut.records()).isEqualTo(expected);
    assertThat(cut.positions()).isEqualTo(whole.positions()).isSorted().doesNotHaveDuplicates();
    assertThat(pieces.get(0).from()).isZero();
    for (int i = 1; i < pieces.size(); i++) {
      assertThat(pieces.get(i).from()).isEqualTo(pieces.get(i - 1).to());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aFileOfManyGroupsIsCutBetweenThem(String name) throws Exception {
    RecordBatch batch = Sample.plain(150_000).batch();
    TaskContext task = TestContext.create().task();
    Format format =
        name.equals("orc")
            ? new OrcFormat("none", task, 1)
            : new ParquetFormat(PageCodec.NONE, task, 50_000);
    FormatFile file = new FormatFile(format, folder.resolve("file"));
    file.write(batch);

    List<Piece> pieces = file.cut(1);

    assertThat(pieces).hasSizeGreaterThan(2).allSatisfy(each -> assertThat(each.exact()).isTrue());
    for (Piece each : pieces) {
      FormatFile.Read once = file.read(List.of(each));
      FormatFile.Read again = file.read(List.of(each));
      assertThat(once.records()).isNotEmpty().isEqualTo(again.records());
      assertThat(once.positions()).isEqualTo(again.positions());
    }
  }

  static List<String> names() {
    return List.of("parquet", "orc");
  }
}
