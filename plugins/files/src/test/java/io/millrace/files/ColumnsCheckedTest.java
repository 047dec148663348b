package io.millrace.files;

import static io.millrace.files.AbstractReading.assertError;
import static io.millrace.files.AbstractReading.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A column that the first file lacks is told by check, before a split is read. */
class ColumnsCheckedTest {

  private static final Map<String, Object> ID = Map.of("name", "id", "type", "long");
  private static final Map<String, Object> OTHER = Map.of("name", "nmae", "type", "string");

  @TempDir Path folder;

  private LocalPlace place;

  @BeforeEach
  void place() {
    place = new LocalPlace(folder);
  }

  private Schema checked(String pattern, Object column, Object... more) {
    TestContext context = TestContext.create();
    Map<String, Object> options = with(with(place.reading(pattern), more), "column", column);
    try (Reader reader = Rows.reader(place.connector(), options, context)) {
      return reader.schema(context);
    }
  }

  private void assertLacking(String pattern, Object column, String... words) {
    assertError(() -> checked(pattern, column), StandardError.READ_REFUSED, words);
  }

  @Test
  void aNameThatNoHeaderHasIsToldWithThoseItHas() {
    place.put("in/0.csv", "");
    place.put("in/1.csv", "id,name\n1,a\n");
    place.put("in/2.csv", "1,nmae\n");
    for (Object column :
        List.of(
            List.of(ID, OTHER),
            List.of("id", "nmae"),
            List.of(Map.of("index", 0, "type", "long"), OTHER))) {
      assertLacking(
          "in", column, "in/1.csv", "no column 'nmae'", "names id, name", "check the name");
      assertThat(checked("in", column, "missingColumns", "null").size()).isEqualTo(2);
    }
    assertThat(checked("in/1.csv", List.of(ID)).size()).isEqualTo(1);
  }

  @Test
  void positionsAreNotLookedForInAHeaderAndKeysNotInJson() {
    place.put("a.csv", "id\n1\n");
    place.put("a.jsonl", "{\"id\":1}\n");
    Map<String, Object> far = Map.of("index", 7, "type", "string");
    assertThat(checked("a.csv", List.of(far), "skipHeader", true).size()).isEqualTo(1);
    assertThat(checked("a.jsonl", List.of(OTHER)).size()).isEqualTo(1);
    assertThat(checked("none.csv", List.of(OTHER)).size()).isEqualTo(1);
  }

  @Test
  void parquetAndOrcAreLookedAtByNameAndByIndex() {
    Sample sample = Sample.of(Schema.of(Field.of("id", ColumnType.INT64)), List.<Object>of(1L));
    for (String format : List.of("parquet", "orc")) {
      Rows.write(
          place.connector(),
          with(place.writing("a." + format), "fileFormat", format, "writeSingleObject", false),
          sample.batch());
      assertLacking("*." + format, List.of(ID, OTHER), "no column 'nmae'", "it has id");
      assertLacking(
          "*." + format, List.of(Map.of("index", 3, "type", "string")), "1 column", "index 3");
    }
  }
}
