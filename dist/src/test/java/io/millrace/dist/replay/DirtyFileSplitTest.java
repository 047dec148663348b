package io.millrace.dist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirtyFileSplitTest {

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void bytesThatHaveNoFormInUtf8AreNotReplayedAsTheirDigits() throws Exception {
    JsonNode kept = json("{\"type\":\"varchar\",\"byteSize\":2,\"rawData\":\"0x815c\"}");
    assertThatThrownBy(() -> DirtyFileSplit.value(kept, ColumnType.STRING, false))
        .hasMessageContaining("put the text into rawData and remove byteSize");
    assertThat(DirtyFileSplit.value(kept, ColumnType.BYTES, false)).isEqualTo("0x815c");
  }

  @Test
  void aTextThatOnlyLooksLikeDigitsIsReplayed() throws Exception {
    JsonNode kept = json("{\"type\":\"varchar\",\"byteSize\":6,\"rawData\":\"0x815c\"}");
    assertThat(DirtyFileSplit.value(kept, ColumnType.STRING, false)).isEqualTo("0x815c");
  }

  @Test
  void aCorrectedTextIsReplayedAndACutOneIsNot() throws Exception {
    JsonNode corrected = json("{\"type\":\"varchar\",\"rawData\":\"0x815c\"}");
    assertThat(DirtyFileSplit.value(corrected, ColumnType.STRING, false)).isEqualTo("0x815c");
    JsonNode cut = json("{\"byteSize\":900,\"rawData\":\"abc…\",\"kept\":\"CUT\"}");
    assertThatThrownBy(() -> DirtyFileSplit.value(cut, ColumnType.STRING, false))
        .hasMessageContaining("kept incompletely");
  }

  @Test
  void aCorrectionMayBeShorterThanWhatWasRead() throws Exception {
    JsonNode corrected = json("{\"type\":\"TEXT\",\"byteSize\":3,\"rawData\":\"5\"}");
    assertThat(DirtyFileSplit.value(corrected, ColumnType.INT64, true)).isEqualTo("5");
  }

  @Test
  void bytesComeBackFromTheirBase64() throws Exception {
    JsonNode kept = json("{\"byteSize\":2,\"rawData\":\"gVw=\",\"kept\":\"BASE64\"}");
    assertThat(DirtyFileSplit.value(kept, ColumnType.BYTES, true)).isEqualTo("0x815c");
    assertThatThrownBy(() -> DirtyFileSplit.value(kept, ColumnType.STRING, true))
        .hasMessageContaining("no form in UTF-8; put the text into rawData and remove kept");
    JsonNode text = json("{\"byteSize\":2,\"rawData\":\"w7w=\",\"kept\":\"BASE64\"}");
    assertThat(DirtyFileSplit.value(text, ColumnType.STRING, true)).isEqualTo("ü");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "gVw", "gVx=", "QUJD"})
  void aCorrectionOfBytesWithoutAWordAboutItIsNotTakenForBase64(String correction)
      throws Exception {
    JsonNode kept = json("{\"byteSize\":2,\"rawData\":\"" + correction + "\",\"kept\":\"BASE64\"}");
    assertThatThrownBy(() -> DirtyFileSplit.value(kept, ColumnType.BYTES, true))
        .hasMessageContaining("remove kept");
  }

  @Test
  void absentAndNullAndLostAreThreeThings() throws Exception {
    JsonNode absent = json("{\"byteSize\":0,\"rawData\":null,\"kept\":\"ABSENT\"}");
    assertThat(DirtyFileSplit.value(absent, ColumnType.STRING, false)).isNull();
    assertThatThrownBy(() -> DirtyFileSplit.value(absent, ColumnType.STRING, true))
        .hasMessageContaining("the source had no value here");
    JsonNode isNull = json("{\"byteSize\":0,\"rawData\":null}");
    assertThat(DirtyFileSplit.value(isNull, ColumnType.STRING, true)).isNull();
    JsonNode lost = json("{\"byteSize\":0,\"rawData\":null,\"kept\":\"CUT\"}");
    assertThatThrownBy(() -> DirtyFileSplit.value(lost, ColumnType.STRING, false))
        .hasMessageContaining("kept incompletely");
    assertThatThrownBy(() -> DirtyFileSplit.value(json("{}"), ColumnType.STRING, false))
        .hasMessageContaining("rawData is missing");
  }

  @Test
  void recordsAreReadAsTheyAreMeantOrAreDirtyAgain(@TempDir Path folder) throws Exception {
    String ok =
        "{\"column\":\"n\",\"record\":[{\"byteSize\":3,\"rawData\":\"5\"},"
            + "{\"rawData\":\"a\"}]}";
    Path file =
        Files.writeString(
            folder.resolve("d.jsonl"),
            String.join(
                "\n",
                ok,
                ok + "x",
                ok.replace("{\"byteSize\":3", "{\"rawData\":\"4\""),
                "{\"column\":null,\"record\":[{\"rawData\":\"5,a\",\"kept\":\"CUT\"}]}",
                ok.replace("\"5\"", "12345678901234567890.5"),
                ok.replace("\"5\"", "2.5")));
    Schema schema = Schema.of(Field.decimal("n", 30, 1), Field.of("s", ColumnType.STRING));
    TestContext context = TestContext.create();
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
    try (DirtyFileSplit split = new DirtyFileSplit(file, schema, context)) {
      split.read(batch);
    }
    assertThat(Records.texts(batch))
        .containsExactly(
            List.of("5.0", "a"), List.of("12345678901234567890.5", "a"), List.of("2.5", "a"));
    assertThat(context.dirty().entries())
        .extracting(each -> each.position())
        .containsExactly(2L, 3L, 4L);
  }

  /** Its file is replayed like that of the run, once it has been corrected. */
  @Test
  void whatAReplayFindsDirtyIsKeptInTheFormThatAReplayReads(@TempDir Path folder) throws Exception {
    Schema schema = Schema.of(Field.of("n", ColumnType.INT64), Field.of("s", ColumnType.STRING));
    String bad =
        "{\"code\":\"X\",\"column\":\"n\",\"record\":[{\"type\":\"TEXT\",\"byteSize\":3,"
            + "\"rawData\":\"bad\"},{\"name\":\"s\",\"type\":\"STRING\",\"byteSize\":2,"
            + "\"rawData\":\"0x815c\"}]}";
    String cut = bad.replace("\"bad\"", "\"7\"").replace("\"0x815c\"", "\"ab\",\"kept\":\"CUT\"");
    String unknown = bad.replace("\"bad\"", "\"7\",\"kept\":\"HALF\"");
    String broken = bad + "x";
    String narrow = "{\"code\":\"X\",\"column\":null,\"record\":[{\"rawData\":\"5\"}]}";
    List<String> lines = List.of(bad, cut, unknown, broken, narrow);
    List<ObjectNode> first = keptBy(folder, schema, lines);
    assertThat(first).hasSize(5);
    value(first.get(0), 0).put("rawData", "1");
    value(first.get(1), 1).remove("kept");
    for (ObjectNode line : first.subList(2, 5)) {
      // A line that is no record is kept as it is, and what it says once it is corrected counts.
      assertThat(value(line, 0).path("type").asText()).isEqualTo("LINE");
      String text = value(line, 0).path("rawData").asText();
      assertThat(lines).contains(text);
      String right = text.replace(",\"kept\":\"HALF\"", "").replaceFirst("x$", "");
      right = right.replace("\"bad\"", "\"8\"").replace("\"5\"}", "\"5\"},{\"rawData\":null}");
      value(line, 0).put("rawData", right);
    }
    Path file =
        Files.write(
            folder.resolve("corrected.jsonl"), first.stream().map(JsonNode::toString).toList());
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
    TestContext context = TestContext.create();
    try (DirtyFileSplit split = new DirtyFileSplit(file, schema, context)) {
      split.read(batch);
    }
    assertThat(context.dirty().entries()).isEmpty();
    assertThat(Records.texts(batch))
        .containsExactly(
            List.of("1", "0x815c"),
            List.of("7", "ab"),
            List.of("7", "0x815c"),
            List.of("8", "0x815c"),
            Arrays.asList("5", null));
  }

  private static ObjectNode value(ObjectNode line, int index) {
    return (ObjectNode) line.path("record").get(index);
  }

  /** What a replay of these lines keeps, in the form of the file. */
  private static List<ObjectNode> keptBy(Path folder, Schema schema, List<String> lines)
      throws Exception {
    Path file = Files.write(folder.resolve("lines.jsonl"), lines);
    TestContext context = TestContext.create();
    try (DirtyFileSplit split = new DirtyFileSplit(file, schema, context)) {
      split.read(new RecordBatch(schema, 1 << 20, 100));
    }
    List<ObjectNode> kept = new ArrayList<>();
    for (CollectingDirtyRecords.Entry entry : context.dirty().entries()) {
      ObjectNode line = new ObjectMapper().createObjectNode();
      line.put("code", entry.reason().code()).put("column", entry.reason().column());
      ArrayNode record = line.putArray("record");
      for (RawValue value : entry.raw()) {
        ObjectNode one = record.addObject();
        one.put("type", value.type()).put("byteSize", value.byteSize());
        one.put("rawData", value.text());
        if (value.kept() != Kept.WHOLE) {
          one.put("kept", value.kept().name());
        }
      }
      kept.add(line);
    }
    return kept;
  }
}
