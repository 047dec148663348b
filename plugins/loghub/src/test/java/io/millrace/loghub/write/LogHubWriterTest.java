package io.millrace.loghub.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs.LogGroup;
import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.sample.Sample;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, and what becomes of it when the service does not take it. */
@Timeout(60)
class LogHubWriterTest {

  private static final Schema SCHEMA =
      Schema.of(
          Field.of("id", ColumnType.INT64).withNullable(false),
          Field.of("text", ColumnType.STRING));

  private static FakeLogService service;

  private final TestContext context = TestContext.create();

  @BeforeAll
  static void start() {
    service = new FakeLogService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Writer writer(Map<String, Object> options, TestContext context) {
    LogHubWriterFactory factory = new LogHubWriterFactory();
    Options.Checked checked = Options.check(factory.options(), options);
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.unknown()).isEmpty();
    return factory.create(checked.options(), context.task());
  }

  private long write(Map<String, Object> options, Sample sample) {
    return write(options, sample, context);
  }

  private static long write(Map<String, Object> options, Sample sample, TestContext context) {
    try (Writer writer = writer(options, context)) {
      writer.check(sample.schema(), context);
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, sample.schema()), context);
      try (SplitWriter split = writer.open(state, "a", context)) {
        return split.write(sample.batch());
      }
    }
  }

  private static Sample sample(int count) {
    return sample(count, "text");
  }

  private static Sample sample(int count, String text) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Object>[] records = new List[count];
    for (int i = 0; i < count; i++) {
      records[i] = List.of((long) i, text);
    }
    return Sample.of(SCHEMA, records);
  }

  private String log() {
    return String.join("\n", context.log().lines());
  }

  @Test
  void requestsHoldAtMostBatchSizeLogs() {
    FakeLogstore store = service.create(2);
    Map<String, Object> options = service.options(store);
    options.put("batchSize", 10);
    assertThat(write(options, sample(25))).isEqualTo(25);
    assertThat(service.requests("put " + store.name())).isEqualTo(3);
    assertThat(store.logs()).hasSize(25);
  }

  @Test
  void requestsAreBoundedByBytes() {
    FakeLogstore store = service.create(1);
    Sample sample = sample(8, "x".repeat(1 << 19));
    assertThat(write(service.options(store), sample)).isEqualTo(8);
    assertThat(store.shard(0).groups()).extracting(LogGroup::getLogsCount).containsExactly(5, 3);
  }

  @Test
  void throttlingIsWaitedForAndDoublesNothing() {
    FakeLogstore store = service.create(1);
    service.fail(
        "put " + store.name(),
        new Fault.Refused(FakeLogService.error(403, "ShardWriteQuotaExceed", "too much")),
        4);
    assertThat(write(service.options(store), sample(5))).isEqualTo(5);
    assertThat(store.logs()).hasSize(5);
    assertThat(log()).contains("ShardWriteQuotaExceed", "retry 4 of 7").doesNotContain("twice");
  }

  @Test
  void throttlingWithoutEndEndsTheTask() {
    FakeLogstore store = service.create(1);
    service.fail(
        "put " + store.name(),
        new Fault.Refused(FakeLogService.error(429, "ServerBusy", "busy")),
        100);
    Map<String, Object> options = service.options(store);
    options.put("maxRetryTimes", 3);
    assertThatThrownBy(() -> write(options, sample(5)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE))
        .hasMessageContainingAll("ServerBusy", "(tried 4 times)");
    assertThat(service.requests("put " + store.name())).isEqualTo(4);
  }

  @Test
  void anAnswerThatWasLostMayDoubleAndTheLogSaysSo() {
    FakeLogstore store = service.create(1);
    service.fail("put " + store.name(), new Fault.Unanswered(), 1);
    assertThat(write(service.options(store), sample(5))).isEqualTo(5);
    assertThat(store.logs()).hasSize(10);
    assertThat(log())
        .contains("whether the service has taken a request with 5 logs", "stands there twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void anErrorOfTheServersOwnMayComeAfterTheLogsWereKept(int status) {
    for (String code : List.of("InternalServerError", "ServerBusy")) {
      FakeLogstore store = service.create(1);
      service.fail(
          "put " + store.name(),
          new Fault.Refused(FakeLogService.error(status, code, "try again")),
          1);
      int before = context.log().warnings().size();
      assertThat(write(service.options(store), sample(5))).isEqualTo(5);
      assertThat(context.log().warnings().subList(before, context.log().warnings().size()))
          .anyMatch(line -> line.contains("whether the service has taken a request with 5 logs"));
    }
  }

  @Test
  void aServiceThatTakesNothingAtAllFailsTheTaskAndDoesNotMakeEverythingDirty() {
    FakeLogstore store = service.create(1);
    service.failAfter(
        "put " + store.name(),
        0,
        new Fault.Refused(FakeLogService.error(400, "InvalidKey", "no key may be called so")));
    assertThatThrownBy(() -> write(service.options(store), sample(1500)))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
        .hasMessageContainingAll("has taken none of the first 1000 records", "InvalidKey");
    assertThat(context.dirty().entries()).hasSizeLessThan(1000);
    FakeLogstore some = service.create(1);
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Object>[] records = new List[5];
    for (int i = 0; i < records.length; i++) {
      records[i] = List.of((long) i, i == 0 ? "good" : "x".repeat((1 << 20) + 1));
    }
    assertThat(write(service.options(some), Sample.of(SCHEMA, records))).isEqualTo(1);
  }

  @Test
  void aRecordThatIsRefusedIsDirtyWithTheServicesReason() {
    FakeLogstore store = service.create(1);
    Sample sample =
        Sample.of(
            SCHEMA, List.of(0L, "a"), List.of(1L, "x".repeat((1 << 20) + 1)), List.of(2L, "b"));
    assertThat(write(service.options(store), sample)).isEqualTo(2);
    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.position()).isEqualTo(1);
              assertThat(entry.reason().message()).contains("PostBodyInvalid", "above 1 MB");
            });
    assertThat(store.logs()).extracting(log -> log.get("id")).containsExactly("0", "2");
  }

  @Test
  void nullLeavesItsKeyOutAndBytesMustBeText() {
    FakeLogstore store = service.create(1);
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("data", ColumnType.BYTES));
    Sample sample =
        Sample.of(
            schema,
            Arrays.asList(0L, null),
            List.of(1L, "ü".getBytes(StandardCharsets.UTF_8)),
            List.of(2L, new byte[] {(byte) 0xff}));
    assertThat(write(service.options(store), sample)).isEqualTo(2);
    assertThat(store.logs()).containsExactly(Map.of("id", "0"), Map.of("id", "1", "data", "ü"));
    assertThat(context.dirty().entries())
        .extracting(entry -> entry.reason().code())
        .containsExactly("NOT_UTF8");
  }

  @Test
  void topicSourceAndTimeGoWithTheLogs() {
    FakeLogstore store = service.create(1);
    Schema schema =
        Schema.of(
            Field.of("at", ColumnType.STRING),
            Field.of("instant", ColumnType.TIMESTAMP),
            Field.of("wall", ColumnType.DATETIME));
    Sample sample =
        Sample.of(
            schema,
            List.of(
                "2026-11-20 00:00:00",
                Instant.parse("2026-11-20T00:00:01Z"),
                Calendars.toLocalDateTime(Calendars.dateTime(2026, 11, 20, 0, 0, 2, 0))),
            Arrays.asList("noon", null, null));
    for (String column : new String[] {"at", "instant", "wall"}) {
      Map<String, Object> options = service.options(store);
      options.putAll(Map.of("topic", "orders", "source", "millrace", "time", column));
      options.put("timeformat", "yyyy-MM-dd HH:mm:ss");
      write(options, sample);
    }
    List<LogGroup> groups = store.shard(0).groups();
    assertThat(groups).extracting(LogGroup::getTopic).containsOnly("orders");
    assertThat(groups).extracting(LogGroup::getSource).containsOnly("millrace");
    // Berlin is an hour before UTC.
    long midnight = Instant.parse("2026-11-19T23:00:00Z").getEpochSecond();
    assertThat(groups.get(0).getLogs(0).getTime()).isEqualTo((int) midnight);
    assertThat(groups.get(1).getLogs(0).getTime()).isEqualTo((int) midnight + 3601);
    assertThat(groups.get(2).getLogs(0).getTime()).isEqualTo((int) midnight + 2);
    assertThat(Instant.ofEpochSecond(groups.get(1).getLogs(1).getTime()))
        .isAfter(Instant.parse("2026-11-24T00:00:00Z"));
    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.reason().code()).isEqualTo("NOT_A_TIME");
              assertThat(entry.reason().column()).isEqualTo("at");
            });
  }

  @Test
  void aTimestampIsTextOfTheTasksZoneInDocumentsOfDataxAndDataworks() {
    Schema schema = Schema.of(Field.of("t", ColumnType.TIMESTAMP).withScale(0));
    Sample sample = Sample.of(schema, List.of(Instant.parse("2024-09-15T15:50:33Z")));
    for (TaskForm form : TaskForm.values()) {
      FakeLogstore store = service.create(1);
      write(service.options(store), sample, context.withRules(TaskContext.Rules.of(form)));
      assertThat(store.logs())
          .containsExactly(
              Map.of("t", form == TaskForm.OWN ? "2024-09-15 15:50:33Z" : "2024-09-15 17:50:33"));
    }
  }

  @Test
  void aLogsTimeInTheHourThatIsLeftOutIsDirtyAlsoWhereTheTextNamesItsZone() {
    FakeLogstore store = service.create(1);
    Schema schema = Schema.of(Field.of("at", ColumnType.STRING));
    Sample sample =
        Sample.of(
            schema,
            List.of("2024-03-31 02:30:00 Europe/Paris"),
            List.of("2024-10-27 02:30:00 Europe/Paris"));
    Map<String, Object> options = service.options(store);
    options.putAll(Map.of("time", "at", "timeformat", "yyyy-MM-dd HH:mm:ss VV"));
    assertThat(write(options, sample)).isEqualTo(1);
    assertThat(Instant.ofEpochSecond(store.shard(0).groups().get(0).getLogs(0).getTime()))
        .isEqualTo("2024-10-27T00:30:00Z");
  }

  @Test
  void secondsWithNothingBehindThePointAreALogsTime() {
    FakeLogstore store = service.create(1);
    Schema schema = Schema.of(Field.decimal("dec", 20, 4), Field.of("real", ColumnType.FLOAT64));
    Sample sample =
        Sample.of(
            schema,
            List.of(new BigDecimal("1700000000.0000"), 1.7e9),
            List.of(new BigDecimal("1700000000.5000"), 1.7e9 + 0.5));
    for (String column : List.of("dec", "real")) {
      Map<String, Object> options = service.options(store);
      options.putAll(Map.of("time", column, "timeformat", "bigint"));
      assertThat(write(options, sample)).as(column).isEqualTo(1);
    }
    assertThat(store.shard(0).groups())
        .extracting(group -> group.getLogs(0).getTime())
        .containsOnly(1_700_000_000);
  }

  @Test
  void aTimeThatNoCalendarOrClockHasIsDirty() {
    FakeLogstore store = service.create(1);
    Schema schema =
        Schema.of(Field.of("at", ColumnType.STRING), Field.of("wall", ColumnType.DATETIME));
    LocalDateTime gap = LocalDateTime.parse("2026-03-29T02:30:00");
    Sample sample =
        Sample.of(
            schema,
            List.of("2023-02-29 00:00:00", gap),
            List.of("2023-02-28 24:00:00", gap),
            List.of("2026-03-29 02:30:00", gap),
            List.of("2026-03-29 03:00:00", gap));
    Map<String, Object> options = service.options(store);
    options.putAll(Map.of("time", "at", "timeformat", "yyyy-MM-dd HH:mm:ss"));
    assertThat(write(options, sample)).isEqualTo(1);
    options.put("time", "wall");
    assertThat(write(options, sample)).isZero();
    assertThat(context.dirty().entries())
        .hasSize(7)
        .extracting(entry -> entry.reason().code())
        .containsOnly("NOT_A_TIME");
    options.putAll(Map.of("time", "at", "timeformat", "yyyy-MM-dd HH:mm:ssXXX"));
    assertThat(
            write(
                options, Sample.of(schema, List.of("2026-11-20 00:00:00+09:00", gap.plusHours(1)))))
        .isEqualTo(1);
    assertThat(store.shard(0).groups().get(1).getLogs(0).getTime())
        .isEqualTo((int) Instant.parse("2026-11-19T15:00:00Z").getEpochSecond());
  }

  @Test
  void aPatternThatCannotTellTheHourIsRefused() {
    FakeLogstore store = service.create(1);
    for (String pattern : List.of("yyyy-MM-dd hh:mm:ss", "yyyy-mm-dd", "HH:mm")) {
      Map<String, Object> options = service.options(store);
      options.put("timeFormat", pattern);
      assertThatThrownBy(() -> writer(options, context)).hasMessageContaining("neither bigint nor");
    }
  }

  @Test
  void aLogstoreThatWasCreatedAgainIsNotWrittenTo() {
    FakeLogstore store = service.create(1);
    try (Writer writer = writer(service.options(store), context)) {
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
      Map<String, String> before = writer.identity(state, context);
      writer.open(state, "a", context).close();
      store.createAgain();
      assertThat(writer.identity(state, context)).hasSize(1).isNotEqualTo(before);
      assertThatThrownBy(() -> writer.open(state, "b", context))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("created again since the task began");
    }
  }

  @Test
  void aLogstoreWithoutAShardIsRefused() {
    FakeLogstore store = service.create(0);
    assertThatThrownBy(() -> write(service.options(store), sample(1)))
        .hasMessageContaining("has no shard to write to");
  }

  @Test
  void whatIsWrongIsToldBeforeAnythingIsSent() {
    FakeLogstore store = service.create(1);
    assertRefused(
        store, Map.of("accessKey", "wrong"), StandardError.ACCESS_DENIED, "check accessId");
    assertRefused(
        store, Map.of("logstore", "nothing"), StandardError.WRITE_REFUSED, "LogStoreNotExist");
    assertRefused(
        store, Map.of("project", "nowhere"), StandardError.WRITE_REFUSED, "ProjectNotExist");
    assertRefused(
        store, Map.of("column", List.of("a")), StandardError.CONFIGURATION, "1 key,", "2 columns");
    assertRefused(
        store,
        Map.of("column", List.of("a", "a")),
        StandardError.CONFIGURATION,
        "'a' is there twice");
    assertRefused(store, Map.of("time", "at"), StandardError.CONFIGURATION, "'time' names 'at'");
    assertRefused(
        store, Map.of("timeFormat", "jj"), StandardError.CONFIGURATION, "neither bigint nor");
    assertThat(service.requests("put " + store.name())).isZero();
  }

  private void assertRefused(
      FakeLogstore store, Map<String, Object> wrong, StandardError code, String... words) {
    Map<String, Object> options = service.options(store);
    options.putAll(wrong);
    assertThatThrownBy(() -> write(options, sample(2)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(code))
        .message()
        .contains(words)
        .doesNotContain("\n", FakeLogService.ACCESS_KEY, FakeLogService.ACCESS_ID);
  }
}
