package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.TaskContext.Rules;
import io.millrace.api.TaskForm;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the writer wrote the reader reads back with the same options, in every form of document. */
class SameOptionsTest {

  @TempDir Path folder;

  private static TestContext context(TaskForm form, String zone) {
    return TestContext.create().withZone(ZoneId.of(zone)).withRules(Rules.of(form));
  }

  static Stream<Arguments> everything() {
    List<Arguments> all = new ArrayList<>();
    for (String format : List.of("csv", "text", "jsonl", "parquet", "orc")) {
      for (TaskForm form : TaskForm.values()) {
        all.add(Arguments.of(format, form, "America/St_Johns"));
      }
    }
    return all.stream();
  }

  private Rows.Read roundTrip(
      RecordBatch batch, String format, TestContext context, TestContext[] written) {
    Connector connector =
        context.task().rules().isForeign() ? new TxtFileConnector() : new FilesConnector();
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("fileFormat", format);
    Map<String, Object> writing = new HashMap<>(options);
    writing.put("fileName", "out");
    writing.put("writeMode", "truncate");
    written[0] = Rows.write(connector, writing, context, batch);
    options.put("path", folder + "/out*");
    options.put("column", Columns.written(batch.schema(), !format.matches("csv|text")));
    TestContext reading = TestContext.create().withZone(context.task().zone());
    return Rows.read(connector, options, 1, reading.withRules(context.task().rules()));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void everyTypeComesBackOrIsDirtyWhenItIsWritten(String format, TaskForm form, String zone) {
    Sample sample = Sample.types(EnumSet.complementOf(EnumSet.of(TypeCase.STRING_LONG)));
    TestContext context = context(form, zone);
    TestContext[] written = new TestContext[1];
    Rows.Read read = roundTrip(sample.batch(), format, context, written);

    List<Long> dirty = written[0].dirty().entries().stream().map(e -> e.position()).toList();
    List<List<@Nullable String>> expected = new ArrayList<>();
    for (int row = 0; row < sample.size(); row++) {
      if (!dirty.contains((long) row)) {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < sample.schema().size(); i++) {
          values.add(readBack(sample, i, row, form, zone));
        }
        expected.add(values);
      }
    }
    assertThat(read.reasons()).isEmpty();
    assertThat(read.records()).isEqualTo(expected);
  }

  /** What differs in DataX's documents, and is told. */
  private static @Nullable String readBack(
      Sample sample, int column, int row, TaskForm form, String zone) {
    String text = sample.texts().get(row).get(column);
    Field field = sample.schema().field(column);
    if (text == null || form == TaskForm.OWN) {
      return text;
    }
    if (field.type() == ColumnType.DATE) {
      return text + " 00:00:00";
    }
    // The one instant of the sample that St. John's clocks show for the second time.
    return text.equals("2024-11-03 04:30:00.000000Z") ? "2024-11-03 03:30:00.000000Z" : text;
  }

  @Test
  void anInstantIsWrittenInTheTasksZoneInForeignDocumentsAndAsWhatItIsInOurs() throws IOException {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("at", ColumnType.TIMESTAMP)), 1024, 9);
    batch.longs(0).append(Calendars.timestamp(Instant.parse("2024-09-15T09:50:33Z")));
    batch.endRecord(0);
    batch.longs(0).append(Calendars.timestamp(Instant.parse("2024-09-15T09:50:33.5Z")));
    batch.endRecord(1);
    batch.longs(0).append(Calendars.ZERO_TIMESTAMP);
    batch.endRecord(2);
    for (TaskForm form : TaskForm.values()) {
      for (String format : List.of("csv", "text", "jsonl")) {
        roundTrip(batch, format, context(form, "Asia/Shanghai"), new TestContext[1]);
        try (Stream<Path> files = Files.list(folder)) {
          String text =
              Files.readString(files.filter(Files::isRegularFile).findFirst().orElseThrow());
          String plain = text.replace("{\"at\":\"", "").replace("\"}", "");
          assertThat(plain)
              .as("%s %s", form, format)
              .isEqualTo(
                  form == TaskForm.OWN
                      ? "2024-09-15 09:50:33.000000Z\n2024-09-15 09:50:33.500000Z\n0000-00-00 00:00:00Z\n"
                      : "2024-09-15 17:50:33\n2024-09-15 17:50:33.5\n0000-00-00 00:00:00\n");
        }
      }
    }
  }

  /** Random values of every time there is, also of years with more than four digits. */
  @ParameterizedTest
  @MethodSource("everything")
  void randomTimesComeBack(String format, TaskForm form, String zone) {
    Schema schema =
        Schema.of(
            Field.of("day", ColumnType.DATE),
            Field.of("wall", ColumnType.DATETIME),
            Field.of("at", ColumnType.TIMESTAMP));
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 500);
    Random random = new Random(7);
    ZoneId own = ZoneId.of(zone);
    for (int i = 0; i < 300; i++) {
      long bound = i % 10 == 0 ? 4_000_000_000_000L : 60_000_000_000L;
      long seconds = random.nextLong(-bound, bound);
      int micros = i % 3 == 0 ? 0 : random.nextInt(1_000_000);
      Instant at = Instant.ofEpochSecond(seconds, micros * 1000L);
      LocalDateTime wall = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
      ZoneOffsetTransition change = own.getRules().previousTransition(at);
      boolean twice =
          change != null
              && change.isOverlap()
              && at.isBefore(change.getInstant().minus(change.getDuration()));
      if (twice || Math.abs(wall.getYear()) > 131_000) {
        continue; // the docs say which of two instants is read
      }
      batch.longs(0).append(Calendars.date(LocalDate.ofEpochDay(seconds / 86_400)));
      batch.longs(1).append(Calendars.dateTime(wall));
      batch.longs(2).append(Calendars.timestamp(at));
      batch.endRecord(i);
    }
    TestContext[] written = new TestContext[1];
    Rows.Read read = roundTrip(batch, format, context(form, zone), written);
    assertThat(read.reasons()).isEmpty();
    assertThat(written[0].dirty().count()).isLessThan(3);
    List<List<@Nullable String>> expected = new ArrayList<>(Records.texts(batch));
    if (form != TaskForm.OWN) {
      expected.replaceAll(
          each ->
              List.of(
                  each.get(0) + " 00:00:00",
                  String.valueOf(each.get(1)),
                  String.valueOf(each.get(2))));
    }
    written[0].dirty().entries().forEach(each -> expected.remove(each.values()));
    assertThat(read.records()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void anInstantOfAFileThatIsReadAsTextFollowsTheSameRule(String format) {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("at", ColumnType.TIMESTAMP)), 1024, 9);
    batch.longs(0).append(Calendars.timestamp(Instant.parse("2024-09-15T09:50:33Z")));
    batch.endRecord(0);
    roundTrip(batch, format, context(TaskForm.OWN, "UTC"), new TestContext[1]);
    Map<String, Object> reading =
        Map.of(
            "path",
            folder + "/out*",
            "fileFormat",
            format,
            "column",
            List.of(Map.of("name", "at", "type", "string")));
    for (TaskForm form : TaskForm.values()) {
      TestContext context = context(form, "Asia/Shanghai");
      assertThat(Rows.read(new FilesConnector(), reading, 1, context).records())
          .as(form.name())
          .containsExactly(
              List.of(
                  form == TaskForm.OWN ? "2024-09-15 09:50:33.000000Z" : "2024-09-15 17:50:33"));
    }
  }
}
