package io.millrace.files;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.TaskContext.Limits;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parquet files that Arrow's C++ library and DuckDB wrote; {@code foreign/make.py} tells how, and
 * wrote what they hold beside them.
 */
class ForeignFilesTest {

  private static final Path FOLDER = Path.of("src/test/resources/foreign");

  @TempDir Path copy;

  private static Rows.Read read(String name) {
    return Rows.read(
        new FilesConnector(), Map.of("path", FOLDER.resolve(name + ".parquet").toString()));
  }

  private static List<List<@Nullable String>> held(String name) throws IOException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve(name + ".txt"))) {
      List<@Nullable String> values = new ArrayList<>();
      for (String value : line.split("\t", -1)) {
        values.add(value.equals("\\N") ? null : value);
      }
      rows.add(values);
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "arrow-v1, arrow",
    "arrow-v2, arrow",
    "arrow-encodings, arrow-encodings",
    "arrow-int96, arrow-int96",
    "duckdb, duckdb",
    "duckdb-v2, duckdb"
  })
  void everyValueOfAFileOfAnotherProgramIsRead(String file, String holds) throws IOException {
    Rows.Read read = read(file);

    assertThat(read.reasons()).isEmpty();
    List<List<@Nullable String>> expected = held(holds);
    assertThat(read.records()).hasSameSizeAs(expected);
    for (int row = 0; row < expected.size(); row++) {
      for (int column = 0; column < read.schema().size(); column++) {
        assertThat(read.records().get(row).get(column))
            .as("row %d of column %s", row + 1, read.schema().field(column).name())
            .isEqualTo(expected.get(row).get(column));
      }
    }
  }

  @Test
  void aFileWithoutRowsHasColumns() {
    Rows.Read read = read("arrow-empty");

    assertThat(read.records()).isEmpty();
    assertThat(read.schema().fields())
        .extracting(each -> each.name())
        .containsExactly("id", "text");
  }

  @Test
  void aColumnOfNothingButNoneInTheFirstFileHasTheTypeOfTheNextThatHasOne() {
    Rows.Read read = read("arrow-none-*");

    assertThat(read.reasons()).isEmpty();
    assertThat(read.schema().fields())
        .extracting(Field::name, Field::type)
        .containsExactly(
            tuple("id", ColumnType.INT64),
            tuple("note", ColumnType.STRING),
            tuple("n", ColumnType.INT64),
            tuple("never", ColumnType.STRING));
    assertThat(read.records())
        .containsExactlyInAnyOrder(
            Arrays.asList("1", null, null, null),
            Arrays.asList("2", null, null, null),
            Arrays.asList("3", "x", "1099511627776", null),
            Arrays.asList("4", null, "7", null));
  }

  @Test
  void aColumnOfNothingButNoneFitsEveryTypeThatIsAskedFor() {
    List<Object> columns =
        List.of(Map.of("name", "id", "type", "long"), Map.of("name", "n", "type", "decimal(9,2)"));
    Rows.Read read =
        Rows.read(
            new FilesConnector(),
            Map.of("path", FOLDER.resolve("arrow-none-1.parquet").toString(), "column", columns));

    assertThat(read.reasons()).isEmpty();
    assertThat(read.records()).containsExactly(Arrays.asList("1", null), Arrays.asList("2", null));
  }

  @Test
  void aValueThatIsLargerThanTheTaskAllowsIsDirty() {
    TestContext context = TestContext.create().withLimits(new Limits(1 << 20, 1000, 280, 1));
    Rows.Read read =
        Rows.read(
            new FilesConnector(),
            Map.of("path", FOLDER.resolve("arrow-v1.parquet").toString()),
            1,
            context);

    assertThat(read.records()).extracting(each -> each.get(0)).containsExactly("1", "3");
    assertThat(read.reasons())
        .singleElement()
        .asString()
        .startsWith("large: the value has 300 bytes, 280 are allowed: raise maxValueBytes; ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arrow-no-columns | arrow-no-columns.parquet cannot be read: it has no columns",
        "arrow-brotli | arrow-brotli.parquet cannot be read: its compression BROTLI is not supported"
      })
  void whatIsNotReadIsOneLine(String file, String line) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(line)
        .message()
        .doesNotContain("\n");
  }

  /** Every byte once, and some more than once: never another number of rows, never an error. */
  @ParameterizedTest
  @ValueSource(strings = {"arrow-v1", "arrow-v2", "arrow-encodings", "arrow-int96", "duckdb-v2"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damageIsALineOrDirtyOrOtherValuesButNeverAnotherNumberOfRows(String name)
      throws IOException {
    byte[] good = Files.readAllBytes(FOLDER.resolve(name + ".parquet"));
    Random random = new Random(5);
    int step = Math.max(1, good.length / 700);
    int failed = 0;
    for (int at = 4; at < good.length; at += step) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(copy.resolve("bad.parquet"), bad);
      try {
        Rows.Read read =
            Rows.read(new FilesConnector(), Map.of("path", copy.resolve("bad.parquet").toString()));
        assertThat(read.records().size() + read.reasons().size()).as("byte %d", at).isEqualTo(3);
      } catch (MillraceException e) {
        assertThat(e.getMessage()).contains("bad.parquet").doesNotContain("\n");
        failed++;
      }
    }
    assertThat(failed).isPositive();
  }
}
