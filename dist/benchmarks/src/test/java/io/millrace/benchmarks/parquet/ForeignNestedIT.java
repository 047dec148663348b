package io.millrace.benchmarks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists and maps in the forms that writers have used since parquet is there. */
class ForeignNestedIT {

  @TempDir static Path plugins;
  private static Packaged packaged;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws IOException {
    packaged = Packaged.in(plugins);
  }

  @AfterAll
  static void close() {
    packaged.close();
  }

  private List<String> read(String column, List<Consumer<Group>> rows) throws IOException {
    Path path = folder.resolve("file.parquet");
    new PlainFile(path, column).groups(rows);
    Packaged.Read read = packaged.read(path);
    assertThat(read.failure()).isNull();
    assertThat(read.reasons()).isEmpty();
    return read.column(0).stream().map(String::valueOf).toList();
  }

  @Test
  void aListOfThreeLevels() throws IOException {
    assertThat(
            read(
                "optional group l (LIST) { repeated group list { optional int32 element; } }",
                List.of(
                    row -> {},
                    row -> row.addGroup("l"),
                    row -> row.addGroup("l").addGroup("list"),
                    row -> {
                      Group list = row.addGroup("l");
                      list.addGroup("list").add("element", 1);
                      list.addGroup("list");
                      list.addGroup("list").add("element", 3);
                    })))
        .containsExactly("null", "[]", "[null]", "[1,null,3]");
  }

  @Test
  void listsOfTwoLevels() throws IOException {
    assertThat(
            read(
                "optional group l (LIST) { repeated int32 element; }",
                List.of(
                    row -> row.addGroup("l"),
                    row -> row.addGroup("l").append("element", 1).append("element", 2))))
        .containsExactly("[]", "[1,2]");
    assertThat(
            read(
                "optional group l (LIST) { repeated group element { required int32 a; required"
                    + " int32 b; } }",
                List.of(
                    row -> row.addGroup("l").addGroup("element").append("a", 1).append("b", 2))))
        .containsExactly("[{\"a\":1,\"b\":2}]");
  }

  @Test
  void listsAsAvroAndThriftWroteThem() throws IOException {
    List<Consumer<Group>> array =
        List.of(row -> row.addGroup("l").addGroup("array").append("only", 1));
    assertThat(
            read(
                "optional group l (LIST) { repeated group array { optional int32 only; } }", array))
        .containsExactly("[{\"only\":1}]");
    assertThat(
            read(
                "optional group l (LIST) { repeated group l_tuple { optional int32 only; } }",
                List.of(row -> row.addGroup("l").addGroup("l_tuple").append("only", 1))))
        .containsExactly("[{\"only\":1}]");
    assertThat(
            read(
                "optional group l (LIST) { repeated group bag { optional int32 array_element; } }",
                List.of(row -> row.addGroup("l").addGroup("bag").append("array_element", 1))))
        .containsExactly("[1]");
  }

  @Test
  void aListOfListsOfTwoLevels() throws IOException {
    assertThat(
            read(
                "optional group l (LIST) { repeated group array (LIST) { repeated int32 array; } }",
                List.of(
                    row -> {
                      Group list = row.addGroup("l");
                      list.addGroup("array").append("array", 1).append("array", 2);
                      list.addGroup("array");
                    })))
        .containsExactly("[[1,2],[]]");
    // A group whose only field is repeated is an element itself, whatever its name.
    assertThat(
            read(
                "optional group l (LIST) { repeated group x { repeated int32 y; } }",
                List.of(row -> row.addGroup("l").addGroup("x").append("y", 1).append("y", 2))))
        .containsExactly("[{\"y\":[1,2]}]");
  }

  @Test
  void aRepeatedColumnWithoutListIsAList() throws IOException {
    assertThat(
            read("repeated int32 r;", List.of(row -> {}, row -> row.append("r", 1).append("r", 2))))
        .containsExactly("[]", "[1,2]");
    assertThat(
            read(
                "repeated group g { optional binary s (UTF8); }",
                List.of(
                    row -> {
                      row.addGroup("g").append("s", "x\"\n");
                      row.addGroup("g");
                    })))
        .containsExactly("[{\"s\":\"x\\\"\\n\"},{\"s\":null}]");
  }

  @Test
  void mapsOfEachForm() throws IOException {
    Consumer<Group> pairs =
        row -> {
          Group map = row.addGroup("m");
          map.addGroup("map").append("key", "a").append("value", 1);
          map.addGroup("map").append("key", "b");
        };
    String inner = "{ required binary key (UTF8); optional int32 value; } }";
    for (String schema :
        List.of(
            "optional group m (MAP) { repeated group map " + inner,
            "optional group m (MAP) { repeated group map (MAP_KEY_VALUE) " + inner,
            "optional group m (MAP_KEY_VALUE) { repeated group map " + inner)) {
      assertThat(read(schema, List.of(pairs, row -> row.addGroup("m"), row -> {})))
          .containsExactly("{\"a\":1,\"b\":null}", "{}", "null");
    }
    assertThat(
            read(
                "optional group m (MAP) { repeated group map { required int64 key; required group"
                    + " value { required boolean yes; } } }",
                List.of(
                    row -> {
                      Group pair = row.addGroup("m").addGroup("map").append("key", 7L);
                      pair.addGroup("value").append("yes", true);
                    })))
        .containsExactly("{\"7\":{\"yes\":true}}");
  }

  @Test
  void eachTypeHasItsFormInJson() throws IOException {
    assertThat(
            read(
                "required group g { required boolean b; required int64 u (UINT_64); required int32"
                    + " d (DECIMAL(4,2)); required double n; required float f; required binary x;"
                    + " required int32 day (DATE); required int64 t (TIMESTAMP(MILLIS,true));"
                    + " required binary j (JSON); optional int32 none; }",
                List.of(
                    row ->
                        row.addGroup("g")
                            .append("b", true)
                            .append("u", -1L)
                            .append("d", -5)
                            .append("n", Double.NaN)
                            .append("f", 0.1f)
                            .append("x", "hi")
                            .append("day", 0)
                            .append("t", 1L)
                            .append("j", "[1]"))))
        .containsExactly(
            "{\"b\":true,\"u\":18446744073709551615,\"d\":-0.05,\"n\":\"NaN\",\"f\":0.1,"
                + "\"x\":\"aGk=\",\"day\":\"1970-01-01\",\"t\":\"1970-01-01 00:00:00.001Z\","
                + "\"j\":\"[1]\",\"none\":null}");
  }

  @Test
  void whatIsWrongWithinANestedValueMakesItsRecordDirty() throws IOException {
    Path path = folder.resolve("file.parquet");
    new PlainFile(path, "required group g { required int64 t (TIMESTAMP(NANOS,true)); }")
        .groups(
            List.of(
                row -> row.addGroup("g").append("t", 1L),
                row -> row.addGroup("g").append("t", 1000L)));

    Packaged.Read read = packaged.read(path);

    assertThat(read.column(0)).isEqualTo(Arrays.asList("{\"t\":\"1970-01-01 00:00:00.000001Z\"}"));
    assertThat(read.reasons())
        .singleElement()
        .asString()
        .startsWith("g: t: has parts of a microsecond")
        .endsWith("row 1");
  }
}
