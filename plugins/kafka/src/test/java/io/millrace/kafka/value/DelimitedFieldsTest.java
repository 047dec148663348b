package io.millrace.kafka.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DelimitedFieldsTest {

  private static List<@Nullable String> fields(
      String line, String delimiter, boolean csv, Integer... indexes) throws Exception {
    byte[] bytes = ("ab" + line + "cd").getBytes(StandardCharsets.UTF_8);
    Fields fields = new Fields(indexes.length);
    new DelimitedFields(List.of(indexes), delimiter, csv, "\\N")
        .parse(bytes, 2, bytes.length - 4, fields);
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      texts.add(
          fields.kind(i) == Fields.Kind.NULL
              ? null
              : new String(
                  fields.buffer(i), fields.start(i), fields.length(i), StandardCharsets.UTF_8));
    }
    return texts;
  }

  @Test
  void textIsCutAtEveryDelimiter() throws Exception {
    assertThat(fields("a,\"b,c\",\\N,", ",", false, 0, 1, 2, 3, 4))
        .containsExactly("a", "\"b", "c\"", null, "");
    assertThat(fields("a||b||c", "||", false, 2, 0)).containsExactly("c", "a");
  }

  @Test
  void aFieldOfCsvMayHoldDelimitersQuotesAndLines() throws Exception {
    assertThat(fields("a,\"b,\"\"c\"\"\nd\",\"\",\\N,\"\\N\"\r\n", ",", true, 0, 1, 2, 3, 4))
        .containsExactly("a", "b,\"c\"\nd", "", null, "\\N");
  }

  @Test
  void tooFewFieldsAndBrokenQuotesAreRefused() {
    assertThatThrownBy(() -> fields("a,b", ",", false, 2))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("2 fields, 3 are needed");
    assertThatThrownBy(() -> fields("\"a", ",", true, 0)).isInstanceOf(BadValueException.class);
    assertThatThrownBy(() -> fields("\"a\"b", ",", true, 0)).isInstanceOf(BadValueException.class);
  }
}
