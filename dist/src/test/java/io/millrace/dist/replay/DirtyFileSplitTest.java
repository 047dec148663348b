package io.millrace.dist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.record.ColumnType;
import org.junit.jupiter.api.Test;

class DirtyFileSplitTest {

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void bytesThatHaveNoFormInUtf8AreNotReplayedAsTheirDigits() throws Exception {
    JsonNode kept = json("{\"type\":\"varchar\",\"byteSize\":2,\"rawData\":\"0x815c\"}");
    assertThatThrownBy(() -> DirtyFileSplit.value(kept, ColumnType.STRING))
        .hasMessageContaining("put the text here");
    assertThat(DirtyFileSplit.value(kept, ColumnType.BYTES)).isEqualTo("0x815c");
  }

  @Test
  void aTextThatOnlyLooksLikeDigitsIsReplayed() throws Exception {
    JsonNode kept = json("{\"type\":\"varchar\",\"byteSize\":6,\"rawData\":\"0x815c\"}");
    assertThat(DirtyFileSplit.value(kept, ColumnType.STRING)).isEqualTo("0x815c");
  }

  @Test
  void aCorrectedTextIsReplayedAndACutOneIsNot() throws Exception {
    JsonNode corrected = json("{\"type\":\"varchar\",\"rawData\":\"0x815c\"}");
    assertThat(DirtyFileSplit.value(corrected, ColumnType.STRING)).isEqualTo("0x815c");
    JsonNode cut = json("{\"type\":\"text\",\"byteSize\":900,\"rawData\":\"abc…\"}");
    assertThatThrownBy(() -> DirtyFileSplit.value(cut, ColumnType.STRING))
        .hasMessageContaining("kept incompletely");
  }
}
