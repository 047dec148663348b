package io.millrace.files.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.FormatFile;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.Piece;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import java.util.function.UnaryOperator;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.OrcProto.ColumnEncoding.Kind;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.DateColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.storage.ql.exec.vector.UnionColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of ORC's own library, with its default settings and others; and ours in its hands. */
class OrcForeignTest {

  private static final TypeDescription SCALARS =
      TypeDescription.fromString(
          "struct<flag:boolean,tiny:tinyint,small:smallint,whole:int,big:bigint,single:float,"
              + "real:double,price:decimal(10,2),wide:decimal(38,10),text:string,name:varchar(5),"
              + "code:char(4),raw:binary,day:date,clock:timestamp,"
              + "instant:timestamp with local time zone>");

  private static final List<@Nullable String> FIRST =
      List.of(
          "true",
          "-128",
          "-32768",
          "2147483647",
          "-9223372036854775808",
          "0.5",
          "-1.0E300",
          "-99999999.99",
          "1234567890123456789012345678.0123456789",
          "üñí 😀",
          "abcde",
          "ab",
          "0x00ff",
          "2024-02-29",
          "2024-07-01 12:34:56.789012",
          "2024-07-01 16:34:56.789012Z");

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("file.orc");
  }

  private PlainOrc plain() {
    return new PlainOrc(path());
  }

  private FormatFile ours() {
    return new FormatFile(new OrcFormat("zlib", TestContext.create().task()), path());
  }

  private List<List<@Nullable String>> records() throws IOException {
    FormatFile.Read read = ours().read();
    assertThat(read.context().dirty().entries()).isEmpty();
    return read.records();
  }

  /** The first row of three has the values, the second is NULL, the third has others. */
  private static void scalars(VectorizedRowBatch vectors, int at, int row) {
    if (row % 3 == 1) {
      for (var vector : vectors.cols) {
        vector.noNulls = false;
        vector.isNull[at] = true;
      }
      return;
    }
    boolean first = row % 3 == 0;
    long[] longs = first ? new long[] {1, -128, -32768, 2147483647, Long.MIN_VALUE} : new long[5];
    for (int i = 0; i < longs.length; i++) {
      ((LongColumnVector) vectors.cols[i]).vector[at] = longs[i];
    }
    ((DoubleColumnVector) vectors.cols[5]).vector[at] = first ? 0.5 : 0;
    ((DoubleColumnVector) vectors.cols[6]).vector[at] = first ? -1e300 : 0;
    decimal(vectors, 7, at, first ? "-99999999.99" : "0");
    decimal(vectors, 8, at, first ? "1234567890123456789012345678.0123456789" : "0");
    text(vectors, 9, at, first ? "üñí 😀" : "");
    text(vectors, 10, at, first ? "abcdefgh" : "");
    text(vectors, 11, at, first ? "ab" : "");
    byte[] raw = first ? new byte[] {0, -1} : new byte[0];
    ((BytesColumnVector) vectors.cols[12]).setVal(at, raw);
    ((LongColumnVector) vectors.cols[13]).vector[at] =
        first ? LocalDate.of(2024, 2, 29).toEpochDay() : 0;
    // Default settings: wall clocks are handed over in the zone of the JVM, which is New York here.
    Timestamp clock =
        Timestamp.valueOf(first ? "2024-07-01 12:34:56.789012" : "1970-01-02 00:00:00");
    ((TimestampColumnVector) vectors.cols[14]).set(at, clock);
    Instant instant = Instant.parse(first ? "2024-07-01T16:34:56.789012Z" : "1970-01-02T00:00:00Z");
    ((TimestampColumnVector) vectors.cols[15]).set(at, Timestamp.from(instant));
  }

  private static void decimal(VectorizedRowBatch vectors, int column, int at, String value) {
    ((DecimalColumnVector) vectors.cols[column])
        .vector[at].set(HiveDecimal.create(new BigDecimal(value)));
  }

  private static void text(VectorizedRowBatch vectors, int column, int at, String value) {
    ((BytesColumnVector) vectors.cols[column]).setVal(at, PlainOrc.utf8(value));
  }

  private static List<List<@Nullable String>> expected(int rows) {
    List<@Nullable String> nothing = Arrays.asList(new String[FIRST.size()]);
    List<@Nullable String> zeros =
        List.of(
            "false",
            "0",
            "0",
            "0",
            "0",
            "0.0",
            "0.0",
            "0.00",
            "0.0000000000",
            "",
            "",
            "",
            "0x",
            "1970-01-01",
            "1970-01-02 00:00:00.000000",
            "1970-01-02 00:00:00.000000Z");
    List<List<@Nullable String>> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      all.add(row % 3 == 0 ? FIRST : row % 3 == 1 ? nothing : zeros);
    }
    return all;
  }

  private void requireScalars(int rows, UnaryOperator<OrcFile.WriterOptions> options)
      throws IOException {
    plain().write(SCALARS, rows, options, OrcForeignTest::scalars);

    List<List<@Nullable String>> records = records();
    assertThat(records.subList(0, Math.min(3, rows))).isEqualTo(expected(Math.min(3, rows)));
    assertThat(records.equals(expected(rows))).isTrue();
  }

  @Test
  void theDefaultSettingsOfTheLibrary() throws IOException {
    requireScalars(3, options -> options);
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionKind.class,
      names = {"NONE", "ZLIB", "SNAPPY", "LZO", "LZ4", "ZSTD"})
  void everyCompression(CompressionKind kind) throws IOException {
    requireScalars(20_000, options -> options.compress(kind));
  }

  @Test
  void theEncodingsOfVersion11() throws IOException {
    requireScalars(5_000, options -> options.version(OrcFile.Version.V_0_11));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void textsWithAndWithoutDictionary(String threshold) throws IOException {
    requireScalars(
        5_000,
        options -> {
          options
              .getConfiguration()
              .set(OrcConf.DICTIONARY_KEY_SIZE_THRESHOLD.getAttribute(), threshold);
          return options;
        });
  }

  @Test
  void noIndexes() throws IOException {
    requireScalars(5_000, options -> options.rowIndexStride(0));
  }

  @Test
  void bloomFilters() throws IOException {
    requireScalars(
        5_000, options -> options.rowIndexStride(1000).bloomFilterColumns("big,text,price,day"));
  }

  @Test
  void manyStripesWithPadding() throws IOException {
    requireScalars(
        30_000,
        options ->
            options
                .compress(CompressionKind.NONE)
                .stripeSize(64 << 10)
                .blockSize(100_000)
                .blockPadding(true)
                .paddingTolerance(1));

    assertThat(plain().open().getStripes()).hasSizeGreaterThan(3);
    List<Piece> pieces = ours().cut(1);
    assertThat(pieces).hasSize(plain().open().getStripes().size());
    assertThat(ours().read(pieces).records().equals(expected(30_000))).isTrue();
  }

  @Test
  void aFileWithoutRows() throws IOException {
    plain().write(SCALARS, 0, options -> options, OrcForeignTest::scalars);

    assertThat(records()).isEmpty();
    assertThat(ours().discover().size()).isEqualTo(16);
  }

  /** ORC's own writer counts a value that repeats through a batch once in such a column's sum. */
  @ParameterizedTest
  @ValueSource(strings = {"double", "float", "decimal(10,2)", "decimal(38,10)"})
  void sumsOfRepeatedValuesAreNoProofOfDamage(String type) throws IOException {
    TypeDescription schema = TypeDescription.fromString("struct<v:" + type + ">");
    plain()
        .writeBatches(
            schema,
            options -> options,
            writer -> {
              for (int value : new int[] {3, 0, -7}) {
                VectorizedRowBatch vectors =
                    schema.createRowBatch(TypeDescription.RowBatchVersion.USE_DECIMAL64, 1024);
                vectors.cols[0].isRepeating = true;
                if (vectors.cols[0] instanceof DoubleColumnVector reals) {
                  reals.vector[0] = value;
                } else if (vectors.cols[0] instanceof LongColumnVector whole) {
                  whole.vector[0] = value * 100L;
                } else {
                  decimal(vectors, 0, 0, Integer.toString(value));
                }
                vectors.size = 1000;
                PlainOrc.add(writer, vectors);
              }
            });

    List<List<@Nullable String>> records = records();
    assertThat(records).hasSize(3000);
    assertThat(records.get(2999).get(0)).startsWith("-7");
  }

  /** The first writer of the format, in Hive 0.11, ended its files without the magic. */
  @ParameterizedTest
  @EnumSource(
      value = CompressionKind.class,
      names = {"NONE", "ZLIB"})
  void noMagicAtTheEnd(CompressionKind kind) throws IOException {
    plain().write(SCALARS, 5000, options -> options.compress(kind), OrcForeignTest::scalars);
    patchScript(OrcProto.PostScript.Builder::clearMagic);

    assertThat(records().equals(expected(5000))).isTrue();
  }

  @Test
  void compressionWithoutABlockSizeHasThatOfTheFormat() throws IOException {
    plain().write(SCALARS, 5000, options -> options, OrcForeignTest::scalars);
    patchScript(OrcProto.PostScript.Builder::clearCompressionBlockSize);

    assertThat(records().equals(expected(5000))).isTrue();
  }

  @Test
  void anEncryptedFileIsRefusedByName() throws IOException {
    HandMade file = new HandMade("struct<id:bigint>");
    file.encryption(
        OrcProto.Encryption.newBuilder()
            .addKey(
                OrcProto.EncryptionKey.newBuilder()
                    .setKeyName("pii")
                    .setKeyVersion(1)
                    .setAlgorithm(OrcProto.EncryptionAlgorithm.AES_CTR_128))
            .addVariants(OrcProto.EncryptionVariant.newBuilder().setRoot(1).setKey(0))
            .setKeyProvider(OrcProto.KeyProviderKind.HADOOP)
            .build());
    Files.write(path(), file.file());

    assertThatThrownBy(this::records)
        .hasMessageContaining("encrypted columns, which are not supported");
  }

  /** Writes the file's postscript anew. */
  private void patchScript(UnaryOperator<OrcProto.PostScript.Builder> change) throws IOException {
    byte[] file = Files.readAllBytes(path());
    int from = file.length - 1 - (file[file.length - 1] & 0xff);
    byte[] script =
        change
            .apply(
                OrcProto.PostScript.parseFrom(Arrays.copyOfRange(file, from, file.length - 1))
                    .toBuilder())
            .build()
            .toByteArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, from);
    out.writeBytes(script);
    out.write(script.length);
    Files.write(path(), out.toByteArray());
  }

  @Test
  void stripesWithoutRows() throws IOException {
    List<OrcProto.ColumnEncoding> encodings =
        List.of(HandMade.encoding(Kind.DIRECT, 0), HandMade.encoding(Kind.DIRECT_V2, 0));
    HandMade file = new HandMade("struct<id:bigint>");
    HandMade.Stream seven =
        new HandMade.Stream(1, OrcProto.Stream.Kind.DATA, HandMade.bytes(0, 14));
    file.stripe(0, encodings);
    file.stripe(3, encodings, seven);
    file.stripe(0, encodings);
    file.stripe(3, encodings, seven);
    file.stripe(0, encodings);
    Files.write(path(), file.file());

    assertThat(records()).hasSize(6).containsOnly(List.of("7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Asia/Shanghai", "America/New_York", "UTC"})
  void wallClocksAreThoseOfTheWriterWhateverItsZone(String zone) throws IOException {
    TimeZone before = TimeZone.getDefault();
    TypeDescription schema = TypeDescription.fromString("struct<clock:timestamp>");
    List<String> clocks =
        List.of("2024-03-31 02:30:00", "1965-01-01 00:00:00.5", "2024-11-03 12:00:00.123456");
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      plain()
          .write(
              schema,
              clocks.size(),
              options -> options,
              (vectors, at, row) ->
                  ((TimestampColumnVector) vectors.cols[0])
                      .set(at, Timestamp.valueOf(clocks.get(row))));
    } finally {
      TimeZone.setDefault(before);
    }

    assertThat(records())
        .containsExactly(
            List.of("2024-03-31 02:30:00.000000"),
            List.of("1965-01-01 00:00:00.500000"),
            List.of("2024-11-03 12:00:00.123456"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void daysOfBothCalendars(boolean proleptic) throws IOException {
    GregorianCalendar old = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    old.clear();
    old.set(1500, GregorianCalendar.MARCH, 1);
    long day =
        proleptic
            ? LocalDate.of(1500, 3, 1).toEpochDay()
            : Math.floorDiv(old.getTimeInMillis(), 86_400_000L);
    assertThat(day == LocalDate.of(1500, 3, 1).toEpochDay()).isEqualTo(proleptic);
    long[] days = {day, LocalDate.of(1582, 10, 15).toEpochDay(), 0};
    plain()
        .write(
            TypeDescription.fromString("struct<day:date>"),
            days.length,
            options -> options.setProlepticGregorian(proleptic),
            (vectors, at, row) -> {
              DateColumnVector dates = (DateColumnVector) vectors.cols[0];
              dates.setUsingProlepticCalendar(proleptic);
              dates.vector[at] = days[row];
            });

    assertThat(records())
        .containsExactly(List.of("1500-03-01"), List.of("1582-10-15"), List.of("1970-01-01"));
  }

  @Test
  void nestedColumnsWithinEachOther() throws IOException {
    TypeDescription schema =
        TypeDescription.fromString(
            "struct<id:int,deep:struct<list:array<map<string,uniontype<int,array<string>>>>,"
                + "day:date>>");
    plain()
        .writeBatches(
            schema,
            options -> options,
            writer -> {
              VectorizedRowBatch vectors = schema.createRowBatch();
              ((LongColumnVector) vectors.cols[0]).vector[1] = 1;
              StructColumnVector deep = (StructColumnVector) vectors.cols[1];
              deep.noNulls = false;
              deep.isNull[1] = true;
              ListColumnVector list = (ListColumnVector) deep.fields[0];
              list.lengths[0] = 2;
              list.childCount = 2;
              ((LongColumnVector) deep.fields[1]).vector[0] = 1;
              MapColumnVector map = (MapColumnVector) list.child;
              map.lengths[0] = 2; // the second map is empty
              map.offsets[1] = 2;
              map.childCount = 2;
              BytesColumnVector keys = (BytesColumnVector) map.keys;
              keys.setVal(0, PlainOrc.utf8("a\"b"));
              keys.setVal(1, PlainOrc.utf8("c"));
              UnionColumnVector union = (UnionColumnVector) map.values;
              ((LongColumnVector) union.fields[0]).vector[0] = 7;
              union.tags[1] = 1;
              ListColumnVector texts = (ListColumnVector) union.fields[1];
              texts.lengths[1] = 2;
              texts.childCount = 2;
              BytesColumnVector text = (BytesColumnVector) texts.child;
              text.setVal(0, PlainOrc.utf8("x"));
              text.noNulls = false;
              text.isNull[1] = true;
              vectors.size = 2;
              PlainOrc.add(writer, vectors);
            });

    assertThat(records())
        .containsExactly(
            List.of(
                "0", "{\"list\":[{\"a\\\"b\":7,\"c\":[\"x\",null]},{}],\"day\":\"1970-01-02\"}"),
            Arrays.asList("1", null));
  }

  @Test
  void columnsAreFoundByNameInFilesOfAnotherOrder() throws IOException {
    plain()
        .write(
            TypeDescription.fromString("struct<b:string,more:double,a:bigint>"),
            2,
            options -> options,
            (vectors, at, row) -> {
              text(vectors, 0, at, "b" + row);
              ((LongColumnVector) vectors.cols[2]).vector[at] = row;
            });
    Schema schema =
        Schema.of(
            Field.of("a", ColumnType.INT64),
            Field.of("b", ColumnType.STRING),
            Field.of("c", ColumnType.DATE));
    List<ColumnSource> sources = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      sources.add(new ColumnSource(-1, schema.field(i).name(), null, null));
    }
    List<Piece> whole = List.of(Piece.whole(Files.size(path())));

    assertThat(ours().read(whole, new Columns(schema, sources, false, true)).records())
        .containsExactly(Arrays.asList("0", "b0", null), Arrays.asList("1", "b1", null));
    assertThatThrownBy(() -> ours().read(whole, new Columns(schema, sources, false, false)))
        .hasMessageContaining("'c'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zlib", "snappy", "zstd", "lz4"})
  void theLibraryReadsWhatMillraceWrites(String compression) throws IOException {
    Schema schema =
        Schema.of(
            Field.of("flag", ColumnType.BOOLEAN),
            Field.of("whole", ColumnType.INT64).withBits(32, false),
            Field.of("huge", ColumnType.INT64).withBits(64, true),
            Field.of("real", ColumnType.FLOAT64),
            Field.decimal("price", 12, 3),
            Field.decimal("wide", 38, 2),
            Field.of("text", ColumnType.STRING),
            Field.of("raw", ColumnType.BYTES),
            Field.of("day", ColumnType.DATE),
            Field.of("clock", ColumnType.DATETIME),
            Field.of("instant", ColumnType.TIMESTAMP));
    Sample sample =
        Sample.of(
            schema,
            Arrays.asList(
                true,
                -5L,
                -1L,
                0.25,
                new BigDecimal("-1.500"),
                new BigDecimal("123456789012345678901234567890.12"),
                "üñí",
                new byte[] {'a', 'b'},
                LocalDate.of(1500, 3, 1),
                LocalDateTime.of(2024, 3, 10, 2, 30, 0, 120_000_000),
                Instant.parse("1965-11-03T05:30:00.5Z")),
            Arrays.asList(new Object[11]));
    new FormatFile(new OrcFormat(compression, TestContext.create().task()), path())
        .write(sample.batch());

    assertThat(plain().open().getSchema().toString())
        .isEqualTo(
            "struct<flag:boolean,whole:int,huge:decimal(20,0),real:double,price:decimal(12,3),"
                + "wide:decimal(38,2),text:string,raw:binary,day:date,clock:timestamp,"
                + "instant:timestamp with local time zone>");
    assertThat(plain().read())
        .containsExactly(
            List.of(
                "1",
                "-5",
                "18446744073709551615",
                "0.25",
                "-1.5",
                "123456789012345678901234567890.12",
                "\"üñí\"",
                "\"ab\"",
                Long.toString(LocalDate.of(1500, 3, 1).toEpochDay()),
                "2024-03-10 02:30:00.120",
                "1965-11-03 05:30:00.500"),
            Collections.nCopies(11, "null"));
    assertThat(plain().open().getMetadataKeys()).containsExactly("millrace.crc");
  }
}
