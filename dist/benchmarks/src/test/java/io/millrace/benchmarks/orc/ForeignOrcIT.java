package io.millrace.benchmarks.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.parquet.Packaged;
import io.millrace.testkit.sample.SameRecords;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of the versions of ORC's own library that Hive and Spark have brought along: each value is
 * what that version wrote, and each version reads what Millrace writes.
 */
@Timeout(600)
class ForeignOrcIT {

  private static final String COLUMNS =
      "flag:boolean,tiny:tinyint,small:smallint,whole:int,big:bigint,single:float,real:double,"
          + "price:decimal(10,2),wide:decimal(38,10),text:string,name:varchar(20),code:char(4),"
          + "raw:binary,day:date,clock:timestamp,list:array<int>,map:map<string,bigint>,"
          + "pair:struct<a:int,b:string,c:array<string>>,either:uniontype<int,string>";

  /** Eight batches, so that each column has each pattern; the last one is not full. */
  private static final int ROWS = 8 * 1024 - 7;

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

  static Stream<String> versions() throws IOException {
    return OrcLibrary.versions().stream();
  }

  private static boolean isBefore(String version, String other) {
    int[] one = Stream.of(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    int[] two = Stream.of(other.split("\\.")).mapToInt(Integer::parseInt).toArray();
    return Arrays.compare(one, two) < 0;
  }

  /** What was not there in the first versions is left out. */
  private static String columns(String version) {
    return isBefore(version, "1.6.0")
        ? COLUMNS
        : COLUMNS + ",instant:timestamp with local time zone";
  }

  /** Each version with each codec, and with the settings that decide about encodings. */
  static Stream<Arguments> files() throws IOException {
    List<Arguments> files = new ArrayList<>();
    for (String version : OrcLibrary.versions()) {
      List<String> codecs = new ArrayList<>(List.of("NONE", "ZLIB", "SNAPPY", "LZO", "LZ4"));
      if (!isBefore(version, "1.6.0")) {
        codecs.add("ZSTD");
      }
      for (String codec : codecs) {
        files.add(Arguments.of(version, Map.of("orc.compress", codec)));
      }
      files.add(Arguments.of(version, Map.of("orc.write.format", "0.11")));
      files.add(Arguments.of(version, Map.of("orc.dictionary.key.threshold", "0")));
      files.add(Arguments.of(version, Map.of("orc.dictionary.key.threshold", "1")));
      files.add(Arguments.of(version, Map.of("orc.encoding.strategy", "COMPRESSION")));
      files.add(Arguments.of(version, Map.of("orc.row.index.stride", "0")));
      files.add(
          Arguments.of(
              version,
              Map.of(
                  "orc.stripe.size", "65536",
                  "orc.compress.size", "4096",
                  "orc.row.index.stride", "1000",
                  "orc.bloom.filter.columns", "big,text,price")));
    }
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyValueIsWhatTheLibraryWrote(String version, Map<String, String> settings)
      throws Exception {
    Path file = folder.resolve("file.orc");
    List<List<@Nullable String>> written;
    List<List<@Nullable String>> own;
    try (OrcLibrary library = OrcLibrary.open(version)) {
      written = library.write(file, columns(version), ROWS, settings);
      own = library.read(file);
    }

    Packaged.Read read = packaged.read(file.toString(), Map.of("fileFormat", "orc"));

    assertThat(read.failure()).isNull();
    assertThat(read.reasons()).isEmpty();
    // What the library makes of its own file is no proof, but tells whose fault a difference is.
    SameRecords.require(own, written);
    SameRecords.require(read.records(), written);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachVersionReadsWhatMillraceWrites(String version) throws Exception {
    EnumSet<TypeCase> types =
        EnumSet.of(
            TypeCase.BOOLEAN,
            TypeCase.INT8,
            TypeCase.INT16,
            TypeCase.INT32,
            TypeCase.INT64,
            TypeCase.FLOAT32,
            TypeCase.FLOAT64,
            TypeCase.DECIMAL_COMPACT,
            TypeCase.DECIMAL_WHOLE,
            TypeCase.STRING,
            TypeCase.STRING_LONG,
            TypeCase.BYTES);
    if (!isBefore(version, "1.6.0")) {
      types.add(TypeCase.TIMESTAMP);
    }
    Sample sample = Sample.types(types);
    List<String> codecs =
        isBefore(version, "1.6.0")
            ? List.of("none", "zlib", "snappy", "lz4")
            : List.of("none", "zlib", "snappy", "lz4", "zstd");
    try (OrcLibrary library = OrcLibrary.open(version)) {
      for (String codec : codecs) {
        Path file =
            packaged.write(
                folder.resolve(codec), Map.of("fileFormat", "orc", "compress", codec), sample);
        SameRecords.require(library.read(file), sample.texts());
      }
    }
  }

  @Test
  void theVersionsOfHiveAndSparkAreThere() throws IOException {
    assertThat(OrcLibrary.versions())
        .extracting(each -> each.substring(0, each.indexOf('.', 2)))
        .containsExactly("1.5", "1.6", "1.7", "1.8", "1.9", "2.1");
  }
}
