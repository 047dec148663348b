package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.SnappyFramedInputStream;

/** What becomes of files that are written, on every store. */
@Timeout(120)
abstract class AbstractWriting {

  private static final Schema SCHEMA =
      Schema.of(
          Field.of("id", ColumnType.INT64).withNullable(false), Field.of("dt", ColumnType.STRING));

  abstract Place place();

  private TestContext write(Map<String, Object> options, RecordBatch... splits) {
    return Rows.write(place().connector(), options, splits);
  }

  private static Sample rows(int count) {
    Object[][] rows = new Object[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = new Object[] {(long) i, "d" + i % 3};
    }
    @SuppressWarnings("unchecked")
    List<Object>[] lists = Arrays.stream(rows).map(Arrays::asList).toArray(List[]::new);
    return Sample.of(SCHEMA, lists);
  }

  private static Map<String, Object> with(Map<String, Object> options, Object... more) {
    return AbstractReading.with(options, more);
  }

  static Stream<Arguments> formats() {
    return Stream.of("csv", "text", "jsonl")
        .flatMap(
            format ->
                Stream.of("none", "gzip", "bzip2", "zip", "zstd", "snappy")
                    .map(each -> Arguments.of(format, each)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("formats")
  void everyTypeComesBackBitForBit(String format, String compression) {
    Set<TypeCase> types = EnumSet.allOf(TypeCase.class);
    if (format.equals("text")) {
      // Text does not escape: their values hold ends of lines, and the text that stands for NULL.
      types.removeAll(Set.of(TypeCase.STRING, TypeCase.STRING_LONG));
    }
    if (format.equals("jsonl")) {
      // One of its values is the JSON null.
      types.remove(TypeCase.JSON);
    }
    Sample sample = Sample.types(types);
    Object[] options = {"fileFormat", format, "compress", compression, "fieldDelimiter", "\\u0001"};

    TestContext written =
        write(
            with(place().writing("types"), options),
            sample.slice(0, 3),
            sample.slice(3, sample.size()));
    Rows.Read read =
        Rows.read(
            place().connector(),
            with(
                with(place().reading("types*"), options),
                "column",
                Columns.written(sample.schema(), format.equals("jsonl"))));

    assertThat(written.dirty().entries()).isEmpty();
    assertThat(read.reasons()).isEmpty();
    assertThat(Records.sorted(read.records())).isEqualTo(Records.sorted(sample.texts()));
  }

  @Test
  void truncateReplacesFilesWithThePrefixAndNoOthers() {
    place().put("out__old.csv", "old");
    place().put("out2.csv", "old");
    place().put("other.csv", "stays");
    place().put("_out.csv", "stays");
    write(with(place().writing("out"), "writeMode", "truncate"), rows(2).batch());
    assertThat(place().names())
        .hasSize(3)
        .contains("other.csv", "_out.csv")
        .anyMatch(name -> name.matches("out__[0-9a-f]{16}_000000\\.csv"));
    assertThat(place().staged()).isEmpty();
  }

  @Test
  void truncateLeavesTheControlRecordsOfOthersAlsoWhereItsPrefixBeginsLikeTheirFolder() {
    place().put(".millrace/other-1/fence/1", "1");
    write(with(place().writing(".mill"), "writeMode", "truncate"), rows(2).batch());
    assertThat(place().names()).hasSize(2).contains(".millrace/other-1/fence/1");
  }

  @Test
  void appendLeavesWhatIsThere() {
    place().put("out__old.csv", "old");
    write(place().writing("out"), rows(2).batch());
    write(place().writing("out"), rows(2).batch());
    assertThat(place().names()).hasSize(3).contains("out__old.csv");
  }

  @Test
  void nonConflictRefusesWhenThereIsAFileWithThePrefix() {
    place().put("out.csv", "old");
    AbstractReading.assertError(
        () -> write(with(place().writing("out"), "writeMode", "nonConflict"), rows(2).batch()),
        StandardError.WRITE_REFUSED,
        "out.csv is there already",
        "nonConflict");
    write(with(place().writing("new"), "writeMode", "nonConflict"), rows(2).batch());
    assertThat(place().names()).hasSize(2);
  }

  @Test
  void aSingleFileHasExactlyTheGivenNameAndOneHeader() {
    place().put("all.csv", "old");
    Sample sample = rows(5);
    write(
        with(
            place().writing("all.csv"),
            "writeMode",
            "truncate",
            "writeSingleObject",
            true,
            "header",
            List.of("key", "day")),
        sample.slice(0, 2),
        sample.slice(2, 5));
    assertThat(place().names()).containsExactly("all.csv");
    assertThat(place().get("all.csv")).isEqualTo("key,day\n0,d0\n1,d1\n2,d2\n3,d0\n4,d1\n");
  }

  @Test
  void aFileRollsWhenItIsLargeEnough() {
    Object[] row = {0L, "x".repeat(1000)};
    RecordBatch batch = new RecordBatch(SCHEMA, Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (int i = 0; i < 3000; i++) {
      RecordView.append(batch, i, row);
    }
    write(with(place().writing("big"), "maxFileSize", 1, "header", true), batch);
    List<String> names = place().names();
    assertThat(names)
        .hasSize(3)
        .anyMatch(n -> n.endsWith("_1.csv"))
        .anyMatch(n -> n.endsWith("_2.csv"));
    assertThat(names).allMatch(name -> place().get(name).startsWith("id,dt\n0,x"));
    assertThat(
            Rows.read(place().connector(), with(place().reading("big*"), "skipHeader", true))
                .records())
        .hasSize(3000);
  }

  @Test
  void noRecordsMakeAnEmptyFileOrNone() {
    RecordBatch nothing = rows(1).slice(0, 0);
    write(with(place().writing("e"), "header", true), nothing);
    assertThat(place().names())
        .singleElement()
        .satisfies(name -> assertThat(place().get(name)).isEqualTo("id,dt\n"));
    write(with(place().writing("f"), "generateEmptyFile", false), nothing);
    assertThat(place().names()).hasSize(1);
    write(with(place().writing("one.csv"), "writeSingleObject", true), nothing);
    assertThat(place().get("one.csv")).isEmpty();
  }

  @Test
  void aSuccessFileMarksCompleteness() {
    write(with(place().writing("s"), "successFile", true), rows(1).batch());
    assertThat(place().names()).hasSize(2).contains("_SUCCESS");
    assertThat(Rows.read(place().connector(), place().reading("")).records()).hasSize(1);
  }

  @Test
  void valuesBecomeFoldersAndCannotLeaveThem() {
    Sample sample =
        Sample.of(
            SCHEMA,
            List.of(0L, "2024-01-01"),
            List.of(1L, "2024-01-01"),
            List.of(2L, "../../etc"),
            Arrays.asList(3L, null),
            List.of(4L, ""),
            List.of(5L, "a=b%"),
            List.of(6L, "2024-01-01"),
            List.of(7L, "x".repeat(300)),
            // With the column's name one byte more than a name may have.
            List.of(8L, "y".repeat(253)),
            List.of(9L, "z".repeat(252)));
    TestContext context =
        write(with(place().writing("p"), "partitionBy", List.of("dt")), sample.batch());
    assertThat(context.dirty().entries())
        .extracting(entry -> entry.position())
        .containsExactlyInAnyOrder(4L, 7L, 8L);
    assertThat(place().names())
        .allMatch(name -> name.matches("dt=[^/]+/p__[0-9a-f]+_000000(_\\d)?\\.csv"))
        .extracting(name -> name.substring(0, name.indexOf('/')))
        .containsExactlyInAnyOrder(
            "dt=2024-01-01",
            "dt=..%2F..%2Fetc",
            "dt=__HIVE_DEFAULT_PARTITION__",
            "dt=a%3Db%25",
            "dt=" + "z".repeat(252));
    String day = place().names().stream().filter(n -> n.contains("2024")).findFirst().orElseThrow();
    assertThat(place().get(day)).isEqualTo("0\n1\n6\n");

    write(
        with(place().writing("p"), "partitionBy", List.of("dt"), "writeMode", "truncate"),
        rows(3).batch());
    assertThat(place().names())
        .extracting(name -> name.substring(0, name.indexOf('/')))
        .containsExactly("dt=d0", "dt=d1", "dt=d2");
  }

  @Test
  void manyPartitionsAreWrittenWithFewFilesOpen() {
    Object[][] rows = new Object[200][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new Object[] {(long) i, "d" + i % 20};
    }
    @SuppressWarnings("unchecked")
    List<Object>[] lists = Arrays.stream(rows).map(Arrays::asList).toArray(List[]::new);
    write(with(place().writing("m"), "partitionBy", "dt"), Sample.of(SCHEMA, lists).batch());
    assertThat(Rows.read(place().connector(), place().reading("")).records())
        .hasSize(200)
        .doesNotHaveDuplicates();
  }

  private TestContext writeParts(
      Map<String, Object> options, List<String> groups, RecordBatch... splits) {
    return Rows.write(place().connector(), options, TestContext.create(), groups, splits);
  }

  /** What libraries that are not ours find in a file. */
  private String foreign(String name, String compression) throws IOException {
    InputStream in = new ByteArrayInputStream(place().bytes(name));
    try (InputStream text =
        switch (compression) {
          case "gzip" -> new GZIPInputStream(in);
          case "bzip2" -> new BZip2CompressorInputStream(in, true);
          case "zstd" -> new ZstdInputStream(in).setContinuous(false);
          case "snappy" -> new SnappyFramedInputStream(in);
          default -> in;
        }) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("formats")
  void partsOfASplitBecomeOneFileThatOthersRead(String format, String compression)
      throws IOException {
    if (compression.equals("zip")) {
      return; // has a test of its own
    }
    Sample sample = rows(5);
    writeParts(
        with(
            place().writing("out"),
            "fileFormat",
            format,
            "compress",
            compression,
            "header",
            true,
            "suffix",
            ".x"),
        List.of("t1", "t1", "t1", "t1"),
        sample.slice(0, 0),
        sample.slice(0, 2),
        sample.slice(2, 2),
        sample.slice(2, 5));
    String name = place().names().get(0);
    assertThat(place().names()).containsExactly(name);
    assertThat(name).matches("out__[0-9a-f]{16}_t1\\.x");
    String expected =
        format.equals("jsonl")
            ? IntStream.range(0, 5)
                .mapToObj(i -> "{\"id\":" + i + ",\"dt\":\"d" + i % 3 + "\"}\n")
                .collect(Collectors.joining())
            : "id,dt\n0,d0\n1,d1\n2,d2\n3,d0\n4,d1\n";
    assertThat(foreign(name, compression)).isEqualTo(expected);
    assertThat(place().staged()).isEmpty();
  }

  @Test
  void eachSplitThatTheTaskAsksForHasAFileOfItsOwn() {
    Sample sample = rows(6);
    writeParts(
        place().writing("out.csv"),
        List.of("t2", "t1", "", "t2", "t1", "t3"),
        IntStream.range(0, 6).mapToObj(i -> sample.slice(i, i + 1)).toArray(RecordBatch[]::new));
    Map<String, String> found = new TreeMap<>();
    for (String name : place().names()) {
      found.put(name.replaceFirst(".*_([^_]+)$", "$1"), place().get(name));
    }
    assertThat(found)
        .isEqualTo(
            Map.of(
                "t1.csv", "1,d1\n4,d1\n",
                "t2.csv", "0,d0\n3,d0\n",
                "t3.csv", "5,d2\n",
                "000002.csv", "2,d2\n"));
  }

  @Test
  void partsThatAreToldToBecomeOneFileOfAllDo() {
    Sample sample = rows(4);
    writeParts(
        with(place().writing("all.csv"), "writeSingleObject", true, "header", true),
        List.of("t1", "", "t1"),
        sample.slice(0, 1),
        sample.slice(1, 2),
        sample.slice(2, 4));
    assertThat(place().names()).containsExactly("all.csv");
    assertThat(place().get("all.csv")).isEqualTo("id,dt\n0,d0\n1,d1\n2,d2\n3,d0\n");
  }

  @Test
  void whatIsPutTogetherGoesOnInAnotherFileBeforeItIsTooLarge() {
    Object[] row = {0L, "x".repeat(1000)};
    RecordBatch batch = new RecordBatch(SCHEMA, Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (int i = 0; i < 400; i++) {
      RecordView.append(batch, i, row);
    }
    RecordBatch[] parts = new RecordBatch[5];
    Arrays.fill(parts, batch);
    writeParts(
        with(place().writing("big"), "maxFileSize", 1, "header", true),
        Collections.nCopies(5, "t1"),
        parts);
    assertThat(place().names())
        .hasSize(3)
        .anyMatch(n -> n.endsWith("_t1.csv"))
        .anyMatch(n -> n.endsWith("_t1_1.csv"))
        .anyMatch(n -> n.endsWith("_t1_2.csv"))
        .allMatch(n -> place().bytes(n).length < 1 << 20)
        .allMatch(n -> place().get(n).startsWith("id,dt\n0,x"))
        .allMatch(n -> place().get(n).lastIndexOf("id,dt") == 0);
    assertThat(
            Rows.read(place().connector(), with(place().reading("big*"), "skipHeader", true))
                .records())
        .hasSize(2000);
  }

  @Test
  void partsAreJoinedInEachPartition() {
    Sample sample = rows(9);
    writeParts(
        with(place().writing("p"), "partitionBy", List.of("dt"), "header", true),
        List.of("t1", "t1", "t2"),
        sample.slice(0, 4),
        sample.slice(4, 5),
        sample.slice(5, 9));
    Map<String, String> found = new TreeMap<>();
    for (String name : place().names()) {
      found.put(name.replaceFirst("__[0-9a-f]{16}", ""), place().get(name));
    }
    assertThat(found)
        .isEqualTo(
            Map.of(
                "dt=d0/p_t1.csv", "id\n0\n3\n",
                "dt=d1/p_t1.csv", "id\n1\n4\n",
                "dt=d2/p_t1.csv", "id\n2\n",
                "dt=d0/p_t2.csv", "id\n6\n",
                "dt=d1/p_t2.csv", "id\n7\n",
                "dt=d2/p_t2.csv", "id\n5\n8\n"));
    assertThat(place().staged()).isEmpty();
  }

  @Test
  void partitionsThatAreClosedAndOpenedAgainAreOneFileOfEachWhereTheyAreParts() {
    Object[][] rows = new Object[200][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new Object[] {(long) i, "d" + i % 20};
    }
    @SuppressWarnings("unchecked")
    List<Object>[] lists = Arrays.stream(rows).map(Arrays::asList).toArray(List[]::new);
    Sample sample = Sample.of(SCHEMA, lists);
    writeParts(
        with(place().writing("m"), "partitionBy", "dt"),
        List.of("t1", "t1"),
        sample.slice(0, 100),
        sample.slice(100, 200));
    assertThat(place().names()).hasSize(20);
    assertThat(Rows.read(place().connector(), place().reading("")).records())
        .hasSize(200)
        .doesNotHaveDuplicates();
  }

  @Test
  void partsWithoutARecordMakeOneEmptyFileOrNone() {
    RecordBatch nothing = rows(1).slice(0, 0);
    List<String> groups = List.of("t1", "t1", "t2");
    writeParts(with(place().writing("e"), "header", true), groups, nothing, nothing, nothing);
    assertThat(place().names())
        .singleElement()
        .satisfies(name -> assertThat(place().get(name)).isEqualTo("id,dt\n"));
    writeParts(
        with(place().writing("f"), "generateEmptyFile", false), groups, nothing, nothing, nothing);
    assertThat(place().names()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "parquet", "orc", "utf-16"})
  void whatCannotBeJoinedHasAFileForEachPart(String what) {
    Object[] options =
        switch (what) {
          case "zip" -> new Object[] {"compress", "zip"};
          case "utf-16" -> new Object[] {"encoding", "utf-16"};
          default -> new Object[] {"fileFormat", what};
        };
    Sample sample = rows(5);
    writeParts(
        with(place().writing("out"), options),
        List.of("t1", "t1"),
        sample.slice(0, 2),
        sample.slice(2, 5));
    assertThat(place().names())
        .hasSize(2)
        .anyMatch(name -> name.contains("_000000"))
        .anyMatch(name -> name.contains("_000001"));
    assertThat(Rows.read(place().connector(), with(place().reading("out*"), options)).records())
        .hasSize(5);
  }

  /** An instance that was killed after a split was committed, while another was written. */
  private WriteState killed(TestContext context, Writer writer, String instance) {
    writer.check(SCHEMA, context);
    WriteState state = writer.prepare(new WritePlan(instance, 1, 1, SCHEMA), context);
    try (SplitWriter split = writer.open(state, "a", context)) {
      split.write(rows(10).batch());
      split.commit(new SplitTally(10, 10, 0, 1, ""));
    }
    SplitWriter never = writer.open(state, "b", context);
    never.write(rows(10).batch());
    return state;
  }

  @Test
  void whatAKilledRunLeftIsRemovedWhenItIsOldEnoughAndOfTheSameTask() {
    TestContext context = TestContext.create();
    Instant later = Instant.now().plus(Duration.ofHours(1));
    try (Writer writer = Rows.writer(place().connector(), place().writing("k"), context)) {
      killed(context, writer, "killed-run");
      assertThat(place().staged()).isNotEmpty();
      assertThat(writer.cleanUp(Instant.now().minus(Duration.ofHours(1)), context)).isZero();
      try (Writer other = Rows.writer(place().connector(), place().writing("other"), context)) {
        assertThat(other.cleanUp(later, context)).isZero();
        assertThat(other.leftBehind(later, context)).isEmpty();
      }
      assertThat(writer.leftBehind(Instant.now().minus(Duration.ofHours(1)), context)).isEmpty();
      assertThat(writer.leftBehind(later, context))
          .singleElement()
          .asString()
          .startsWith("instance killed-run-1: ");
      assertThat(place().staged()).isNotEmpty();
      assertThat(writer.cleanUp(later, context)).isEqualTo(1);
      assertThat(place().staged()).isEmpty();
      assertThat(place().names()).isEmpty();
    }
  }

  @Test
  void aRunThatBeganLongAgoAndGoesOnIsNotTakenForOneLeftBehind() {
    Instant begin = Instant.now();
    TestContext context = TestContext.create();
    TestContext later =
        context.withClock(Clock.fixed(begin.plus(Duration.ofHours(5)), ZoneOffset.UTC));
    try (Writer writer = Rows.writer(place().connector(), place().writing("long"), context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("long-run", 1, 1, SCHEMA), context);
      try (SplitWriter split = writer.open(state, "a", later)) {
        split.write(rows(10).batch());
        assertThat(writer.cleanUp(begin.plus(Duration.ofHours(3)), later)).isZero();
        SplitCommit commit = split.commit(new SplitTally(10, 10, 0, 1, ""));
        writer.publish(state, List.of(commit), later);
        writer.forget(state, later);
      }
    }
    assertThat(place().names()).hasSize(1);
  }

  @Test
  void aColumnWhoseNameIsNoFoldersIsRefusedBeforeAnythingIsWritten() {
    Schema schema = Schema.of(Field.of("a/b", ColumnType.STRING), Field.of("c", ColumnType.INT64));
    AbstractReading.assertError(
        () ->
            write(
                with(place().writing("p"), "partitionBy", List.of("a/b")),
                Sample.of(schema, List.of("x", 1L)).batch()),
        StandardError.CONFIGURATION,
        "partitionBy",
        "a/b");
  }

  @Test
  void publishingThatWasKilledHalfWayRollsForward() {
    TestContext context = TestContext.create();
    place().put("r__old.csv", "old");
    Map<String, Object> options =
        with(place().writing("r"), "writeMode", "truncate", "successFile", true);
    try (Writer writer = Rows.writer(place().connector(), options, context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("half", 1, 1, SCHEMA), context);
      List<SplitCommit> commits = new ArrayList<>();
      for (String id : List.of("a", "b", "c")) {
        try (SplitWriter split = writer.open(state, id, context)) {
          split.write(rows(10).batch());
          commits.add(split.commit(new SplitTally(10, 10, 0, 1, "")));
        }
      }
      writer.publish(state, commits, context);
      // As if it had been killed before it removed the old file and wrote its last marks.
      String area = ".millrace/half-1/";
      place().delete(area + "published");
      place().delete("_SUCCESS");
      place().put("r__old.csv", "old");
      try (Writer next = Rows.writer(place().connector(), options, context)) {
        WriteState taken = next.takeOver(state, 2, context);
        next.publish(taken, commits, context);
        next.forget(taken, context);
      }
    }
    assertThat(place().names()).hasSize(4).contains("_SUCCESS").doesNotContain("r__old.csv");
    assertThat(Rows.read(place().connector(), place().reading("r*")).records()).hasSize(30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonConflict", "append", "truncate"})
  void aRunThatWasKilledWhilePublishingIsResumedAndDoesNotTakeItsOwnFilesForOthers(String mode) {
    for (boolean single : new boolean[] {false, true}) {
      TestContext context = TestContext.create();
      String base = "n-" + single + ".csv";
      Map<String, Object> options =
          with(place().writing(base), "writeMode", mode, "writeSingleObject", single);
      try (Writer writer = Rows.writer(place().connector(), options, context)) {
        writer.check(SCHEMA, context);
        WriteState state = writer.prepare(new WritePlan("own-" + single, 1, 1, SCHEMA), context);
        List<SplitCommit> commits = new ArrayList<>();
        try (SplitWriter split = writer.open(state, "a", context)) {
          split.write(rows(10).batch());
          commits.add(split.commit(new SplitTally(10, 10, 0, 1, "")));
        }
        writer.publish(state, commits, context);
        place().delete(".millrace/own-" + single + "-1/published");
        // The engine checks again when it resumes.
        writer.check(SCHEMA, context);
        if (!mode.equals("truncate")) {
          WritePlan another = new WritePlan("another-" + single, 1, 1, SCHEMA);
          if (single || mode.equals("nonConflict")) {
            AbstractReading.assertError(
                () -> writer.prepare(another, context),
                StandardError.WRITE_REFUSED,
                "is there already",
                mode);
          }
        }
        WriteState taken = writer.takeOver(state, 2, context);
        writer.publish(taken, commits, context);
        writer.forget(taken, context);
      }
      assertThat(Rows.read(place().connector(), place().reading(base + "*")).records()).hasSize(10);
    }
  }

  /** Whoever may write there may change it; see {@link HostileRecordsTest} for more. */
  @Test
  void aManifestThatNamesWhatIsNotTheInstancesIsNotFollowed() {
    place().put("precious.csv", "stays");
    TestContext context = TestContext.create();
    Map<String, Object> options = with(place().writing("m"), "writeMode", "truncate");
    try (Writer writer = Rows.writer(place().connector(), options, context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("hostile", 1, 1, SCHEMA), context);
      List<SplitCommit> commits = List.of(commit(writer, state, "a", context));
      String manifest = ".millrace/hostile-1/manifest";
      writer.publish(state, commits, context);
      String name = place().get(manifest).lines().toList().get(1).split(" ")[1].substring(1);
      String token = place().get(manifest).lines().toList().get(1).split(" ")[3];
      String other = name.substring(0, name.lastIndexOf("m__")) + "precious.csv";
      place().delete(".millrace/hostile-1/published");
      for (String line :
          List.of(
              "=remove =" + other,
              "=remove =elsewhere%2Fkey",
              "=file =" + other + " =5 " + token,
              "=file =" + name + " =5 =nonsense")) {
        place().put(manifest, line + "\n=end\n");
        for (Runnable each :
            List.<Runnable>of(
                () -> writer.publish(state, commits, context),
                () -> writer.commits(state, context))) {
          AbstractReading.assertError(
              each, StandardError.WRITE_REFUSED, "somebody has changed the record");
        }
      }
      writer.discard(state, context);
    }
    assertThat(place().get("precious.csv")).isEqualTo("stays");
  }

  @Test
  void appendDoesNotReplaceASingleFileThatIsThere() {
    place().put("all.csv", "precious");
    AbstractReading.assertError(
        () -> write(with(place().writing("all.csv"), "writeSingleObject", true), rows(2).batch()),
        StandardError.WRITE_REFUSED,
        "all.csv is there already",
        "append");
    assertThat(place().get("all.csv")).isEqualTo("precious");
  }

  private SplitCommit commit(Writer writer, WriteState state, String split, TestContext context) {
    try (SplitWriter open = writer.open(state, split, context)) {
      open.write(rows(10).batch());
      return open.commit(new SplitTally(10, 10, 0, 1, ""));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSplitWhoseFilesAreGoneIsNotCommittedAnyMoreAndIsWrittenAgain(boolean takenOver) {
    TestContext context = TestContext.create();
    try (Writer writer = Rows.writer(place().connector(), place().writing("lost"), context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("lost", 1, 1, SCHEMA), context);
      commit(writer, state, "a", context);
      commit(writer, state, "b", context);
      assertThat(writer.commits(state, context)).containsOnlyKeys("a", "b");
      WriteState taken = takenOver ? writer.takeOver(state, 2, context) : state;
      removeStaged();
      SplitCommit c = commit(writer, taken, "c", context);

      assertThat(writer.commits(taken, context)).containsOnlyKeys("c");

      SplitCommit a = commit(writer, taken, "a", context);
      SplitCommit b = commit(writer, taken, "b", context);
      assertThat(writer.commits(taken, context)).containsOnlyKeys("a", "b", "c");
      AbstractReading.assertError(
          () -> writer.open(taken, "a", context),
          StandardError.WRITE_REFUSED,
          "a is committed already");
      writer.publish(taken, List.of(a, b, c), context);
      writer.forget(taken, context);
    }
    assertThat(Rows.read(place().connector(), place().reading("lost*")).records()).hasSize(30);
    assertThat(place().staged()).isEmpty();
  }

  @Test
  void aCommitWhoseRecordIsGoneIsWrittenAgainAndWithoutStageOneNothingCounts() {
    TestContext context = TestContext.create();
    try (Writer writer = Rows.writer(place().connector(), place().writing("rec"), context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("rec", 1, 1, SCHEMA), context);
      commit(writer, state, "a", context);
      SplitCommit b = commit(writer, state, "b", context);
      WriteState taken = writer.takeOver(state, 2, context);
      place().delete(".millrace/rec-1/commits/a@1");
      assertThat(writer.commits(taken, context)).containsOnlyKeys("b");
      SplitCommit a = commit(writer, taken, "a", context);
      assertThat(writer.commits(taken, context)).containsOnlyKeys("a", "b");
      place().delete(".millrace/rec-1/valid/2");
      AbstractReading.assertError(
          () -> writer.commits(taken, context),
          StandardError.WRITE_REFUSED,
          "stage 1",
          "from scratch");
      place().put(".millrace/rec-1/valid/2", "=b =1\n=end\n");
      writer.publish(taken, List.of(a, b), context);
      writer.forget(taken, context);
      AbstractReading.assertError(
          () -> writer.commits(taken, context), StandardError.WRITE_REFUSED, "from scratch");
    }
    assertThat(Rows.read(place().connector(), place().reading("rec*")).records()).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void filesThatArePublishedAlreadyCountAsThere(boolean single) {
    TestContext context = TestContext.create();
    Map<String, Object> options =
        with(place().writing("half.csv"), "writeMode", "truncate", "writeSingleObject", single);
    try (Writer writer = Rows.writer(place().connector(), options, context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("half", 1, 1, SCHEMA), context);
      List<SplitCommit> commits =
          List.of(commit(writer, state, "a", context), commit(writer, state, "b", context));
      writer.publish(state, commits, context);
      place().delete(".millrace/half-1/published");

      assertThat(writer.commits(state, context)).containsOnlyKeys("a", "b");

      String one =
          place().names().stream().filter(n -> n.startsWith("half")).findFirst().orElseThrow();
      place().delete(one);
      AbstractReading.assertError(
          () -> writer.commits(state, context), StandardError.WRITE_REFUSED, one, "from scratch");
      place().put(".millrace/half-1/published", "1");
      // It was there when it was published; what became of it since is another matter.
      assertThat(writer.commits(state, context)).containsOnlyKeys("a", "b");
      writer.forget(state, context);
    }
  }

  @Test
  void stagedOutputThatSomebodyRemovedIsOneClearLine() {
    TestContext context = TestContext.create();
    try (Writer writer = Rows.writer(place().connector(), place().writing("g"), context)) {
      WriteState state = killed(context, writer, "gone");
      removeStaged();
      AbstractReading.assertError(
          () ->
              writer.publish(
                  state, List.of(new SplitCommit("a", new SplitTally(10, 10, 0, 1, ""))), context),
          StandardError.WRITE_REFUSED,
          "gone",
          "start anew");
    }
  }

  abstract void removeStaged();
}
