package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A dirty record holds what was read, so that it can be corrected and written later. */
class KeptValuesTest {

  private static final Path FOREIGN = Path.of("src/test/resources/foreign");

  @TempDir Path folder;

  private List<CollectingDirtyRecords.Entry> dirty(String name, byte[] content, Object... more)
      throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content);
    return dirty(file, more);
  }

  private List<CollectingDirtyRecords.Entry> dirty(String name, String content, Object... more)
      throws IOException {
    return dirty(name, content.getBytes(StandardCharsets.UTF_8), more);
  }

  private static List<CollectingDirtyRecords.Entry> dirty(Path file, Object... more) {
    Map<String, Object> options = new HashMap<>(Map.of("path", file.toString()));
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return Rows.read(new FilesConnector(), options, 1, TestContext.create())
        .context()
        .dirty()
        .entries();
  }

  private static Map<String, Object> column(int index, String type) {
    return Map.of("index", index, "type", type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"arrow-fine.parquet", "arrow-fine.orc"})
  void partsOfAMicrosecondAreKeptWithAllTheirDigits(String file) {
    List<CollectingDirtyRecords.Entry> entries = dirty(FOREIGN.resolve(file));
    boolean parquet = file.endsWith("parquet");
    assertThat(entries).hasSize(parquet ? 4 : 3);
    assertThat(entries.get(0).raw().get(1))
        .isEqualTo(new RawValue("TIMESTAMP", 30, "2023-11-14 22:13:20.123456789Z"));
    assertThat(entries.get(0).values()).startsWith("1").contains("1.0000");
    assertThat(entries.get(1).raw().get(2))
        .isEqualTo(new RawValue("DATETIME", 29, "2023-11-14 22:13:20.000000001"));
    if (parquet) {
      assertThat(entries.get(2).raw().get(3))
          .isEqualTo(new RawValue("TIME", 18, "23:59:59.999999999"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"arrow-fine.parquet", "arrow-fine.orc"})
  void ofANestedValueItIsSaidWhatItWas(String file) {
    List<CollectingDirtyRecords.Entry> entries = dirty(FOREIGN.resolve(file));
    RawValue list = entries.get(entries.size() - 1).raw().get(file.endsWith("orc") ? 3 : 4);
    assertThat(list.kept()).isEqualTo(Kept.CUT);
    assertThat(list.text()).contains("2023-11-14 22:13:20.123456789Z");
  }

  @Test
  void anInt96IsKeptWithAllItsDigits() {
    assertThat(dirty(FOREIGN.resolve("arrow-fine-int96.parquet")))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.raw().get(1).text()).isEqualTo("2023-11-14 22:13:20.123456789Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"arrow-fine.parquet", "arrow-fine.orc"})
  void aDecimalThatDoesNotFitItsColumnIsKeptAsTheFileHasIt(String file) {
    List<Map<String, Object>> columns =
        List.of(
            Map.of("name", "id", "type", "long"),
            Map.of("name", "amount", "type", "decimal(10,2)"));
    assertThat(dirty(FOREIGN.resolve(file), "column", columns))
        .singleElement()
        .satisfies(entry -> assertThat(entry.values()).containsExactly("5", "1.2345"));
  }

  @Test
  void whatWasReadWellIsKeptAsWhatItIsAndNotAsTheFileWritesIt() throws IOException {
    List<Object> columns =
        List.of(
            column(0, "long"),
            Map.of("index", 1, "type", "date", "format", "yyyy/MM/dd"),
            column(2, "timestamp"),
            column(3, "bytes"),
            column(4, "string"),
            Map.of("value", "7", "type", "long"),
            column(5, "string"));
    List<CollectingDirtyRecords.Entry> entries =
        dirty(
            "a.csv",
            "bad,2024/01/05,2024-01-05 10:00:00+01:00,QUI=,\\N,\"\\N\"\n",
            "column",
            columns);
    assertThat(entries)
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.values())
                  .containsExactly(
                      "bad",
                      "2024-01-05",
                      "2024-01-05 09:00:00.000000Z",
                      "0x4142",
                      null,
                      "7",
                      "\\N");
              assertThat(entry.raw()).extracting(RawValue::kept).containsOnly(Kept.WHOLE);
            });
  }

  @Test
  void whatARecordEndsBeforeCouldNotBeKept() throws IOException {
    assertThat(
            dirty("a.csv", "1,x\n2\n", "column", List.of(column(0, "long"), column(1, "string"))))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.raw())
                    .extracting(RawValue::text, RawValue::kept)
                    .containsExactly(tuple("2", Kept.WHOLE), tuple(null, Kept.CUT)));
  }

  @Test
  void absentAndNullAreTwoThingsInJsonl() throws IOException {
    assertThat(
            dirty(
                "a.jsonl",
                "{\"a\":\"bad\",\"b\":null,\"d\":\"x\\n\\u00fc\"}\n",
                "column",
                List.of(
                    Map.of("name", "a", "type", "long"),
                    Map.of("name", "b", "type", "string"),
                    Map.of("name", "c", "type", "string"),
                    Map.of("name", "d", "type", "string"))))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.raw())
                    .extracting(RawValue::text, RawValue::kept)
                    .containsExactly(
                        tuple("bad", Kept.WHOLE),
                        tuple(null, Kept.WHOLE),
                        tuple(null, Kept.ABSENT),
                        tuple("x\nü", Kept.WHOLE)));
  }

  @Test
  void aLongTextIsKeptWholeUpToABoundAndThenCut() throws IOException {
    String large = "é".repeat(400_000);
    List<CollectingDirtyRecords.Entry> entries =
        dirty(
            "a.csv",
            large + ",bad\n" + "x".repeat(1_100_000) + ",bad\n",
            "column",
            List.of(column(0, "string"), column(1, "long")));
    RawValue whole = entries.get(0).raw().get(0);
    assertThat(whole.text().equals(large)).isTrue();
    assertThat(whole.kept()).isEqualTo(Kept.WHOLE);
    RawValue cut = entries.get(1).raw().get(0);
    assertThat(cut.kept()).isEqualTo(Kept.CUT);
    assertThat(cut.byteSize()).isEqualTo(1_100_000);
    assertThat(cut.text()).hasSize(401).endsWith("x…");
  }

  @Test
  void bytesThatAreNoTextAreKeptAsBytes() throws IOException {
    byte[] line = "A,1\n".getBytes(StandardCharsets.UTF_8);
    line[0] = (byte) 0xe9;
    assertThat(dirty("a.csv", line, "column", List.of(column(0, "string"), column(1, "long"))))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.raw().get(0))
                    .isEqualTo(
                        new RawValue(
                            "TEXT",
                            1,
                            Base64.getEncoder().encodeToString(new byte[] {(byte) 0xe9}),
                            Kept.BASE64)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"string", "bytes"})
  void bytesThatAnotherEncodingDoesNotKnowAreDirtyAndCouldNotBeKept(String type)
      throws IOException {
    byte[] line = {(byte) 0xff, ',', '1', '\n'};
    Map<String, Object> first = Map.of("index", 0, "type", type, "format", "text");
    assertThat(dirty("a.csv", line, "encoding", "gbk", "column", List.of(first, column(1, "long"))))
        .singleElement()
        .satisfies(entry -> assertThat(entry.raw().get(0).kept()).isEqualTo(Kept.CUT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a.csv | 1,\"x\"y", "b.csv | 1,\"never closed", "c.jsonl | {\"a\":1, oops}"})
  void aRecordThatCannotBeToldApartIsKeptAsItStands(String name, String line) throws IOException {
    List<Object> columns =
        name.endsWith("csv")
            ? List.of(column(0, "long"), column(1, "string"))
            : List.of(Map.of("name", "a", "type", "long"));
    assertThat(dirty(name, line + "\n", "column", columns))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.values()).containsExactly(line);
              assertThat(entry.raw().get(0).kept()).isEqualTo(Kept.CUT);
            });
  }

  @Test
  void ofARecordWithTooManyValuesAllAreKept() throws IOException {
    assertThat(dirty("a.csv", "1,x\n2,y,\\N\n"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.values()).containsExactly("2", "y", null));
  }

  @Test
  void aHeaderThatIsNoTextInTheEncodingGivesNoNames() throws IOException {
    byte[] file = "A,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
    file[0] = (byte) 0xe9;
    Files.write(folder.resolve("a.csv"), file);
    assertThatThrownBy(() -> dirty(folder.resolve("a.csv"), "skipHeader", true))
        .hasMessageContaining("names the columns and holds bytes that are no text");
  }
}
