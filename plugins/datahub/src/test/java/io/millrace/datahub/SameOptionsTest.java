package io.millrace.datahub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext.Rules;
import io.millrace.api.TaskForm;
import io.millrace.api.option.Options;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.datahub.read.DataHubReaderFactory;
import io.millrace.datahub.write.DataHubWriterFactory;
import io.millrace.hubs.HubReading;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Times;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the writer wrote the reader reads back with the same options, in every form of document. */
class SameOptionsTest {

  private static FakeDataHub service;

  @BeforeAll
  static void start() {
    service = new FakeDataHub();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static Stream<Arguments> everything() {
    List<Arguments> all = new ArrayList<>();
    for (TaskForm form : TaskForm.values()) {
      for (String zone : List.of("UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns")) {
        all.add(Arguments.of("string", form, ZoneId.of(zone)));
        all.add(Arguments.of("timestamp", form, ZoneId.of(zone)));
      }
    }
    return all.stream();
  }

  /**
   * @param moment the type of the field of the TIMESTAMP
   */
  private static FakeTopic topic(String moment) {
    Map<String, String> fields = new LinkedHashMap<>();
    Times.schema(6).fields().forEach(field -> fields.put(field.name(), "string"));
    fields.put("at", moment);
    return service.create(fields, 1);
  }

  private static void write(FakeTopic topic, RecordBatch batch, TestContext context) {
    DataHubWriterFactory factory = new DataHubWriterFactory();
    Options.Checked checked = Options.check(factory.options(), service.options(topic));
    try (Writer writer = factory.create(checked.options(), context.task())) {
      writer.check(batch.schema(), context);
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, batch.schema()), context);
      try (SplitWriter split = writer.open(state, "a", context)) {
        split.write(batch);
      }
    }
  }

  private static Object typed(Field field) {
    return Map.of("name", field.name(), "type", field.type().name().toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void datesAndTimesComeBack(String moment, TaskForm form, ZoneId zone) {
    boolean isText = moment.equals("string");
    boolean foreign = Rules.of(form).isForeign();
    for (int scale : List.of(0, 3, 6)) {
      FakeTopic topic = topic(moment).arriveAt(Samples.ARRIVAL);
      TestContext context = TestContext.create().withZone(zone).withRules(Rules.of(form));
      write(topic, Times.written(scale), context);

      Map<String, Object> reading = service.options(topic);
      reading.put("beginDateTime", "20231114000000");
      reading.put("endDateTime", "20231116000000");
      reading.put(
          "column",
          Times.schema(6).fields().stream()
              .map(field -> isText || !field.name().equals("at") ? typed(field) : field.name())
              .toList());
      boolean inZone = foreign && isText;
      List<List<@Nullable String>> expected = new ArrayList<>(Times.readBack(inZone ? zone : null));
      if (!isText) {
        // A field of the service's type ends with the year 9999 of the clocks in Beijing.
        expected.remove(expected.size() - 1);
      }
      if (foreign) {
        expected.replaceAll(Times::withMidnight);
      }
      try (HubReading hub = new HubReading(new DataHubReaderFactory(), reading, context)) {
        assertThat(hub.readAll()).isEqualTo(Records.sorted(expected));
      }
      assertThat(context.dirty().entries())
          .extracting(entry -> entry.reason().code())
          .isEqualTo(isText ? List.of() : List.of("NOT_TIMESTAMP"));
    }
  }
}
