package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages, row groups and footers as plain parquet-java writes them, whole and damaged. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignPagesIT {

  private static final String COLUMNS =
      "required int64 id; optional boolean b; optional int32 i; optional int64 l; optional float f;"
          + " optional double d; optional binary s (UTF8); optional fixed_len_byte_array(5) x;";
  private static final int ROWS = 3000;
  private static final int CHANGES = Boolean.getBoolean("millrace.test.full") ? 5000 : 400;

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

  private Path path() {
    return folder.resolve("file.parquet");
  }

  /** Rows of a seed; some columns repeat their values, so that a dictionary pays. */
  private static @Nullable Object[][] rows(int count, int seed) {
    Random random = new Random(seed);
    @Nullable Object[][] rows = new @Nullable Object[count][];
    for (int row = 0; row < count; row++) {
      byte[] bytes = new byte[5];
      random.nextBytes(bytes);
      rows[row] =
          new @Nullable Object[] {
            (long) row,
            random.nextBoolean(),
            random.nextInt(20) * 1000,
            random.nextLong(),
            random.nextFloat(),
            random.nextInt(9) / 4.0,
            "text " + random.nextInt(row % 2 == 0 ? 5 : 100_000),
            bytes
          };
      for (int i = 1; i < 8; i++) {
        if (random.nextInt(6) == 0 || row / 200 == i) {
          rows[row][i] = null;
        }
      }
    }
    return rows;
  }

  private static List<List<@Nullable String>> texts(@Nullable Object[][] rows) {
    List<List<@Nullable String>> texts = new ArrayList<>();
    for (@Nullable Object[] row : rows) {
      List<@Nullable String> values = new ArrayList<>();
      for (Object each : row) {
        values.add(
            each instanceof byte[] bytes
                ? "0x" + HexFormat.of().formatHex(bytes)
                : each instanceof Float single
                    ? Double.toString(single)
                    : each == null ? null : each.toString());
      }
      texts.add(values);
    }
    return texts;
  }

  private PlainFile write(
      UnaryOperator<ExampleParquetWriter.Builder> settings, @Nullable Object[][] rows)
      throws IOException {
    return new PlainFile(path(), COLUMNS).with(settings).rows(rows);
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0, UNCOMPRESSED",
    "PARQUET_1_0, SNAPPY",
    "PARQUET_1_0, GZIP",
    "PARQUET_1_0, ZSTD",
    "PARQUET_1_0, LZ4_RAW",
    "PARQUET_2_0, UNCOMPRESSED",
    "PARQUET_2_0, SNAPPY",
    "PARQUET_2_0, GZIP",
    "PARQUET_2_0, ZSTD",
    "PARQUET_2_0, LZ4_RAW"
  })
  void everyEncodingOfManyPagesIsReadInEachCompression(
      WriterVersion version, CompressionCodecName codec) throws IOException {
    Set<Encoding> seen = EnumSet.noneOf(Encoding.class);
    for (int kind = 0; kind < 4; kind++) {
      int choice = kind;
      @Nullable Object[][] rows = rows(ROWS, kind);
      PlainFile file =
          write(
              each ->
                  each.withWriterVersion(version)
                      .withCompressionCodec(codec)
                      .withRowGroupRowCountLimit(choice % 2 == 0 ? 700 : 100_000)
                      .withPageRowCountLimit(90)
                      .withDictionaryEncoding(choice < 2)
                      .withByteStreamSplitEncoding(choice == 3)
                      .withPageWriteChecksumEnabled(choice % 2 == 0)
                      .withStatisticsEnabled(choice != 1),
              rows);
      for (RowGroup group : file.footer().getRow_groups()) {
        group.getColumns().forEach(each -> seen.addAll(each.getMeta_data().getEncodings()));
      }

      Packaged.Read read = packaged.read(path());

      assertThat(read.failure()).isNull();
      assertThat(read.reasons()).isEmpty();
      assertThat(read.records()).isEqualTo(texts(rows));
    }
    assertThat(seen).contains(Encoding.PLAIN, Encoding.BYTE_STREAM_SPLIT, Encoding.RLE);
    if (version == WriterVersion.PARQUET_2_0) {
      assertThat(seen)
          .contains(
              Encoding.RLE_DICTIONARY, Encoding.DELTA_BINARY_PACKED, Encoding.DELTA_BYTE_ARRAY);
    } else {
      assertThat(seen).contains(Encoding.PLAIN_DICTIONARY);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodec.class,
      names = {"LZO", "BROTLI", "LZ4"})
  void whatItCannotUnfoldIsToldByName(CompressionCodec codec) throws IOException {
    write(each -> each, rows(1, 1))
        .change(
            footer ->
                footer
                    .getRow_groups()
                    .forEach(
                        group ->
                            group
                                .getColumns()
                                .forEach(each -> each.getMeta_data().setCodec(codec))));

    assertThat(packaged.read(path()).failure())
        .contains("file.parquet cannot be read: its compression " + codec + " is not supported");
  }

  @Test
  void aFileWithoutRowsAndGroupsWithoutRowsAreRead() throws IOException {
    write(each -> each, new Object[0][]);
    Packaged.Read none = packaged.read(path());
    assertThat(none.failure()).isNull();
    assertThat(none.records()).isEmpty();

    write(each -> each.withRowGroupRowCountLimit(10), rows(25, 1))
        .change(
            footer -> {
              RowGroup empty = footer.getRow_groups().get(0).deepCopy();
              empty.setNum_rows(0);
              empty.getColumns().forEach(each -> each.getMeta_data().setNum_values(0));
              for (int at : new int[] {0, 2, 5}) {
                footer.getRow_groups().add(at, empty);
              }
            });
    assertThat(packaged.read(path()).records()).isEqualTo(texts(rows(25, 1)));
  }

  @Test
  void aWrongChecksumNamesTheColumn() throws IOException {
    for (boolean checked : new boolean[] {true, false}) {
      PlainFile file =
          write(
              each ->
                  each.withPageWriteChecksumEnabled(checked)
                      .withDictionaryEncoding(false)
                      .withRowGroupSize(1_000_000L),
              rows(50, 1));
      var last = file.footer().getRow_groups().get(0).getColumns().get(7).getMeta_data();
      byte[] bytes = Files.readAllBytes(path());
      int end = (int) (last.getData_page_offset() + last.getTotal_compressed_size());
      bytes[end - 1] ^= 1;
      Files.write(path(), bytes);

      Packaged.Read read = packaged.read(path());

      if (checked) {
        assertThat(read.failure())
            .contains("file.parquet cannot be read: column 'x': a page's checksum is wrong");
      } else {
        assertThat(read.records()).hasSize(50).isNotEqualTo(texts(rows(50, 1)));
      }
    }
  }

  @Test
  void anEncryptedFileIsOneLine() throws IOException {
    byte[] key = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    write(each -> each.withEncryption(FileEncryptionProperties.builder(key).build()), rows(10, 1));
    assertThat(packaged.read(path()).failure()).contains("it is encrypted parquet");

    write(
        each ->
            each.withEncryption(
                FileEncryptionProperties.builder(key).withPlaintextFooter().build()),
        rows(10, 1));
    assertThat(packaged.read(path()).failure()).contains("it is encrypted parquet");
  }

  @Test
  void aFooterThatClaimsBillionsOfRowsIsOneLine() throws IOException {
    long claimed = 5_000_000_000L;
    PlainFile file = write(each -> each, rows(10, 1));
    file.change(
        footer -> {
          footer.setNum_rows(claimed);
          RowGroup group = footer.getRow_groups().get(0);
          group.setNum_rows(claimed);
          group.getColumns().forEach(each -> each.getMeta_data().setNum_values(claimed));
        });
    assertThat(packaged.read(path()).failure())
        .contains("column 'id': it ends in the middle of a page, or has fewer pages than values");

    file = write(each -> each, rows(10, 1));
    file.change(footer -> footer.setNum_rows(claimed));
    assertThat(packaged.read(path()).failure())
        .contains("its row groups have 10 rows, the file says 5000000000");

    file = write(each -> each, rows(10, 1));
    file.change(
        footer -> {
          footer.setNum_rows(claimed);
          footer.getRow_groups().get(0).setNum_rows(claimed);
        });
    assertThat(packaged.read(path()).failure())
        .contains("column 'id' has 10 values for 5000000000 rows");
  }

  @Test
  void groupsThatLieElsewhereAreOneLine() throws IOException {
    PlainFile file = write(each -> each, rows(10, 1));
    file.change(footer -> data(footer.getRow_groups()).setTotal_compressed_size(1L << 40));
    assertThat(packaged.read(path()).failure()).contains("column 'id' would lie outside the file");

    file = write(each -> each, rows(10, 1));
    file.change(
        footer -> footer.getRow_groups().get(0).getColumns().get(0).setFile_path("other.parquet"));
    assertThat(packaged.read(path()).failure()).contains("its column 'id' is in another file");

    file = write(each -> each, rows(10, 1));
    file.change(footer -> footer.getSchema().get(0).setNum_children(9));
    assertThat(packaged.read(path()).failure()).contains("a schema that does not add up");

    file = write(each -> each, rows(10, 1));
    file.change(
        footer -> {
          SchemaElement last = footer.getSchema().get(8);
          last.unsetType();
          last.setNum_children(0);
        });
    assertThat(packaged.read(path()).failure()).contains("its group 'x' has no columns");

    file = write(each -> each, rows(10, 1));
    file.change(footer -> footer.getSchema().get(8).setName("s"));
    assertThat(packaged.read(path()).failure()).contains("it has two columns s");
  }

  private static org.apache.parquet.format.ColumnMetaData data(List<RowGroup> groups) {
    ColumnChunk first = groups.get(0).getColumns().get(0);
    return first.getMeta_data();
  }

  /** Bytes changed and cut off: a line, dirty records or other values, never another number. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void damageIsALineOrDirtyOrOtherValuesButNeverAnotherNumberOfRows(int kind) throws IOException {
    int count = 120;
    @Nullable Object[][] rows = rows(count, kind);
    boolean checked = kind % 3 == 0;
    PlainFile file =
        write(
            each ->
                each.withWriterVersion(WriterVersion.values()[kind % 2])
                    .withCompressionCodec(
                        kind < 2 ? CompressionCodecName.UNCOMPRESSED : CompressionCodecName.SNAPPY)
                    .withPageWriteChecksumEnabled(checked)
                    .withPageRowCountLimit(50)
                    .withRowGroupRowCountLimit(70)
                    .withDictionaryEncoding(kind != 4)
                    .withByteStreamSplitEncoding(kind == 4),
            rows);
    damage(file, kind, count);
  }

  @ParameterizedTest
  @EnumSource(WriterVersion.class)
  void damageOfNestedColumnsDoesNoMore(WriterVersion version) throws IOException {
    Random random = new Random(1);
    List<Consumer<Group>> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      rows.add(row -> nested(row, random));
    }
    PlainFile file =
        new PlainFile(
                path(),
                "optional group names (LIST) { repeated group list { optional binary element"
                    + " (UTF8); } } optional group sizes (MAP) { repeated group key_value { required"
                    + " binary key (UTF8); optional int32 value; } } repeated int64 plain;"
                    + " optional group g { optional group h { optional double d; } }")
            .with(
                each ->
                    each.withWriterVersion(version)
                        .withPageWriteChecksumEnabled(false)
                        .withPageRowCountLimit(50))
            .groups(rows);

    damage(file, 7, 120);
  }

  private static void nested(Group row, Random random) {
    if (random.nextInt(5) > 0) {
      Group names = row.addGroup("names");
      Group sizes = row.addGroup("sizes");
      for (int i = random.nextInt(4); i > 0; i--) {
        Group element = names.addGroup("list");
        if (random.nextBoolean()) {
          element.add("element", "text " + random.nextInt(30));
        }
        sizes.addGroup("key_value").append("key", "k" + i).append("value", random.nextInt());
        row.append("plain", random.nextLong());
      }
    }
    if (random.nextBoolean()) {
      row.addGroup("g").addGroup("h").append("d", random.nextDouble());
    }
  }

  private void damage(PlainFile file, int seed, int count) throws IOException {
    List<List<@Nullable String>> expected = packaged.read(path()).records();
    assertThat(expected).hasSize(count);
    byte[] good = Files.readAllBytes(path());
    int footer = PlainFile.footerStart(good);
    long pages =
        file.footer().getRow_groups().stream()
            .flatMap(each -> each.getColumns().stream())
            .mapToLong(each -> each.getMeta_data().getTotal_compressed_size())
            .sum();
    Random random = new Random(seed);
    int failed = 0;
    int other = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] bad = good.clone();
      // A third in the footer, which is small; page indexes stand between it and the pages.
      boolean inFooter = i % 3 == 0;
      for (int k = random.nextInt(2); k >= 0; k--) {
        int at =
            inFooter
                ? footer + random.nextInt(good.length - footer)
                : 4 + random.nextInt((int) pages);
        bad[at] =
            (byte) (random.nextBoolean() ? bad[at] ^ 1 << random.nextInt(8) : random.nextInt());
      }
      Files.write(path(), bad);
      Packaged.Read read = packaged.read(path());
      if (read.failure() != null) {
        failed++;
        continue;
      }
      assertThat(read.records().size() + read.reasons().size()).as("change %d", i).isEqualTo(count);
      boolean same = read.records().equals(expected);
      other += same ? 0 : 1;
      // With checksums, pages of version 1 hold nothing that can be changed unseen.
      assertThat(same || seed != 0 || inFooter).as("change %d in a page", i).isTrue();
    }
    for (int length = 1; length < good.length; length += 97) {
      Files.write(path(), java.util.Arrays.copyOf(good, length));
      assertThat(packaged.read(path()).failure()).as("%d bytes", length).isNotNull();
    }
    System.out.printf("seed %d: %d of %d refused, %d other values%n", seed, failed, CHANGES, other);
    assertThat(failed).isGreaterThan(CHANGES / 10);
  }
}
