package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DataX's tasks mean where they say nothing, told by the name of the connector. */
class DataxMeaningTest {

  private static final List<Map<String, Object>> FIVE =
      List.of(
          Map.of("index", 0, "type", "long"),
          Map.of("index", "1", "type", "Boolean"),
          Map.of("index", 2, "type", "double"),
          Map.of("index", 3, "type", "STRING"),
          Map.of("index", 4, "type", "date", "format", "yyyy.MM.dd"));

  @TempDir Path folder;

  private void put(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Rows.Read read(String path, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", List.of(folder + "/" + path));
    options.put("fieldDelimiter", ",");
    options.put("column", List.of("*"));
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return Rows.read(new TxtFileConnector(), options);
  }

  @Test
  void theNamesOfDataxAndDataworksAreConnectorsOfTheirOwn() {
    List<Connector> all =
        List.of(
            new FilesConnector(),
            new TxtFileConnector(),
            new ObjectsConnector(),
            new OssConnector());
    assertThat(all)
        .extracting(c -> c.info().name())
        .containsExactly("files", "txtfile", "s3", "oss");
    assertThat(all)
        .flatExtracting(c -> c.info().aliases())
        .contains("txtfilereader", "txtfilewriter", "ossreader", "osswriter")
        .doesNotHaveDuplicates();
  }

  /** One file for each split of the task counts there. */
  @Test
  void aFormatThatCannotBeJoinedWantsWholeSplitsWhereTheTaskIsOneOfDatax() {
    Map<String, Boolean> wants =
        Map.of("csv", false, "text", false, "zip", true, "parquet", true, "orc", true);
    wants.forEach(
        (what, whole) -> {
          Map<String, Object> options = new HashMap<>();
          options.put("path", folder.toString());
          options.put("fileName", "out");
          options.put("writeMode", "append");
          options.put(what.equals("zip") ? "compress" : "fileFormat", what);
          TestContext context = TestContext.create();
          try (Writer datax = Rows.writer(new TxtFileConnector(), options, context);
              Writer own = Rows.writer(new FilesConnector(), options, context)) {
            assertThat(datax.wantsWholeSplits()).as(what).isEqualTo(whole);
            assertThat(own.wantsWholeSplits()).as(what).isFalse();
          }
        });
  }

  @Test
  void theExampleOfTxtfilereaderGivesWhatItGivesInDatax() throws IOException {
    put("data/a", "19901219,true,3.1415,\"a,b\",2014.12.31\n-1 , FALSE,1, x ,2024.2.29\n");
    assertThat(read("data", "column", FIVE, "encoding", "UTF-8").records())
        .containsExactly(
            List.of("19901219", "true", "3.1415", "a,b", "2014-12-31 00:00:00"),
            List.of("-1", "false", "1.0", "x", "2024-02-29 00:00:00"));
  }

  @Test
  void theEndingOfANameSaysNothingAboutTheFormat() throws IOException {
    put("quoted.txt", "\"a,b\",\"c\"\"d\"\n");
    put("data.orc", "x,y\n");
    assertThat(read("quoted.txt").records()).containsExactly(List.of("a,b", "c\"d"));
    assertThat(read("data.orc").records()).containsExactly(List.of("x", "y"));
  }

  @Test
  void aStarCrossesFolders() throws IOException {
    put("d/1.csv", "1\n");
    put("d/deep/er/2.csv", "2\n");
    put("d/deep/3.txt", "3\n");
    assertThat(read("d/*.csv").records()).containsExactly(List.of("1"), List.of("2"));
    assertThat(read("d/*").records()).hasSize(3);
  }

  @Test
  void aDateMayHaveATimeOfDayWithoutAFormat() throws IOException {
    put("d.csv", "2014-12-31\n2014-12-31 10:20:30\n");
    assertThat(read("d.csv", "column", List.of(Map.of("index", 0, "type", "date"))).records())
        .containsExactly(List.of("2014-12-31 00:00:00"), List.of("2014-12-31 10:20:30"));
  }

  @Test
  void theCompressionsOfDataxAreKnownByItsNames() throws IOException {
    for (String name : List.of("framing-snappy", "GZIP", "bzip2", "zip")) {
      Map<String, Object> writing = new HashMap<>();
      writing.put("path", folder.resolve(name).toString());
      writing.put("writeMode", "append");
      writing.put("compress", name);
      writing.put("suffix", "");
      Sample sample = Sample.of(Schema.of(Field.of("a", ColumnType.STRING)), List.of("x"));
      Rows.write(new TxtFileConnector(), writing, sample.batch());
      String reading = name.replace("framing", "hadoop");
      assertThat(read(name, "compress", reading).records()).containsExactly(List.of("x"));
    }
  }

  @Test
  void writtenIsTextAndTheOldNameOfDateFormatCounts() throws IOException {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.resolve("result").toString());
    options.put("fileName", "luohw.csv");
    options.put("writeMode", "truncate");
    options.put("format", "yyyy-MM-dd");
    options.put("header", List.of("id", "text", "day"));
    Sample sample =
        Sample.of(
            Schema.of(
                Field.of("id", ColumnType.INT64),
                Field.of("text", ColumnType.STRING),
                Field.of("day", ColumnType.DATETIME).withScale(0)),
            List.of(1L, "a \"b\"", LocalDateTime.of(2014, 12, 31, 10, 0)),
            Arrays.asList(2L, null, LocalDateTime.of(2014, 12, 31, 0, 0)));
    Rows.write(new TxtFileConnector(), options, sample.batch());
    try (Stream<Path> files = Files.list(folder.resolve("result"))) {
      Path file = files.findFirst().orElseThrow();
      assertThat(file.getFileName().toString()).startsWith("luohw.csv__");
      assertThat(Files.readString(file))
          .isEqualTo("id,text,day\n1,a \"b\",2014-12-31\n2,\\N,2014-12-31\n");
    }
  }

  @Test
  void textOfOneColumnHoldsItsDelimiterAsItIsButNoEndOfALine() throws IOException {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.resolve("json").toString());
    options.put("fileName", "x");
    options.put("writeSingleObject", true);
    options.put("writeMode", "truncate");
    Sample sample =
        Sample.of(
            Schema.of(Field.of("document", ColumnType.STRING)),
            List.of("{\"a\":1,\"b\":2}"),
            List.of("two\nlines"));
    assertThat(Rows.write(new TxtFileConnector(), options, sample.batch()).dirty().entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.position()).isEqualTo(1));
    assertThat(Files.readString(folder.resolve("json/x"))).isEqualTo("{\"a\":1,\"b\":2}\n");
    Sample two =
        Sample.of(
            Schema.of(Field.of("a", ColumnType.STRING), Field.of("b", ColumnType.STRING)),
            List.of("1,2", "x"));
    assertThat(Rows.write(new TxtFileConnector(), options, two.batch()).dirty().entries())
        .as("a row that would be read as another one")
        .hasSize(1);
  }
}
