package io.millrace.files.columnar;

import static io.millrace.files.columnar.HandMadeParquet.data;
import static io.millrace.files.columnar.HandMadeParquet.group;
import static io.millrace.files.columnar.HandMadeParquet.leaf;
import static io.millrace.files.columnar.HandMadeParquet.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small parquet files that mean much more memory than they have bytes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParquetBombsTest {

  @TempDir Path folder;

  private final HandMadeParquet made = new HandMadeParquet();

  private FormatFile file() {
    return new FormatFile(
        new ParquetFormat(PageCodec.NONE, TestContext.create().task()), folder.resolve("file"));
  }

  @Test
  void aFooterWithMoreElementsThanMemoryIsRefused() throws IOException {
    SchemaElement element = leaf("a", Type.INT64, FieldRepetitionType.REQUIRED);
    List<SchemaElement> schema = new ArrayList<>(Collections.nCopies(1_000_000, element));
    schema.set(0, group("root", 999_999));
    byte[] file = made.finish(schema, List.of(), Type.INT64, 0, 0);
    Files.write(folder.resolve("file"), file);

    assertThat(file.length).isLessThan(16 << 20);
    assertThatThrownBy(() -> file().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its footer takes more than the ");
  }

  @Test
  void aDictionaryWithMoreEntriesThanMemoryIsRefused() throws IOException {
    PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, 0, 0);
    header.setDictionary_page_header(new DictionaryPageHeader(3_500_000, Encoding.PLAIN));
    made.page(header, new byte[14_000_000]);
    made.page(data(1, Encoding.RLE_DICTIONARY), new byte[] {1, 2, 0});
    Files.write(
        folder.resolve("file"),
        made.finish(
            List.of(group("root", 1), leaf("a", Type.BYTE_ARRAY, FieldRepetitionType.REQUIRED)),
            List.of("a"),
            Type.BYTE_ARRAY,
            1,
            1));

    assertThatThrownBy(() -> file().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("column 'a': a dictionary of 3500000 entries is too large for the ");
  }

  @Test
  void lengthsThatClaimMoreThanTheirPageAreRefused() throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    // Prefixes: blocks of 128 in 4, one value, 0; then as many suffixes as an int can say.
    plain.writeBytes(new byte[] {(byte) 0x80, 1, 4, 1, 0});
    plain.writeBytes(
        new byte[] {(byte) 0x80, 1, 4, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0});
    made.page(data(1, Encoding.DELTA_BYTE_ARRAY), plain.toByteArray());
    Files.write(
        folder.resolve("file"),
        made.finish(
            List.of(group("root", 1), leaf("a", Type.BYTE_ARRAY, FieldRepetitionType.REQUIRED)),
            List.of("a"),
            Type.BYTE_ARRAY,
            1,
            1));

    assertThatThrownBy(() -> file().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a page of 1 value says that it has 2147483647");
  }

  @Test
  void aListOfMillionsOfNothingIsDirty() throws IOException {
    int values = 5_000_000;
    ByteBuffer plain = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    // Repetition: one 0, then 1 for all others. Definition: 2, an element that is NULL.
    plain.putInt(2 + 5).put((byte) 2).put((byte) 0);
    run(plain, values - 1, 1);
    plain.putInt(5);
    run(plain, values, 2);
    made.page(
        data(values, Encoding.PLAIN), java.util.Arrays.copyOf(plain.array(), plain.position()));
    SchemaElement list = group("l", 1);
    list.setRepetition_type(FieldRepetitionType.OPTIONAL);
    list.setConverted_type(ConvertedType.LIST);
    SchemaElement repeated = group("list", 1);
    repeated.setRepetition_type(FieldRepetitionType.REPEATED);
    Files.write(
        folder.resolve("file"),
        made.finish(
            List.of(
                group("root", 1),
                list,
                repeated,
                leaf("element", Type.INT32, FieldRepetitionType.OPTIONAL)),
            List.of("l", "list", "element"),
            Type.INT32,
            values,
            1));

    FormatFile.Read read = file().read();

    assertThat(read.records()).isEmpty();
    assertThat(read.context().dirty().entries())
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.reason().message())
                    .startsWith("l: the value has more nested parts than fit into"));
  }
}
