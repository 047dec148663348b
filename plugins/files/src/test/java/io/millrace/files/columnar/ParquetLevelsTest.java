package io.millrace.files.columnar;

import static io.millrace.files.columnar.HandMadeParquet.data;
import static io.millrace.files.columnar.HandMadeParquet.group;
import static io.millrace.files.columnar.HandMadeParquet.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists whose levels put values into rows that they do not belong to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParquetLevelsTest {

  @TempDir Path folder;

  /** How levels stand in a page. */
  enum Form {
    RUNS,
    PACKED_IN_RUNS,
    PACKED,
    SECOND_VERSION
  }

  static Stream<Arguments> sound() {
    return Stream.of(Form.values())
        .flatMap(
            form ->
                Stream.of(
                    Arguments.of(form, levels(levels(0, 1), levels(3, 3)), 1, "[[10,11]]"),
                    Arguments.of(form, levels(levels(0, 0), levels(3, 3)), 2, "[[10],[11]]"),
                    Arguments.of(
                        form,
                        levels(levels(0, 1, 0, 0, 0), levels(3, 2, 0, 1, 3)),
                        4,
                        "[[10,null],null,[],[11]]")));
  }

  static Stream<Arguments> wrong() {
    String broken = ": the file is broken, write it again";
    return Stream.of(Form.values())
        .flatMap(
            form ->
                Stream.of(
                    Arguments.of(
                        form,
                        levels(levels(1, 0), levels(3, 3)),
                        1,
                        "its first value belongs to a row that has not begun" + broken),
                    Arguments.of(
                        form,
                        levels(levels(1, 1), levels(3, 3)),
                        2,
                        "its first value belongs to a row that has not begun" + broken),
                    Arguments.of(
                        form,
                        levels(levels(0, 0, 0), levels(3, 3, 3)),
                        2,
                        "its pages begin 3 rows or more, the row group has 2" + broken),
                    Arguments.of(
                        form,
                        levels(levels(0, 1, 1), levels(3, 3, 3)),
                        2,
                        "its pages begin 1 row, the row group has 2" + broken)));
  }

  private static int[] levels(int... all) {
    return all;
  }

  private static List<int[]> levels(int[] repetition, int[] definition) {
    return List.of(repetition, definition);
  }

  @ParameterizedTest
  @MethodSource
  void sound(Form form, List<int[]> levels, int rows, String expected) throws IOException {
    FormatFile file = file(List.of(page(form, levels)), rows);

    List<String> texts = file.read().records().stream().map(each -> each.get(0)).toList();
    assertThat(texts.toString().replace(" ", "")).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Form form, List<int[]> levels, int rows, String message) throws IOException {
    FormatFile file = file(List.of(page(form, levels)), rows);

    assertThatThrownBy(file::read)
        .isInstanceOf(IOException.class)
        .hasMessage("column 'l.list.element': " + message);
  }

  /** Pages of the first version may end within a row. */
  @ParameterizedTest
  @MethodSource("firstVersions")
  void aRowMayGoOnInTheNextPage(Form form) throws IOException {
    Page first = page(form, levels(levels(0, 0), levels(3, 3)));
    Page second = page(form, levels(levels(1, 1, 0), levels(3, 3, 3)));

    assertThat(file(List.of(first, second), 3).read().records())
        .containsExactly(List.of("[10]"), List.of("[11,10,11]"), List.of("[12]"));
  }

  static Stream<Form> firstVersions() {
    return Stream.of(Form.RUNS, Form.PACKED_IN_RUNS, Form.PACKED);
  }

  private record Page(PageHeader header, byte[] plain, int values) {}

  /** The values are 10, 11 and so on where the definition level says that there is one. */
  private static Page page(Form form, List<int[]> levels) {
    int count = levels.get(0).length;
    byte[] repetition = encoded(form, levels.get(0), 1);
    byte[] definition = encoded(form, levels.get(1), 2);
    ByteBuffer plain = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] each : List.of(repetition, definition)) {
      if (form == Form.RUNS || form == Form.PACKED_IN_RUNS) {
        plain.putInt(each.length);
      }
      plain.put(each);
    }
    int value = 10;
    for (int level : levels.get(1)) {
      if (level == 3) {
        plain.putInt(value++);
      }
    }
    byte[] bytes = Arrays.copyOf(plain.array(), plain.position());
    PageHeader header;
    if (form == Form.SECOND_VERSION) {
      int rows = (int) Arrays.stream(levels.get(0)).filter(level -> level == 0).count();
      header = new PageHeader(PageType.DATA_PAGE_V2, bytes.length, bytes.length);
      header.setData_page_header_v2(
          new DataPageHeaderV2(count, 0, rows, Encoding.PLAIN, definition.length, repetition.length)
              .setIs_compressed(false));
    } else if (form == Form.PACKED) {
      header = new PageHeader(PageType.DATA_PAGE, 0, 0);
      header.setData_page_header(
          new DataPageHeader(count, Encoding.PLAIN, Encoding.BIT_PACKED, Encoding.BIT_PACKED));
    } else {
      header = data(count, Encoding.PLAIN);
    }
    return new Page(header, bytes, count);
  }

  private static byte[] encoded(Form form, int[] levels, int width) {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    switch (form) {
      case RUNS, SECOND_VERSION -> {
        for (int level : levels) {
          bytes.put((byte) 2).put((byte) level);
        }
      }
      case PACKED_IN_RUNS -> {
        bytes.put((byte) 3);
        int packed = 0;
        for (int i = 0; i < levels.length; i++) {
          packed |= levels[i] << (i * width);
        }
        for (int i = 0; i < width; i++) {
          bytes.put((byte) (packed >>> (8 * i)));
        }
      }
      case PACKED -> {
        int packed = 0;
        for (int i = 0; i < levels.length; i++) {
          packed |= levels[i] << (16 - (i + 1) * width);
        }
        for (int i = 0; i < (levels.length * width + 7) / 8; i++) {
          bytes.put((byte) (packed >>> (8 - 8 * i)));
        }
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private FormatFile file(List<Page> pages, int rows) throws IOException {
    HandMadeParquet made = new HandMadeParquet();
    for (Page page : pages) {
      if (page.header().getType() == PageType.DATA_PAGE_V2) {
        made.stored(page.header(), page.plain());
      } else {
        made.page(page.header(), page.plain());
      }
    }
    SchemaElement list = group("l", 1);
    list.setRepetition_type(FieldRepetitionType.OPTIONAL);
    list.setConverted_type(ConvertedType.LIST);
    SchemaElement repeated = group("list", 1);
    repeated.setRepetition_type(FieldRepetitionType.REPEATED);
    Path path = folder.resolve("file");
    Files.write(
        path,
        made.finish(
            List.of(
                group("root", 1),
                list,
                repeated,
                leaf("element", Type.INT32, FieldRepetitionType.OPTIONAL)),
            List.of("l", "list", "element"),
            Type.INT32,
            pages.stream().mapToInt(Page::values).sum(),
            rows));
    return new FormatFile(new ParquetFormat(PageCodec.NONE, TestContext.create().task()), path);
  }
}
