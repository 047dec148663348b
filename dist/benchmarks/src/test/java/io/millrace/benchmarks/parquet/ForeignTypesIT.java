package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.SchemaElement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each type of a file that plain parquet-java wrote, against values that were written down. */
class ForeignTypesIT {

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

  private PlainFile file(String columns) {
    return new PlainFile(folder.resolve("file.parquet"), columns);
  }

  private Packaged.Read read() {
    Packaged.Read read = packaged.read(folder.resolve("file.parquet"));
    assertThat(read.failure()).isNull();
    return read;
  }

  @Test
  void wholeNumbersAreTheirBits() throws IOException {
    file("required int32 i8 (INT_8); required int32 u8 (UINT_8); required int32 i16 (INT_16);"
            + " required int32 u16 (UINT_16); required int32 i32 (INT_32);"
            + " required int32 u32 (UINT_32); required int64 i64 (INT_64);"
            + " required int64 u64 (UINT_64); required int32 plain; required int64 wide;")
        .rows(
            new Object[] {-128, 255, -32768, 65535, -2147483648, -1, Long.MIN_VALUE, -1L, -1, -1L},
            new Object[] {127, 0, 32767, 0, 2147483647, 0, Long.MAX_VALUE, 0L, 1, 1L});

    Packaged.Read read = read();

    assertThat(read.reasons()).isEmpty();
    assertThat(read.records().get(0))
        .containsExactly(
            "-128",
            "255",
            "-32768",
            "65535",
            "-2147483648",
            "4294967295",
            "-9223372036854775808",
            "18446744073709551615",
            "-1",
            "-1");
    assertThat(read.records().get(1))
        .containsExactly(
            "127", "0", "32767", "0", "2147483647", "0", "9223372036854775807", "0", "1", "1");
  }

  @Test
  void aNumberThatIsWiderThanItsColumnSaysIsDirty() throws IOException {
    file("required int32 a (INT_8); required int32 b (UINT_16);")
        .rows(new Object[] {128, 1}, new Object[] {1, 65536}, new Object[] {1, 1});

    Packaged.Read read = read();

    assertThat(read.records()).hasSize(1);
    assertThat(read.reasons()).hasSize(2);
    assertThat(read.reasons().get(0))
        .startsWith("a: 128 does not fit into the 8 bits of the column; ")
        .endsWith("file.parquet, row 1");
  }

  @Test
  void decimalsAreExactInEachOfTheirForms() throws IOException {
    byte[] wide = new BigInteger("-" + "9".repeat(60)).toByteArray();
    byte[] fixed = new byte[40];
    java.util.Arrays.fill(fixed, (byte) 0xff);
    System.arraycopy(wide, 0, fixed, 40 - wide.length, wide.length);
    file("required int32 a (DECIMAL(9,2)); required int64 b (DECIMAL(18,18));"
            + " required binary c (DECIMAL(60,0));"
            + " required fixed_len_byte_array(40) d (DECIMAL(60,59));"
            + " required binary e (DECIMAL(5,2)); required int64 f (DECIMAL(5,0));")
        .rows(
            new Object[] {
              -999_999_999, -999_999_999_999_999_999L, wide, fixed, new byte[] {-1}, 0L
            },
            new Object[] {1, 1L, new byte[] {1}, new byte[40], new byte[] {0, 0, 0, 1}, 99_999L});

    Packaged.Read read = read();

    assertThat(read.reasons()).isEmpty();
    assertThat(read.records().get(0))
        .containsExactly(
            "-9999999.99",
            "-0.999999999999999999",
            "-" + "9".repeat(60),
            "-9." + "9".repeat(59),
            "-0.01",
            "0");
    assertThat(read.records().get(1))
        .containsExactly(
            "0.01", "0.000000000000000001", "1", "0." + "0".repeat(59), "0.01", "99999");
  }

  @Test
  void aDecimalOfMoreDigitsThanItsColumnIsDirty() throws IOException {
    file("required int32 a (DECIMAL(4,2)); required binary b (DECIMAL(20,0));"
            + " required binary c (DECIMAL(2,0));")
        .rows(
            new Object[] {10_000, new byte[] {1}, new byte[] {1}},
            new Object[] {9999, BigInteger.TEN.pow(20).toByteArray(), new byte[] {1}},
            new Object[] {-9999, BigInteger.TEN.pow(20).negate().toByteArray(), new byte[] {1}},
            new Object[] {1, new byte[] {1}, new byte[] {-100}},
            new Object[] {1, new byte[] {1}, new byte[] {}},
            new Object[] {-9999, new BigInteger("9".repeat(20)).toByteArray(), new byte[] {99}});

    Packaged.Read read = read();

    assertThat(read.records()).containsExactly(java.util.List.of("-99.99", "9".repeat(20), "99"));
    assertThat(read.reasons()).hasSize(5);
    assertThat(read.reasons().get(0))
        .startsWith("a: 100.00 has more digits than its column, decimal(4,2); ");
    assertThat(read.reasons().get(4)).startsWith("c: a decimal has 0 bytes; ");
  }

  @Test
  void floatsOfEachWidthAndUuidsAreRead() throws IOException {
    file("required float f; required double d; required fixed_len_byte_array(2) h (FLOAT16);"
            + " required fixed_len_byte_array(16) u (UUID);")
        .rows(
            new Object[] {0.1f, 0.1, new byte[] {0x01, 0x00}, new byte[16]},
            new Object[] {Float.NaN, Double.NaN, new byte[] {0x00, 0x7e}, new byte[16]},
            new Object[] {
              Float.NEGATIVE_INFINITY, -0.0, new byte[] {0x00, (byte) 0xfc}, new byte[16]
            },
            new Object[] {
              Float.MIN_VALUE, Double.MIN_VALUE, new byte[] {(byte) 0xff, (byte) 0xfb}, new byte[16]
            });

    Packaged.Read read = read();

    assertThat(read.reasons()).isEmpty();
    assertThat(read.column(0))
        .containsExactly("0.10000000149011612", "NaN", "-Infinity", "1.401298464324817E-45");
    assertThat(read.column(1)).containsExactly("0.1", "NaN", "-0.0", "4.9E-324");
    assertThat(read.column(2))
        .containsExactly("5.9604644775390625E-8", "NaN", "-Infinity", "-65504.0");
    assertThat(read.column(3)).containsOnly("00000000-0000-0000-0000-000000000000");
  }

  @Test
  void timesAreReadToTheMicrosecondAndWhatIsFinerIsDirty() throws IOException {
    file("required int32 a (TIME(MILLIS,true)); required int64 b (TIME(MICROS,false));"
            + " required int64 c (TIME(NANOS,true)); required int64 d (TIMESTAMP(MILLIS,true));"
            + " required int64 e (TIMESTAMP(MICROS,false));"
            + " required int64 f (TIMESTAMP(NANOS,true)); required int64 g"
            + " (TIMESTAMP(NANOS,false)); required int32 h (DATE);")
        .rows(
            new Object[] {86_399_999, 1L, 1000L, -1L, -1L, -1000L, -1000L, -719_162},
            new Object[] {0, 0L, 1L, 0L, 0L, 0L, 0L, 0},
            new Object[] {0, 0L, 0L, 0L, 0L, -1L, 0L, 0},
            new Object[] {0, 0L, 0L, 0L, 0L, 0L, 1_000_001L, 0},
            new Object[] {0, 0L, 0L, Long.MAX_VALUE, 0L, 0L, 0L, 0},
            new Object[] {0, 0L, 0L, 0L, Long.MAX_VALUE, 0L, 0L, 0},
            new Object[] {0, 0L, 0L, 0L, 0L, 0L, 0L, Integer.MAX_VALUE});

    Packaged.Read read = read();

    assertThat(read.records()).hasSize(1);
    assertThat(read.records().get(0))
        .containsExactly(
            "23:59:59.999",
            "00:00:00.000001",
            "00:00:00.000001",
            "1969-12-31 23:59:59.999Z",
            "1969-12-31 23:59:59.999999",
            "1969-12-31 23:59:59.999999Z",
            "1969-12-31 23:59:59.999999",
            "0001-01-01");
    assertThat(read.reasons()).hasSize(6);
    for (int i = 0; i < 3; i++) {
      assertThat(read.reasons().get(i)).contains("has parts of a microsecond, which would be lost");
    }
    for (int i = 3; i < 6; i++) {
      assertThat(read.reasons().get(i)).contains("lies beyond the years that a record holds");
    }
  }

  private static byte[] int96(int julianDay, long nanos) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(nanos)
        .putInt(julianDay)
        .array();
  }

  @Test
  void int96IsAnInstantAlsoBeforeTheEpoch() throws IOException {
    file("required int96 t;")
        .rows(
            new Object[] {int96(2_440_588, 0)},
            new Object[] {int96(2_440_587, 86_399_999_999_000L)},
            new Object[] {int96(2_440_587, 86_399_999_999_999L)},
            new Object[] {int96(1_721_426, 1000)},
            new Object[] {int96(5_373_484, 86_399_999_999_000L)},
            new Object[] {int96(-1, 0)});

    Packaged.Read read = read();

    assertThat(read.column(0))
        .containsExactly(
            "1970-01-01 00:00:00.000000Z",
            "1969-12-31 23:59:59.999999Z",
            "0001-01-01 00:00:00.000001Z",
            "9999-12-31 23:59:59.999999Z");
    assertThat(read.reasons()).hasSize(2);
    assertThat(read.reasons().get(0)).contains("parts of a microsecond").contains("row 3");
    assertThat(read.reasons().get(1)).contains("beyond the years").contains("row 6");
  }

  @ParameterizedTest
  @CsvSource({
    "org.apache.spark.legacyDateTime, '', true, false",
    "org.apache.spark.legacyINT96, '', false, true",
    "org.apache.spark.version, 2.4.8, true, true",
    "org.apache.spark.version, 3.0.3, false, true",
    "org.apache.spark.version, 3.5.1, false, false",
    "org.apache.spark.version, nonsense, false, false",
    "writer.date.proleptic, false, true, true",
    "writer.date.proleptic, true, false, false",
    "another.mark, false, false, false"
  })
  void daysOfTheOldCalendarAreDirtyWhereTheFileSaysThatItCountsSo(
      String mark, String value, boolean days, boolean int96) throws IOException {
    String columns =
        "optional int32 d (DATE); optional int64 t (TIMESTAMP(MICROS,true)); optional int96 n;";
    Object[] nothing = {null, null, null};
    // 1582-10-14 and 1582-10-15, the first day of the Gregorian calendar.
    Object[][] rows = {
      {-141_428, null, null},
      {null, -141_427L * 86_400_000_000L - 1, null},
      {null, null, int96(2_299_160, 86_399_999_999_000L)},
      {-141_427, -141_427L * 86_400_000_000L, int96(2_299_161, 0)},
      nothing
    };
    file(columns).with(each -> each.withExtraMetaData(Map.of(mark, value))).rows(rows);

    Packaged.Read read = read();

    int dirty = (days ? 2 : 0) + (int96 ? 1 : 0);
    assertThat(read.reasons()).hasSize(dirty).allMatch(each -> each.contains("Julian"));
    assertThat(read.records()).hasSize(5 - dirty);
    assertThat(read.records().get(read.records().size() - 2))
        .containsExactly(
            "1582-10-15", "1582-10-15 00:00:00.000000Z", "1582-10-15 00:00:00.000000Z");
    if (!days) {
      assertThat(read.column(0)).contains("1582-10-14");
      assertThat(read.column(1)).contains("1582-10-14 23:59:59.999999Z");
    }
    if (!int96) {
      assertThat(read.column(2)).contains("1582-10-14 23:59:59.999999Z");
    }
  }

  @Test
  void aFileOfBeforeLogicalTypesMeansTheSame() throws IOException {
    PlainFile file =
        file(
            "required binary s (UTF8); required int32 d (DATE); required int64 t (TIMESTAMP_MILLIS);"
                + " required int64 m (TIMESTAMP_MICROS); required int32 c (TIME_MILLIS);"
                + " required int64 k (TIME_MICROS); required int32 p (DECIMAL(5,2));"
                + " required int64 u (UINT_64); required binary e (ENUM); required binary j (JSON);"
                + " required binary b (BSON); required fixed_len_byte_array(12) i (INTERVAL);");
    file.rows(
        new Object[] {
          "text", 1, 1L, 1L, 1, 1L, 12_345, -1L, "kind", "{}", new byte[] {1}, new byte[12]
        });
    file.change(
        footer -> {
          footer.unsetColumn_orders();
          footer.getSchema().forEach(SchemaElement::unsetLogicalType);
        });

    assertThat(read().records().get(0))
        .containsExactly(
            "text",
            "1970-01-02",
            "1970-01-01 00:00:00.001Z",
            "1970-01-01 00:00:00.000001Z",
            "00:00:00.001",
            "00:00:00.000001",
            "123.45",
            "18446744073709551615",
            "kind",
            "{}",
            "0x01",
            "0x" + "00".repeat(12));
  }

  @Test
  void textThatIsNoneIsDirtyAndBytesAreTextWhereAsked() throws IOException {
    file("required binary s (UTF8); required binary b;")
        .rows(
            new Object[] {new byte[] {(byte) 0xff}, new byte[] {1}},
            new Object[] {"ü", "ü"},
            new Object[] {"ü", new byte[] {(byte) 0xc3}});

    assertThat(read().records())
        .containsExactly(java.util.List.of("ü", "0xc3bc"), java.util.List.of("ü", "0xc3"));
    assertThat(read().reasons())
        .singleElement()
        .asString()
        .contains("s: holds bytes that are no text");
    Packaged.Read text =
        packaged.read(
            folder.resolve("file.parquet").toString(),
            Map.of("column", java.util.List.of(Map.of("name", "b", "type", "string"))));
    assertThat(text.column(0)).containsExactly("\u0001", "ü");
    assertThat(text.reasons())
        .singleElement()
        .asString()
        .contains("b: holds bytes")
        .contains("row 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a b", "größe 水", "A-b", "\"q\"", "a\tb"})
  void anyNameIsFound(String name) throws IOException {
    PlainFile file = file("required int32 x; required int32 y;");
    file.rows(new Object[] {1, 2});
    file.change(
        footer -> {
          footer.getSchema().get(1).setName(name);
          footer
              .getRow_groups()
              .get(0)
              .getColumns()
              .get(0)
              .getMeta_data()
              .setPath_in_schema(java.util.List.of(name));
        });

    assertThat(read().records()).containsExactly(java.util.List.of("1", "2"));
    assertThat(
            packaged
                .read(
                    folder.resolve("file.parquet").toString(),
                    Map.of("column", java.util.List.of(Map.of("name", name))))
                .records())
        .containsExactly(java.util.List.of("1"));
  }

  @Test
  void marksWithoutAValueDisturbNothing() throws IOException {
    PlainFile file = file("required int32 x;");
    file.rows(new Object[] {1});
    file.change(
        footer -> {
          footer.unsetCreated_by();
          footer.addToKey_value_metadata(new KeyValue("writer.date.proleptic"));
          footer.addToKey_value_metadata(new KeyValue("org.apache.spark.version"));
        });

    assertThat(read().records()).containsExactly(java.util.List.of("1"));
  }
}
