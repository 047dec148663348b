package io.millrace.dist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
