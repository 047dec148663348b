package io.millrace.files;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that the writer makes folders of are read back from the folders' names. */
class PartitionRoundTripTest {

  @TempDir Path folder;

  private TestContext write(String format, Sample sample, List<String> partitions) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("fileName", "out");
    options.put("writeMode", "truncate");
    options.put("fileFormat", format);
    options.put("partitionBy", partitions);
    options.put("header", true);
    return Rows.write(new FilesConnector(), options, sample.batch());
  }

  private Rows.Read read(String format, List<?> partitions, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("fileFormat", format);
    options.put("partitionColumns", partitions);
    options.put("skipHeader", true);
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return Rows.read(new FilesConnector(), options);
  }

  private static List<List<@Nullable String>> expected(Sample sample, TestContext written) {
    List<List<@Nullable String>> expected = new ArrayList<>(sample.texts());
    List<Integer> dirty =
        written.dirty().entries().stream().map(each -> (int) each.position()).toList();
    dirty.stream().sorted((a, b) -> b - a).forEach(each -> expected.remove((int) each));
    return expected;
  }

  /** The values at the edges of each type, and NULL. */
  @ParameterizedTest
  @EnumSource
  void everyTypeComesBackAsItWas(TypeCase type) {
    Sample sample = Sample.types(List.of(type));
    Field field = type.field();

    TestContext written = write("jsonl", sample, List.of(field.name()));
    Rows.Read read =
        read(
            "jsonl",
            List.of(Map.of("name", field.name(), "type", Columns.type(field))),
            "column",
            List.of(Map.of("name", "id", "type", "long")));

    assertThat(read.reasons()).isEmpty();
    assertThat(read.schema().field(1).type()).isEqualTo(field.type());
    assertThat(read.records())
        .containsExactlyInAnyOrderElementsOf(expected(sample, written))
        .contains(Arrays.asList(String.valueOf(type.count()), null));
    // What makes no folder: an empty text, and one that is too long for a name.
    int dirty =
        switch (type) {
          case STRING, STRING_LONG -> 2;
          case BYTES -> 1;
          default -> 0;
        };
    assertThat(written.dirty().count()).isEqualTo(dirty);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "text", "jsonl", "parquet", "orc"})
  void everyFormatIsReadWithTheValuesOfItsFolders(String format) {
    Schema schema =
        Schema.of(
            Field.of("day", ColumnType.DATE),
            Field.of("id", ColumnType.INT64),
            Field.of("part", ColumnType.STRING),
            Field.of("name", ColumnType.STRING));
    int noon = 19_753;
    Sample sample =
        Sample.of(
            schema,
            Arrays.asList(java.time.LocalDate.ofEpochDay(noon), 1L, "a/b=c%", "x"),
            Arrays.asList(null, 2L, "..", null),
            Arrays.asList(java.time.LocalDate.ofEpochDay(noon), 3L, null, "y"),
            Arrays.asList(java.time.LocalDate.ofEpochDay(noon), 4L, "%41 +", "z"));

    TestContext written = write(format, sample, List.of("day", "part"));
    List<?> partitions = List.of(Map.of("name", "day", "type", "date"), "part");

    assertThat(written.dirty().entries()).isEmpty();
    List<List<@Nullable String>> behind =
        sample.texts().stream()
            .map(each -> Arrays.asList(each.get(1), each.get(3), each.get(0), each.get(2)))
            .toList();
    Rows.Read all = read(format, partitions);
    assertThat(all.reasons()).isEmpty();
    assertThat(all.schema().fields())
        .extracting(Field::name)
        .containsExactly("id", "name", "day", "part");
    assertThat(all.records()).containsExactlyInAnyOrderElementsOf(behind);

    List<?> names =
        List.of(
            "day",
            Map.of("name", "id", "type", "long"),
            "part",
            Map.of("name", "name", "type", "string"));
    assertThat(read(format, partitions, "column", names).records())
        .containsExactlyInAnyOrderElementsOf(sample.texts());
    // Nothing but the folders' values, once for each row.
    assertThat(read(format, partitions, "column", List.of("part")).records()).hasSize(4);
    assertThat(read(format, partitions, "splitBy", "volume").records()).hasSize(4);
  }

  /** The same in formats whose columns have names. */
  @ParameterizedTest
  @ValueSource(strings = {"csv", "text", "jsonl", "parquet", "orc"})
  void aNameThatAFileHasItselfIsRefused(String format) {
    Schema schema = Schema.of(Field.of("day", ColumnType.STRING), Field.of("id", ColumnType.INT64));
    Sample sample = Sample.of(schema, List.of("x", 1L));
    write(format, sample, List.of("id"));

    assertThatThrownBy(() -> read(format, List.of("day"), "path", folder + "/id=1/*"))
        .hasMessageContaining("lies in no folder 'day=…'");
    Path moved = folder.resolve("day=z");
    assertThat(folder.resolve("id=1").toFile().renameTo(moved.toFile())).isTrue();
    for (Object columns : List.of("*", List.of(Map.of("name", "day", "type", "string")))) {
      assertThatThrownBy(
              () -> read(format, List.of("day"), "path", moved + "/*", "column", columns))
          .hasMessageContaining("has a column 'day' of its own");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "text", "jsonl", "parquet", "orc"})
  void whatIsNoValueOfItsTypeIsDirtyWithAllOfTheRow(String format) {
    Schema schema = Schema.of(Field.of("id", ColumnType.INT64), Field.of("day", ColumnType.STRING));
    write(format, Sample.of(schema, List.of(1L, "2023-02-29"), List.of(2L, "x")), List.of("day"));

    Rows.Read read = read(format, List.of(Map.of("name", "day", "type", "date")));

    assertThat(read.records()).isEmpty();
    assertThat(read.context().dirty().entries())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.reason().column()).isEqualTo("day"))
        .extracting(each -> each.values())
        .containsExactlyInAnyOrder(List.of("1", "2023-02-29"), List.of("2", "x"));
  }
}
