package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of plain parquet-java that do not agree: a value is the same, or dirty, or the task fails.
 */
class ForeignSchemasIT {

  private static final byte[] NO_TEXT = {(byte) 0xff};
  private static final String MILLIS = "int64 x (TIMESTAMP(MILLIS,true))";
  private static final String MICROS = "int64 x (TIMESTAMP(MICROS,true))";
  private static final String NANOS = "int64 x (TIMESTAMP(NANOS,true))";
  private static final String WALL = "int64 x (TIMESTAMP(MICROS,false))";
  private static final String DATE = "int32 x (DATE)";
  private static final String STRING = "binary x (UTF8)";
  private static final String UUID = "fixed_len_byte_array(16) x (UUID)";

  @TempDir static Path plugins;
  private static Packaged packaged;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws IOException {
    packaged = Packaged.in(plugins);
  }

  @AfterAll
  static void close() {
    packaged.close();
  }

  private void write(String name, String columns, @Nullable Object... row) throws IOException {
    new PlainFile(folder.resolve(name), columns).rows(new Object[][] {row});
  }

  private Packaged.Read read(Map<String, Object> more) {
    return packaged.read(folder + "/*.parquet", more);
  }

  /** The type of the first file, that of the second and its value, and what becomes of that. */
  static List<Arguments> types() {
    return List.of(
        kept("int32 x", "int64 x", 2_147_483_647L, "2147483647"),
        dirty("int32 x", "int64 x", 2_147_483_648L, "does not fit into 32 bits"),
        kept("int64 x", "int32 x", -5, "-5"),
        dirty("int32 x (INT_8)", "int32 x", 128, "does not fit into 8 bits"),
        dirty("int64 x", "int64 x (UINT_64)", -1L, "does not fit into 64 bits"),
        dirty("int64 x (UINT_64)", "int64 x", -1L, "is not a whole number from 0"),
        kept("int64 x", "int32 x (UINT_32)", -1, "4294967295"),
        kept("int32 x (DECIMAL(9,2))", "int32 x (DECIMAL(9,4))", 12_300, "1.23"),
        dirty("int32 x (DECIMAL(9,2))", "int32 x (DECIMAL(9,4))", 12_345, "decimal(9,2)"),
        kept("int32 x (DECIMAL(9,4))", "int32 x (DECIMAL(9,2))", 123, "1.2300"),
        dirty("int32 x (DECIMAL(4,2))", "int32 x (DECIMAL(9,2))", 10_000, "decimal(4,2)"),
        kept("int32 x (DECIMAL(4,2))", "int64 x (DECIMAL(18,2))", 9999L, "99.99"),
        kept("int32 x (DECIMAL(4,2))", "int32 x", 12, "12.00"),
        dirty("int32 x", "int32 x (DECIMAL(4,2))", 1250, "is not a whole number"),
        kept(MILLIS, MICROS, 2000L, "1970-01-01 00:00:00.002Z"),
        dirty(MILLIS, MICROS, 2001L, "has more than the 3 digits of a second"),
        kept(MILLIS, NANOS, 2_000_000L, "1970-01-01 00:00:00.002Z"),
        dirty(MILLIS, NANOS, 2_001_000L, "has more than the 3 digits of a second"),
        dirty(MILLIS, NANOS, 2_000_001L, "parts of a microsecond"),
        kept(MICROS, MILLIS, -1L, "1969-12-31 23:59:59.999000Z"),
        kept(MICROS, NANOS, -1000L, "1969-12-31 23:59:59.999999Z"),
        dirty(MICROS, NANOS, -1L, "parts of a microsecond"),
        dirty(
            "int64 x (TIMESTAMP(MILLIS,false))",
            WALL,
            -1L,
            "1969-12-31 23:59:59.999999 has more than the 3 digits of a second"),
        dirty(
            "int32 x (TIME(MILLIS,true))", "int64 x (TIME(MICROS,true))", 1001L, "more than the 3"),
        kept("int32 x (TIME(MILLIS,true))", "int64 x (TIME(MICROS,true))", 1000L, "00:00:00.001"),
        // The task's zone is Europe/Berlin, where 2024-03-31 had no 02:30.
        kept(MICROS, WALL, 0L, "1969-12-31 23:00:00.000000Z"),
        dirty(MICROS, WALL, 1_711_852_200_000_000L, "2024-03-31T02:30 never was on clocks in"),
        kept(WALL, MICROS, 0L, "1970-01-01 01:00:00.000000"),
        kept(MICROS, DATE, 0, "1969-12-31 23:00:00.000000Z"),
        kept(DATE, WALL, 86_400_000_000L, "1970-01-02"),
        dirty(DATE, WALL, 1L, "has a time of day, which a date does not hold"),
        dirty(DATE, MICROS, 0L, "is not a date"),
        dirty(DATE, "int32 x", 19_000, "is not a date"),
        kept(WALL, DATE, 1, "1970-01-02 00:00:00.000000"),
        kept(STRING, "binary x", "text", "text"),
        dirty(STRING, "binary x", NO_TEXT, "no text in UTF-8"),
        kept("binary x", STRING, "ab", "0x6162"),
        kept("binary x", "fixed_len_byte_array(2) x", new byte[] {1, 2}, "0x0102"),
        fails("binary x", "int64 x", 1L, "its column 'x' holds INT64, which are no bytes"),
        fails("binary x", DATE, 1, "its column 'x' holds DATE, which are no bytes"),
        kept("int64 x", "binary x", "12", "12"),
        dirty("int64 x", "binary x", new byte[] {0, 0, 0, 12}, "is not a whole number"),
        kept("int64 x", STRING, "12", "12"),
        dirty("int64 x", STRING, "12.5", "is not a whole number"),
        kept(STRING, "int64 x (UINT_64)", -1L, "18446744073709551615"),
        kept(STRING, MILLIS, 1L, "1970-01-01 00:00:00.001Z"),
        kept(UUID, STRING, "x".repeat(36), "x".repeat(36)),
        dirty(UUID, STRING, "x".repeat(37), "has 37 characters, and the column at most 36"),
        kept(STRING, UUID, new byte[16], "00000000-0000-0000-0000-000000000000"),
        kept("float x", "double x", 0.5, "0.5"),
        dirty("float x", "double x", 0.1, "0.1 has more digits than a float holds"),
        kept("double x", "float x", 0.1f, "0.10000000149011612"),
        kept("float x", "fixed_len_byte_array(2) x (FLOAT16)", new byte[] {0, 0x3c}, "1.0"),
        kept("double x", "int64 x", 9_007_199_254_740_992L, "9.007199254740992E15"),
        dirty("double x", "int64 x", 9_007_199_254_740_993L, "has more digits than a double"),
        kept("double x", "int64 x (DECIMAL(18,17))", 10_000_000_000_000_000L, "0.1"),
        dirty("double x", "int64 x (DECIMAL(18,17))", 111_111_111_111_111_111L, "than a double"),
        dirty("float x", "int32 x", 16_777_217, "has more digits than a float"),
        kept("int32 x (DECIMAL(4,2))", "double x", 0.25, "0.25"),
        dirty("int32 x (DECIMAL(4,2))", "double x", Double.NaN, "is not a number"),
        kept("boolean x", "int32 x", 1, "true"),
        dirty("boolean x", "int32 x", 2, "is neither true nor false"),
        dirty("int32 x", "boolean x", true, "is not a whole number"),
        kept("binary x (JSON)", STRING, "[1]", "[1]"),
        dirty("binary x (JSON)", STRING, "[1", "is no JSON"),
        kept(STRING, "binary x (JSON)", "[1]", "[1]"));
  }

  private static Arguments kept(String first, String second, Object value, String text) {
    return Arguments.of(first, second, value, text, null, null);
  }

  private static Arguments dirty(String first, String second, Object value, String reason) {
    return Arguments.of(first, second, value, null, reason, null);
  }

  private static Arguments fails(String first, String second, Object value, String line) {
    return Arguments.of(first, second, value, null, null, line);
  }

  @ParameterizedTest
  @MethodSource("types")
  void aValueOfASecondTypeIsTheSameOrDirtyOrTheTaskFails(
      String first,
      String second,
      Object value,
      @Nullable String text,
      @Nullable String reason,
      @Nullable String line)
      throws IOException {
    write("a.parquet", "optional " + first + ";", (Object) null);
    write("b.parquet", "required " + second + ";", value);

    Packaged.Read read = read(Map.of());

    if (line != null) {
      assertThat(read.failure()).contains("b.parquet cannot be read: " + line);
      return;
    }
    assertThat(read.failure()).isNull();
    if (reason != null) {
      assertThat(read.reasons()).singleElement().asString().startsWith("x: ").contains(reason);
      assertThat(read.reasons().get(0)).endsWith("b.parquet, row 1");
      assertThat(read.records()).hasSize(1);
      return;
    }
    assertThat(read.reasons()).isEmpty();
    assertThat(read.column(0)).containsExactly(null, text);
  }

  @Test
  void columnsAreFoundByNameWhateverTheirOrder() throws IOException {
    write("a.parquet", "required int32 a; required binary b (UTF8);", 1, "x");
    write("b.parquet", "required binary b (UTF8); required int32 a;", "y", 2);
    write("c.parquet", "required binary B (UTF8); required int32 A;", "z", 3);

    Packaged.Read read = read(Map.of());

    assertThat(read.records())
        .containsExactly(List.of("1", "x"), List.of("2", "y"), List.of("3", "z"));
    assertThat(read(Map.of("column", List.of("b", "A"))).records())
        .containsExactly(List.of("x", "1"), List.of("y", "2"), List.of("z", "3"));
  }

  @Test
  void aColumnThatAFileLacksIsAnErrorOrNull() throws IOException {
    write("a.parquet", "required int32 a; required int32 b;", 1, 2);
    write("b.parquet", "required int32 b;", 4);

    assertThat(read(Map.of()).failure())
        .contains("b.parquet cannot be read: it has no column 'a'; it has b");
    Packaged.Read nulls = read(Map.of("missingColumns", "null"));
    assertThat(nulls.failure()).isNull();
    assertThat(nulls.records()).containsExactly(List.of("1", "2"), Arrays.asList(null, "4"));
    Packaged.Read typed =
        read(
            Map.of(
                "missingColumns",
                "null",
                "column",
                List.of(
                    Map.of("name", "b", "type", "string"), Map.of("name", "c", "type", "date"))));
    assertThat(typed.records()).containsExactly(Arrays.asList("2", null), Arrays.asList("4", null));
  }

  @Test
  void aColumnThatTheFirstFileLacksIsAnErrorUnlessColumnsAreNamed() throws IOException {
    write("a.parquet", "required int32 a;", 1);
    write("b.parquet", "required int32 a; required int32 extra;", 2, 3);

    for (Map<String, Object> missing :
        List.of(Map.<String, Object>of(), Map.<String, Object>of("missingColumns", "null"))) {
      assertThat(read(missing).failure())
          .contains("b.parquet cannot be read: it has a column 'extra'");
    }
    assertThat(read(Map.of("column", List.of("a"))).column(0)).containsExactly("1", "2");
  }

  @Test
  void aRequiredColumnThatIsOptionalElsewhereMayBeNull() throws IOException {
    write("a.parquet", "required int32 a;", 1);
    write("b.parquet", "optional int32 a;", (Object) null);

    Packaged.Read read = read(Map.of());

    assertThat(read.column(0)).containsExactly("1", null);
    assertThat(read.reasons()).isEmpty();
  }

  @Test
  void namesThatDifferInCaseOnlyAreNotTakenForEachOther() throws IOException {
    write("a.parquet", "required int32 id; required int32 ID;", 1, 2);

    assertThat(read(Map.of()).records()).containsExactly(List.of("1", "2"));
    assertThat(read(Map.of("column", List.of("ID", "id"))).records())
        .containsExactly(List.of("2", "1"));
    assertThat(read(Map.of("column", List.of("Id"))).failure())
        .contains("it has several columns that are like 'Id'");
    write("b.parquet", "required int32 id;", 3);
    assertThat(read(Map.of()).failure())
        .contains("b.parquet cannot be read: its column 'id' would be both 'id' and 'ID'");
    assertThat(read(Map.of("missingColumns", "null")).failure())
        .contains("b.parquet cannot be read: its column 'id' would be both 'id' and 'ID'");
  }

  @Test
  void columnsAreConvertedAsTheirTypesInTheTaskSay() throws IOException {
    write(
        "a.parquet",
        "required int64 n; required binary b; required int32 d (DATE); required binary s (UTF8);",
        1_700_000_000_000L,
        new byte[] {(byte) 0xab, (byte) 0xcd},
        1,
        "ff");

    Packaged.Read read =
        read(
            Map.of(
                "column",
                List.of(
                    Map.of("name", "n", "type", "string"),
                    Map.of("name", "n", "type", "decimal(20,2)"),
                    Map.of("name", "b", "type", "bytes", "format", "hex"),
                    Map.of("name", "d", "type", "datetime"),
                    Map.of("name", "s", "type", "bytes", "format", "hex"),
                    Map.of("name", "s", "type", "bytes"),
                    Map.of("index", 3, "name", "t"),
                    Map.of("value", "5", "type", "long"))));

    assertThat(read.failure()).isNull();
    assertThat(read.reasons()).isEmpty();
    assertThat(read.records().get(0))
        .containsExactly(
            "1700000000000",
            "1700000000000.00",
            "0xabcd",
            "1970-01-02 00:00:00.000000",
            "0xff",
            "0x6666",
            "ff",
            "5");
    assertThat(read(Map.of("column", List.of(Map.of("name", "n", "type", "int")))).reasons())
        .singleElement()
        .asString()
        .contains("n: '1700000000000' does not fit into 32 bits");
    for (Map<String, Object> bytes :
        List.<Map<String, Object>>of(
            Map.of("name", "n", "type", "bytes"),
            Map.of("name", "n", "type", "bytes", "format", "hex"))) {
      assertThat(read(Map.of("column", List.of(bytes))).failure())
          .contains("its column 'n' holds INT64, which are no bytes");
    }
    assertThat(
            read(Map.of(
                    "column",
                    List.of(
                        Map.of("name", "d", "type", "date", "format", "yyyy/MM/dd"),
                        Map.of("name", "d", "type", "date", "format", "yyyy/MM/dd HH:mm"))))
                .records())
        .containsExactly(List.of("1970-01-02", "1970-01-02 00:00:00.000000"));
  }
}
