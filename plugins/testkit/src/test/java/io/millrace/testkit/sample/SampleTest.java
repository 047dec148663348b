package io.millrace.testkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SampleTest {

  @Test
  void theCasesCoverEveryType() {
    assertThat(
            Arrays.stream(TypeCase.values())
                .map(TypeCase::field)
                .map(Field::type)
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(ColumnType.values());
  }

  @Test
  void aSampleOfTypesHoldsEveryValueAndARecordOfNulls() {
    Sample sample = Sample.types(EnumSet.of(TypeCase.UINT64, TypeCase.BOOLEAN));

    assertThat(sample.schema().fields())
        .extracting(Field::name)
        .containsExactly("id", "boolean", "uint64");
    assertThat(sample.texts())
        .containsExactly(
            Arrays.asList("0", "false", "0"),
            Arrays.asList("1", "true", "9223372036854775807"),
            Arrays.asList("2", null, "9223372036854775808"),
            Arrays.asList("3", null, "18446744073709551615"),
            Arrays.asList("4", null, null));
  }

  @Test
  void aSliceKeepsValuesAndPositions() {
    Sample sample = Sample.plain(30);

    assertThat(Records.texts(sample.slice(10, 20))).isEqualTo(sample.texts(10, 20));
    assertThat(sample.slice(10, 20).position(0)).isEqualTo(10);
  }
}
