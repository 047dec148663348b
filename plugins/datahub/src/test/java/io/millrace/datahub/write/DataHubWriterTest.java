package io.millrace.datahub.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.datahub.fake.FakeTopic.Verdict;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.sample.Sample;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, and what becomes of it when the service does not take it. */
@Timeout(60)
class DataHubWriterTest {

  private static final Schema SCHEMA =
      Schema.of(
          Field.of("id", ColumnType.INT64).withNullable(false),
          Field.of("text", ColumnType.STRING));

  private static FakeDataHub service;

  private final TestContext context = TestContext.create();

  @BeforeAll
  static void start() {
    service = new FakeDataHub();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static FakeTopic topic(int shards) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", "bigint!");
    fields.put("text", "string");
    return service.create(fields, shards);
  }

  private static Map<String, Object> options(FakeTopic topic) {
    Map<String, Object> options = service.options(topic);
    options.put("retryInterval", 0);
    return options;
  }

  private static Writer writer(Map<String, Object> options, TestContext context) {
    DataHubWriterFactory factory = new DataHubWriterFactory();
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
        long written = split.write(sample.batch());
        SplitCommit commit =
            split.commit(new SplitTally(sample.size(), written, sample.size() - written, 1, ""));
        writer.publish(state, List.of(commit), context);
        return written;
      }
    }
  }

  private static Sample sample(int count) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Object>[] records = new List[count];
    for (int i = 0; i < count; i++) {
      records[i] = List.of((long) i, "text");
    }
    return Sample.of(SCHEMA, records);
  }

  private String log() {
    return String.join("\n", context.log().lines());
  }

  @Test
  void theDefaultsAreTheDocumentedOnes() {
    assertThat(DataHubWriterFactory.MAX_COMMIT_SIZE.defaultValue()).isEqualTo(1_048_576L);
    assertThat(DataHubWriterFactory.MAX_RETRY_COUNT.defaultValue()).isEqualTo(500L);
  }

  @Test
  void requestsAreBoundedByMaxCommitSizeAndShardsTakeTurns() {
    FakeTopic topic = topic(3);
    Map<String, Object> options = options(topic);
    options.put("maxCommitSize", 800); // ten records of 16 + (16 + 24) + (16 + 4) bytes
    assertThat(write(options, sample(90))).isEqualTo(90);
    assertThat(service.requests("put " + topic.name())).isEqualTo(9);
    assertThat(List.of(topic.size(0), topic.size(1), topic.size(2))).containsExactly(30, 30, 30);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void anErrorOfTheServersOwnMayComeAfterTheRecordsWereKept(int status) {
    for (String code : List.of("InternalServerError", "ServiceUnavailable", "LimitExceeded")) {
      FakeTopic topic = topic(1);
      service.fail(
          "put " + topic.name(),
          new Fault.Refused(FakeDataHub.error(status, code, "try again")),
          1);
      int before = context.log().warnings().size();
      assertThat(write(options(topic), sample(5))).isEqualTo(5);
      assertThat(context.log().warnings().subList(before, context.log().warnings().size()))
          .anyMatch(
              line -> line.contains("whether the service has taken a request with 5 records"));
    }
    FakeTopic topic = topic(1);
    AtomicInteger judged = new AtomicInteger();
    topic.judge(
        record -> judged.getAndIncrement() < 3 ? new Verdict("InternalServerError", "oops") : null);
    assertThat(write(options(topic), sample(5))).isEqualTo(5);
    assertThat(log()).contains("whether the service has taken a request with 3 records");
  }

  @Test
  void aServiceThatTakesNothingAtAllFailsTheTaskAndDoesNotMakeEverythingDirty() {
    FakeTopic one = topic(1);
    one.judge(record -> new Verdict("MalformedRecord", "no such field"));
    FakeTopic whole = topic(1);
    service.refuseRequestsHolding(whole, "text");
    for (FakeTopic topic : List.of(one, whole)) {
      TestContext own = TestContext.create();
      assertThatThrownBy(() -> write(options(topic), sample(1500), own))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("has taken none of the first 1000 records");
      assertThat(own.dirty().entries()).hasSizeLessThan(1000);
    }
    FakeTopic some = topic(1);
    AtomicInteger judged = new AtomicInteger();
    some.judge(
        record -> judged.getAndIncrement() > 0 ? new Verdict("MalformedRecord", "bad") : null);
    assertThat(write(options(some), sample(1500))).isEqualTo(1);
    assertThat(context.dirty().entries()).hasSize(1499);
  }

  @Test
  void oneShardMayBeChosen() {
    FakeTopic topic = topic(3);
    Map<String, Object> options = options(topic);
    options.put("shardId", "1");
    assertThat(write(options, sample(9))).isEqualTo(9);
    assertThat(topic.size(1)).isEqualTo(9);
  }

  @Test
  void throttlingOfARequestOrOfRecordsIsWaitedForAndDoublesNothing() {
    FakeTopic topic = topic(1);
    service.fail(
        "put " + topic.name(),
        new Fault.Refused(FakeDataHub.error(403, "LimitExceeded", "Max throughput is exceeded")),
        2);
    AtomicInteger judged = new AtomicInteger();
    // Every other record of the first two requests that get through.
    topic.judge(
        record ->
            judged.getAndIncrement() < 15 && judged.get() % 2 == 0
                ? new Verdict("LimitExceeded", "too fast")
                : null);
    assertThat(write(options(topic), sample(10))).isEqualTo(10);
    assertThat(topic.texts()).doesNotHaveDuplicates().hasSize(10);
    assertThat(log()).contains("LimitExceeded", "5 records were not taken").doesNotContain("twice");
  }

  @Test
  void throttlingWithoutEndEndsTheTask() {
    FakeTopic topic = topic(1).judge(record -> new Verdict("LimitExceeded", "too fast"));
    Map<String, Object> options = options(topic);
    options.put("maxRetryCount", 3);
    assertThatThrownBy(() -> write(options, sample(5)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE))
        .hasMessageContainingAll("LimitExceeded", "(tried 4 times)");
    assertThat(service.requests("put " + topic.name())).isEqualTo(4);
  }

  @Test
  void aRecordThatIsRefusedIsDirtyWithTheServicesReason() {
    FakeTopic topic =
        topic(2)
            .judge(
                record ->
                    record.getData().getData(0).getValue().toStringUtf8().equals("3")
                        ? new Verdict("MalformedRecord", "field text is bad")
                        : null);
    assertThat(write(options(topic), sample(6))).isEqualTo(5);
    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.position()).isEqualTo(3);
              assertThat(entry.reason().code()).isEqualTo("MalformedRecord");
              assertThat(entry.reason().message()).isEqualTo("field text is bad");
            });
  }

  @Test
  void aRequestThatIsRefusedAsAWholeIsHalvedUntilTheRecordIsFound() {
    FakeTopic topic = topic(1);
    service.refuseRequestsHolding(topic, "x".repeat(1000));
    Sample sample =
        Sample.of(SCHEMA, List.of(0L, "a"), List.of(1L, "x".repeat(1000)), List.of(2L, "b"));
    assertThat(write(options(topic), sample)).isEqualTo(2);
    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.position()).isEqualTo(1);
              assertThat(entry.reason().message()).contains("InvalidParameter");
            });
  }

  @Test
  void aShardThatIsSplitMeanwhileGivesWayToItsHeirs() {
    FakeTopic topic = topic(1);
    try (Writer writer = writer(options(topic), context)) {
      writer.check(SCHEMA, context);
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
      try (SplitWriter split = writer.open(state, "a", context)) {
        assertThat(split.write(sample(5).batch())).isEqualTo(5);
        topic.split(0);
        assertThat(split.write(sample(5).batch())).isEqualTo(5);
      }
    }
    assertThat(topic.size(0)).isEqualTo(5);
    assertThat(topic.size(1) + topic.size(2)).isEqualTo(5);
  }

  @Test
  void anAnswerThatWasLostMayDoubleAndTheLogSaysSo() {
    FakeTopic topic = topic(1);
    service.fail("put " + topic.name(), new Fault.Unanswered(), 1);
    assertThat(write(options(topic), sample(5))).isEqualTo(5);
    assertThat(topic.size(0)).isEqualTo(10);
    assertThat(log())
        .contains("whether the service has taken a request with 5 records", "stands there twice");
  }

  @Test
  void valuesBecomeWhatTheFieldsAreOrAreDirty() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", "bigint!");
    fields.put("small", "smallint");
    fields.put("real", "double");
    fields.put("yes", "boolean");
    fields.put("at", "timestamp");
    fields.put("wall", "timestamp");
    fields.put("dec", "decimal");
    FakeTopic topic = service.create(fields, 1);
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.STRING),
            Field.of("small", ColumnType.STRING),
            Field.of("real", ColumnType.STRING),
            Field.of("yes", ColumnType.STRING),
            Field.of("at", ColumnType.TIMESTAMP),
            Field.of("wall", ColumnType.DATETIME),
            Field.of("dec", ColumnType.STRING));
    Instant at = Instant.parse("2026-11-20T00:00:00.000001Z");
    LocalDateTime wall = LocalDateTime.parse("2026-11-20T00:00:00");
    Sample sample =
        Sample.of(
            schema,
            List.of("1", "-5", "0.5", "true", at, wall, "1.50"),
            Arrays.asList("2", null, null, null, null, null, null),
            Arrays.asList("x", null, null, null, null, null, null),
            Arrays.asList("4", "32768", null, null, null, null, null),
            Arrays.asList("5", null, "1d", null, null, null, null),
            Arrays.asList("6", null, null, "yes", null, null, null),
            Arrays.asList("7", null, null, null, null, null, "1,5"),
            Arrays.asList(null, null, null, null, null, null, null));
    assertThat(write(options(topic), sample)).isEqualTo(2);
    assertThat(topic.texts())
        .containsExactly(
            List.of("1", "-5", "0.5", "true", "1795132800000001", "1795129200000000", "1.50"),
            Arrays.asList("2", null, null, null, null, null, null));
    assertThat(context.dirty().entries())
        .extracting(entry -> entry.reason().column())
        .containsExactly("id", "small", "real", "yes", "dec", "id");
    assertThat(context.dirty().entries())
        .extracting(CollectingDirtyRecords.Entry::position)
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void columnsMayBeNamedInAnyOrder() {
    FakeTopic topic = topic(1);
    Map<String, Object> options = options(topic);
    options.put("column", List.of("TEXT", "id"));
    Schema schema = Schema.of(Field.of("a", ColumnType.STRING), Field.of("b", ColumnType.INT64));
    assertThat(write(options, Sample.of(schema, List.of("t", 1L)))).isEqualTo(1);
    assertThat(topic.texts()).containsExactly(List.of("1", "t"));
  }

  @Test
  void blobRecordsAreWrittenOfOneColumn() {
    FakeTopic topic = service.create(Map.of(), 1);
    Schema schema = Schema.of(Field.of("a", ColumnType.STRING));
    assertThat(
            write(options(topic), Sample.of(schema, List.of("{}"), Arrays.asList((Object) null))))
        .isEqualTo(1);
    assertThat(topic.texts()).containsExactly(List.of("{}"));
    assertThat(context.dirty().entries()).hasSize(1);
  }

  private TestContext rules(TaskForm form, Narrowing narrowing) {
    return context.withRules(new TaskContext.Rules(form, narrowing));
  }

  private static FakeTopic fields(String... namesAndTypes) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      fields.put(namesAndTypes[i], namesAndTypes[i + 1]);
    }
    return service.create(fields, 1);
  }

  private static final Schema STAR =
      Schema.of(Field.of("b", ColumnType.STRING), Field.of("A", ColumnType.STRING))
          .withStar(new Schema.Star(List.of(), List.of()));

  @Test
  void allColumnsToAllFieldsAreMatchedByName() {
    Sample sample = Sample.of(STAR, List.of("of b", "of a"));
    for (TaskForm form : TaskForm.values()) {
      FakeTopic topic = fields("a", "string", "b", "string");
      write(options(topic), sample, rules(form, Narrowing.ROUND));
      assertThat(topic.texts()).containsExactly(List.of("of a", "of b"));
    }
  }

  @Test
  void otherNamesAreRefusedAndInForeignDocumentsMatchedByOrderWithAWarning() {
    Sample sample = Sample.of(STAR, List.of("1st", "2nd"));
    FakeTopic topic = fields("x", "string", "y", "string");
    assertThatThrownBy(() -> write(options(topic), sample))
        .hasMessageContainingAll("(b, A)", "(x, y)", "do not have the same names");
    TestContext datax = rules(TaskForm.DATAX, Narrowing.ROUND);
    write(options(topic), sample, datax);
    assertThat(topic.texts()).containsExactly(List.of("1st", "2nd"));
    assertThat(datax.log().warnings()).anyMatch(line -> line.contains("b to x, A to y"));
    Sample hidden =
        Sample.of(STAR.withStar(new Schema.Star(List.of(), List.of("x"))), List.of("1st", "2nd"));
    assertThatThrownBy(() -> write(options(topic), hidden, datax))
        .hasMessageContaining("do not have the same names");
    // A list means its order, as ever.
    write(
        options(topic),
        Sample.of(new Schema(STAR.fields()), List.of("3rd", "4th")),
        rules(TaskForm.OWN, Narrowing.REFUSE));
    assertThat(topic.texts()).contains(List.of("3rd", "4th"));
  }

  private static final Schema NUMBERS =
      Schema.of(
          Field.of("id", ColumnType.INT64),
          Field.decimal("dec", 12, 4),
          Field.of("real", ColumnType.FLOAT64).withBits(64, false),
          Field.of("wide", ColumnType.FLOAT64).withBits(64, false));

  private static Sample numbers() {
    return Sample.of(
        NUMBERS,
        List.of(0L, new BigDecimal("1.0000"), 2.0, 0.5),
        List.of(1L, new BigDecimal("2.5000"), 2.0, 0.5),
        List.of(2L, new BigDecimal("-2.5000"), 3.5, 0.1),
        List.of(3L, new BigDecimal("1.0000"), 200.0, 0.5));
  }

  private static FakeTopic narrow() {
    return fields("id", "bigint", "dec", "integer", "real", "tinyint", "wide", "float");
  }

  @Test
  void typesThatWouldChangeValuesAreRefusedAtTheCheckWithEachColumn() {
    assertThatThrownBy(() -> write(options(narrow()), numbers()))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContainingAll(
            "'dec' (decimal(12,4)) into field 'dec' (INTEGER)",
            "'real' (double) into field 'real' (TINYINT)",
            "'wide' (double) into field 'wide' (FLOAT)",
            "narrowing");
  }

  @Test
  void whatWouldBeChangedIsRoundedAndCountedOrDirtyAndWhatIsOutOfRangeIsDirtyAlways() {
    FakeTopic rounding = narrow();
    TestContext round = rules(TaskForm.DATAX, Narrowing.ROUND);
    assertThat(write(options(rounding), numbers(), round)).isEqualTo(3);
    assertThat(rounding.texts())
        .containsExactly(
            List.of("0", "1", "2", "0.5"),
            List.of("1", "3", "2", "0.5"),
            List.of("2", "-3", "4", "0.1"));
    assertThat(round.log().warnings())
        .contains(
            "field 'dec': 2 values were rounded to fit it in this attempt",
            "field 'real': 1 value was rounded to fit it in this attempt",
            "field 'wide': 1 value was rounded to fit it in this attempt");
    assertThat(round.log().lines())
        .anyMatch(line -> line.endsWith(": field 'dec': 2 values were rounded to fit it"));
    assertThat(round.dirty().entries())
        .extracting(entry -> entry.position() + " " + entry.reason().code())
        .containsExactly("3 NOT_TINYINT");
    FakeTopic strict = narrow();
    TestContext dirty =
        TestContext.create().withRules(new TaskContext.Rules(TaskForm.OWN, Narrowing.DIRTY));
    assertThat(write(options(strict), numbers(), dirty)).isEqualTo(1);
    assertThat(dirty.dirty().entries())
        .extracting(entry -> entry.reason().code())
        .containsExactly("NARROWED", "NARROWED", "NOT_TINYINT");
  }

  @Test
  void whereTheSourceDeclaresNoScaleTheSingleValueThatWouldChangeIsDirty() {
    FakeTopic topic = fields("text", "double", "whole", "double");
    Schema schema =
        Schema.of(Field.of("text", ColumnType.STRING), Field.of("whole", ColumnType.INT64));
    Sample sample =
        Sample.of(
            schema,
            List.of("0.1", 1L << 53),
            List.of("1152921504606846976", 1L << 60),
            List.of("0.12345678901234567891", 0L),
            List.of("1", (1L << 53) + 1),
            List.of("1e400", 0L));
    assertThat(write(options(topic), sample)).isEqualTo(2);
    assertThat(context.dirty().entries())
        .extracting(entry -> entry.reason().code())
        .containsExactly("NARROWED", "NARROWED", "NOT_DOUBLE");
  }

  @Test
  void aTimestampIsTextOfTheTasksZoneInDocumentsOfDataxAndDataworks() {
    Schema schema = Schema.of(Field.of("t", ColumnType.TIMESTAMP).withScale(0));
    Sample sample = Sample.of(schema, List.of(Instant.parse("2024-09-15T15:50:33Z")));
    for (TaskForm form : TaskForm.values()) {
      FakeTopic topic = fields("t", "string");
      write(options(topic), sample, rules(form, Narrowing.ROUND));
      assertThat(topic.texts())
          .containsExactly(
              List.of(form == TaskForm.OWN ? "2024-09-15 15:50:33Z" : "2024-09-15 17:50:33"));
    }
  }

  @Test
  void aMomentThatNoCalendarOrClockHasIsDirty() {
    FakeTopic topic = fields("t", "timestamp", "w", "timestamp");
    Schema schema = Schema.of(Field.of("t", ColumnType.STRING), Field.of("w", ColumnType.DATETIME));
    LocalDateTime noon = LocalDateTime.parse("2026-03-29T12:00:00");
    Sample sample =
        Sample.of(
            schema,
            List.of("2026-11-20T24:00:00Z", noon),
            List.of("2016-12-31T23:59:60Z", noon),
            List.of("2026-02-29T00:00:00Z", noon),
            List.of("2026-03-29 02:30:00", noon),
            List.of("0000-00-00 00:00:00", noon),
            List.of("131072-01-01 00:00:00", noon),
            List.of("2026-11-20T00:00:00Z", LocalDateTime.parse("2026-03-29T02:30:00")),
            List.of("2026-11-20T00:00:00Z", LocalDateTime.parse("2026-10-25T02:30:00")));
    assertThat(write(options(topic), sample)).isEqualTo(1);
    assertThat(topic.texts()).containsExactly(List.of("1795132800000000", "1792888200000000"));
    assertThat(context.dirty().entries())
        .hasSize(7)
        .extracting(entry -> entry.reason().code())
        .containsOnly("NOT_TIMESTAMP");
  }

  @Test
  void aTextIsAMomentOfTheTasksZoneWhereItSaysNoOffset() {
    FakeTopic topic = fields("t", "timestamp");
    Schema schema = Schema.of(Field.of("t", ColumnType.STRING));
    Sample sample =
        Sample.of(
            schema,
            List.of("2024-09-15 17:50:33"),
            List.of("2024-09-15T17:50:33.000001+08:00"),
            List.of("2024-10-27 02:30:00"),
            List.of("2024-09-15"),
            List.of("-1"));
    assertThat(write(options(topic), sample)).isEqualTo(5);
    assertThat(topic.texts())
        .containsExactly(
            List.of("1726415433000000"),
            List.of("1726393833000001"),
            List.of("1729989000000000"),
            List.of("1726351200000000"),
            List.of("-1"));
  }

  @Test
  void aDayWhoseMidnightClocksLeaveOutIsNoMoment() {
    FakeTopic topic = fields("t", "timestamp");
    Schema schema = Schema.of(Field.of("t", ColumnType.DATE));
    TestContext cairo = context.withZone(ZoneId.of("Africa/Cairo"));
    Sample sample =
        Sample.of(schema, List.of(LocalDate.of(2024, 4, 26)), List.of(LocalDate.of(2024, 4, 27)));
    assertThat(write(options(topic), sample, cairo)).isEqualTo(1);
    assertThat(topic.texts()).containsExactly(List.of("1714165200000000"));
  }

  @Test
  void aNumberIsAMomentWhereItDoesNotChange() {
    FakeTopic topic = fields("dec", "timestamp", "real", "timestamp");
    Schema schema = Schema.of(Field.decimal("dec", 12, 4), Field.of("real", ColumnType.FLOAT64));
    Sample sample =
        Sample.of(
            schema,
            List.of(new BigDecimal("2.0000"), 3.0),
            List.of(new BigDecimal("2.5000"), 3.0),
            List.of(new BigDecimal("2.0000"), 3.5));
    assertThatThrownBy(() -> write(options(topic), sample)).hasMessageContaining("narrowing");
    TestContext dirty = rules(TaskForm.OWN, Narrowing.DIRTY);
    assertThat(write(options(topic), sample, dirty)).isEqualTo(1);
    assertThat(topic.texts()).containsExactly(List.of("2", "3"));
    assertThat(dirty.dirty().entries())
        .extracting(entry -> entry.reason().code())
        .containsExactly("NARROWED", "NARROWED");
  }

  @Test
  void aTopicThatWasCreatedAgainIsNotWrittenTo() {
    FakeTopic topic = topic(1);
    try (Writer writer = writer(options(topic), context)) {
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
      Map<String, String> before = writer.identity(state, context);
      writer.open(state, "a", context).close();
      topic.createAgain();
      assertThat(writer.identity(state, context)).hasSize(1).isNotEqualTo(before);
      assertThatThrownBy(() -> writer.open(state, "b", context))
          .hasMessageContaining("was made anew since the task began");
    }
  }

  @Test
  void whatIsWrongIsToldBeforeAnythingIsSent() {
    FakeTopic topic = topic(1);
    assertRefused(
        topic, Map.of("accessKey", "wrong"), StandardError.ACCESS_DENIED, "check accessId");
    assertRefused(topic, Map.of("topic", "nothing"), StandardError.WRITE_REFUSED, "NoSuchTopic");
    assertRefused(
        topic, Map.of("project", "nowhere"), StandardError.WRITE_REFUSED, "NoSuchProject");
    assertRefused(topic, Map.of("shardId", "7"), StandardError.WRITE_REFUSED, "shard 7 is not one");
    assertRefused(
        topic,
        Map.of("column", List.of("id")),
        StandardError.CONFIGURATION,
        "2 columns, 1 field is to");
    assertRefused(
        topic, Map.of("column", List.of("id", "txt")), StandardError.CONFIGURATION, "did you mean");
    assertRefused(
        topic, Map.of("column", List.of("id", "ID")), StandardError.CONFIGURATION, "there twice");
    FakeTopic blob = service.create(Map.of(), 1);
    assertRefused(blob, Map.of(), StandardError.CONFIGURATION, "one column of bytes");
    FakeTopic strict = service.create(Map.of("a", "bigint!", "b", "string!", "c", "string"), 1);
    assertRefused(
        strict, Map.of("column", List.of("a", "c")), StandardError.CONFIGURATION, "'b' may not be");
    assertThat(service.requests("put " + topic.name())).isZero();
  }

  private void assertRefused(
      FakeTopic topic, Map<String, Object> wrong, StandardError code, String... words) {
    Map<String, Object> options = options(topic);
    options.putAll(wrong);
    assertThatThrownBy(() -> write(options, sample(2)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(code))
        .message()
        .contains(words)
        .doesNotContain("\n", FakeDataHub.ACCESS_KEY, FakeDataHub.ACCESS_ID);
  }
}
