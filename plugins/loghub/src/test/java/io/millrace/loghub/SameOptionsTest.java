package io.millrace.loghub;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext.Rules;
import io.millrace.api.TaskForm;
import io.millrace.api.option.Options;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.hubs.HubReading;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.loghub.read.LogHubReaderFactory;
import io.millrace.loghub.write.LogHubWriterFactory;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Times;
import java.time.ZoneId;
import java.util.ArrayList;
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

  private static FakeLogService service;

  @BeforeAll
  static void start() {
    service = new FakeLogService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static Stream<Arguments> everything() {
    List<Arguments> all = new ArrayList<>();
    for (TaskForm form : TaskForm.values()) {
      for (String zone : List.of("UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns")) {
        all.add(Arguments.of(form, ZoneId.of(zone)));
      }
    }
    return all.stream();
  }

  private static void write(FakeLogstore store, RecordBatch batch, TestContext context) {
    LogHubWriterFactory factory = new LogHubWriterFactory();
    Options.Checked checked = Options.check(factory.options(), service.options(store));
    try (Writer writer = factory.create(checked.options(), context.task())) {
      writer.check(batch.schema(), context);
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, batch.schema()), context);
      try (SplitWriter split = writer.open(state, "a", context)) {
        assertThat(split.write(batch)).isEqualTo(batch.size());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everything")
  void datesAndTimesComeBack(TaskForm form, ZoneId zone) {
    boolean foreign = Rules.of(form).isForeign();
    for (int scale : List.of(0, 3, 6)) {
      FakeLogstore store = service.create(1).arriveAt(Samples.ARRIVAL);
      TestContext context = TestContext.create().withZone(zone).withRules(Rules.of(form));
      write(store, Times.written(scale), context);

      Map<String, Object> reading = service.options(store);
      reading.put("beginDateTime", "20231114000000");
      reading.put("endDateTime", "20231116000000");
      reading.put(
          "column",
          Times.schema(6).fields().stream()
              .map(
                  field ->
                      Map.of(
                          "name",
                          field.name(),
                          "type",
                          field.type().name().toLowerCase(Locale.ROOT)))
              .toList());
      List<List<@Nullable String>> expected =
          new ArrayList<>(Times.readBack(foreign ? zone : null));
      if (foreign) {
        expected.replaceAll(Times::withMidnight);
      }
      try (HubReading hub = new HubReading(new LogHubReaderFactory(), reading, context)) {
        assertThat(hub.readAll()).isEqualTo(Records.sorted(expected));
      }
      assertThat(context.dirty().entries()).isEmpty();
    }
  }
}
