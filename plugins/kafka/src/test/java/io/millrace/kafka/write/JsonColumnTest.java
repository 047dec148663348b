package io.millrace.kafka.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonColumnTest {

  @Test
  void aColumnIsANameOrANameWithAType() {
    assertThat(JsonColumn.all(List.of("a", Map.of("name", "b", "type", "json_number"))))
        .containsExactly(new JsonColumn("a", ""), new JsonColumn("b", "JSON_NUMBER"));
    assertThat(JsonColumn.all("a")).containsExactly(new JsonColumn("a", ""));
    assertThat(JsonColumn.all(List.of("*"))).isEmpty();
    assertThatThrownBy(() -> JsonColumn.all(List.of(Map.of("type", "JSON_NUMBER"))))
        .hasMessageContaining("an entry has no name");
    assertThatThrownBy(() -> JsonColumn.all(List.of(List.of("a"))))
        .hasMessageContaining("an entry is a list");
  }

  @ParameterizedTest
  @CsvSource({
    "INT64, JSON_NUMBER, JSON_STRING",
    "FLOAT64, JSON_NUMBER, JSON_BOOL",
    "BOOLEAN, JSON_BOOL, JSON_NUMBER",
    "JSON, JSON_ARRAY, JSON_STRING",
    "STRING, JSON_STRING, JSON_NUMBER",
    "DATETIME, JSON_STRING, JSON_NUMBER",
  })
  void aTypeThatValuesWouldNotHaveIsRefused(ColumnType column, String same, String other) {
    Field field = Field.of("source", column);
    assertThatCode(() -> new JsonColumn("a", same).check(field)).doesNotThrowAnyException();
    assertThatCode(() -> new JsonColumn("a", "").check(field)).doesNotThrowAnyException();
    assertThatThrownBy(() -> new JsonColumn("a", other).check(field))
        .hasMessageContaining("'a' is " + other)
        .hasMessageContaining("convert the column in the source");
  }
}
