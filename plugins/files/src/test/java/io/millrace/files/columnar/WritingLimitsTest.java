package io.millrace.files.columnar;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.Format;
import io.millrace.files.format.RecordOutput;
import io.millrace.files.orc.OrcFormat;
import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file does not hold, and how much of it is in memory at once. */
class WritingLimitsTest {

  @TempDir Path folder;

  private final TaskContext task = TestContext.create().task();

  private Format format(String name) {
    return name.equals("orc")
        ? new OrcFormat("none", task)
        : new ParquetFormat(PageCodec.NONE, task);
  }

  private FormatFile file(Format format) {
    return new FormatFile(format, folder.resolve("file"));
  }

  @ParameterizedTest
  @CsvSource({"parquet, 4", "orc, 12"})
  void whatIsWiderThanItsColumnIsDirty(String name, int digits) throws IOException {
    Schema schema =
        Schema.of(
            Field.of("i", ColumnType.INT64).withBits(8, false),
            Field.of("u", ColumnType.INT64).withBits(16, true),
            Field.of("f", ColumnType.FLOAT64).withBits(32, false),
            Field.decimal("d", digits, 2),
            Field.decimal("w", 38, 0));
    String most = "9".repeat(digits - 2) + ".99";
    RecordBatch batch = new RecordBatch(schema, 1 << 16, 100);
    record(batch, 127, 65_535, 0.5, most, "9".repeat(38));
    record(batch, 128, 1, 0.5, "1.00", "1");
    record(batch, 1, 65_536, 0.5, "1.00", "1");
    record(batch, 1, -1, 0.5, "1.00", "1");
    record(batch, 1, 1, 0.1, "1.00", "1");
    record(batch, 1, 1, 0.5, "1" + "0".repeat(digits - 2) + ".00", "1");
    record(batch, 1, 1, 0.5, "1.001", "1");
    record(batch, 1, 1, 0.5, "1.00", "1" + "0".repeat(38));
    FormatFile file = file(format(name));

    TestContext context = file.write(batch);

    assertThat(context.dirty().entries())
        .extracting(each -> each.reason().column())
        .containsExactly("i", "u", "u", "f", "d", "d", "w");
    assertThat(file.read().records())
        .containsExactly(List.of("127", "65535", "0.5", most, "9".repeat(38)));
  }

  private static void record(RecordBatch batch, long i, long u, double f, String d, String w) {
    batch.longs(0).append(i);
    batch.longs(1).append(u);
    batch.doubles(2).append(f);
    batch.decimals(3).append(new BigDecimal(d));
    batch.decimals(4).append(new BigDecimal(w));
    batch.endRecord(batch.size());
  }

  @Test
  void nullInAColumnThatWasSaidToHaveNoneIsDirtyInParquet() throws IOException {
    Schema schema = Schema.of(Field.of("a", ColumnType.INT64).withNullable(false));
    RecordBatch batch = new RecordBatch(schema, 1 << 10, 10);
    batch.longs(0).append(1);
    batch.endRecord(0);
    batch.longs(0).appendNull();
    batch.endRecord(1);

    TestContext context = file(format("parquet")).write(batch);

    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.reason().message())
                    .isEqualTo("a: is NULL in a column that was said to have none"));
    assertThat(file(format("parquet")).read().records()).containsExactly(List.of("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aNameThatIsThereTwiceIsRefused(String name) {
    Schema twice = Schema.of(Field.of("a", ColumnType.INT64), Field.of("a", ColumnType.STRING));

    assertThatThrownBy(() -> format(name).check(twice))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("'a'");
    assertThat(format(name).whyNotJoined()).contains("footer");
  }

  private static RecordBatch texts(int columns, int rows, int length) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      fields.add(Field.of("c" + i, ColumnType.STRING));
    }
    RecordBatch batch = new RecordBatch(new Schema(fields), Integer.MAX_VALUE, Integer.MAX_VALUE);
    java.util.Random random = new java.util.Random(1);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        byte[] text = new byte[length];
        for (int k = 0; k < length; k++) {
          text[k] = (byte) ('a' + random.nextInt(26));
        }
        batch.bytes(i).append(text, 0, length);
      }
      batch.endRecord(row);
    }
    return batch;
  }

  @Test
  void aRowGroupEndsWhereItsMemoryDoes() throws IOException {
    int group = 1 << 20;
    file(new ParquetFormat(PageCodec.NONE, task, group)).write(texts(22, 2000, 300));

    byte[] bytes = Files.readAllBytes(folder.resolve("file"));
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    FileMetaData footer =
        Util.readFileMetaData(
            new ByteArrayInputStream(bytes, bytes.length - 8 - length, length), bytes.length);
    assertThat(footer.getRow_groups()).hasSizeBetween(6, 20);
    assertThat(footer.getRow_groups())
        .extracting(RowGroup::getTotal_byte_size)
        .allMatch(each -> each < 3L * group);
  }

  @Test
  void aFileSaysThatItIsFullBeforeItsFooterTakesTheMemory() throws IOException {
    RecordBatch batch = texts(40, 600, 100);
    long full = 0;
    try (RecordOutput output =
        new ParquetFormat(PageCodec.NONE, task, 64 << 10)
            .create(OutputStream.nullOutputStream(), batch.schema(), false)) {
      for (int row = 0; row < batch.size() && full < Integer.MAX_VALUE; row++) {
        output.write(batch, row, row + 1, TestContext.create().dirty());
        full = output.buffered();
      }
    }
    assertThat(full).isGreaterThan(Integer.MAX_VALUE);
  }
}
