package io.millrace.datahub.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordAttributes;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.StringPair;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.net.UntrustedServer;
import io.millrace.testkit.sample.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Windows, shards and what goes wrong, through the service's own client. */
@Timeout(60)
class DataHubReaderTest {

  /** 2026-11-20 00:00:00 in Berlin, the zone of the tests' task. */
  private static final long BEGIN = 1_795_129_200_000L;

  private static final long END = BEGIN + 3_600_000;

  private static final Map<String, String> NUMBER = Map.of("n", "bigint");

  private static FakeDataHub service;

  @BeforeAll
  static void start() {
    service = new FakeDataHub();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Map<String, Object> options(FakeTopic topic, Object... column) {
    Map<String, Object> options = service.options(topic);
    options.put("beginDateTime", "20261120000000");
    options.put("endDateTime", "20261120010000");
    options.put("retryIntervalSeconds", 0);
    if (column.length > 0) {
      options.put("column", List.of(column));
    }
    return options;
  }

  private static byte[] bytes(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static FakeTopic holding(int shards, int records) {
    FakeTopic topic = service.create(NUMBER, shards).arriveAt(BEGIN);
    for (int n = 0; n < records; n++) {
      topic.put(bytes(n));
    }
    return topic;
  }

  private static List<List<@Nullable String>> numbers(int from, int to) {
    List<List<@Nullable String>> numbers = new ArrayList<>();
    for (int n = from; n < to; n++) {
      numbers.add(List.of(String.valueOf(n)));
    }
    return Records.sorted(numbers);
  }

  private static void assertFails(
      Map<String, Object> options, StandardError code, String... words) {
    try (Reading reading = new Reading(options)) {
      assertThatThrownBy(
              () -> {
                reading.schema();
                reading.readAll();
              })
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(code))
          .message()
          .contains(words)
          .doesNotContain("\n", FakeDataHub.ACCESS_KEY, FakeDataHub.ACCESS_ID);
    }
  }

  @Test
  void theWindowIsClosedAtItsBeginAndOpenAtItsEnd() {
    FakeTopic topic = service.create(NUMBER, 1);
    for (long time : new long[] {BEGIN - 1, BEGIN, BEGIN + 1, END - 1, END, END + 1}) {
      topic.arriveAt(time).put(bytes(time - BEGIN));
    }
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(List.of("0"), List.of("1"), List.of("3599999"));
    }
  }

  @Test
  void whatArrivesAfterPlanningIsNotRead() {
    FakeTopic topic = holding(2, 10);
    try (Reading reading = new Reading(options(topic))) {
      SplitPlan plan = reading.plan(2);
      topic.put(0, FakeTopic.record(bytes(99)));
      topic.split(1);
      topic.put(2, FakeTopic.record(bytes(99)));
      List<List<@Nullable String>> records = new ArrayList<>();
      plan.splits().forEach(split -> records.addAll(reading.read(split)));
      assertThat(Records.sorted(records)).isEqualTo(numbers(0, 10));
    }
  }

  @Test
  void thereIsOneSplitForEachShardThatHoldsSomethingAndTheRuleSaysSo() {
    FakeTopic topic = service.create(NUMBER, 4).arriveAt(BEGIN - 5);
    topic.put(3, FakeTopic.record(bytes(99)));
    topic.arriveAt(BEGIN);
    topic.put(0, FakeTopic.record(bytes(0)));
    topic.put(2, FakeTopic.record(bytes(1)));
    topic.split(2);
    topic.put(4, FakeTopic.record(bytes(2)));
    topic.arriveAt(END);
    topic.put(5, FakeTopic.record(bytes(99)));
    try (Reading reading = new Reading(options(topic))) {
      SplitPlan plan = reading.plan(8);
      assertThat(plan.splits()).extracting(Split::id).containsExactly("0", "2", "4");
      assertThat(plan.splits()).extracting(Split::estimatedRecords).containsOnly(1L);
      assertThat(plan.maxConcurrency()).isEqualTo(3);
      assertThat(plan.rule())
          .isEqualTo(
              "one split for each shard that holds records of the window: 3 of 6 shards, 1 of them"
                  + " read-only; so at most 3 of the 8 channels are used");
      assertThat(reading.log())
          .contains("shard 1: skipped", "shard 3: skipped", "shard 5: skipped");
      assertThat(reading.readAll()).isEqualTo(numbers(0, 3));
    }
  }

  @Test
  void manyAnswersMakeOneSplit() {
    FakeTopic topic = holding(1, 25).answerAtMost(4);
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 25));
    }
    assertThat(service.requests("get " + topic.name())).isEqualTo(7);
    FakeTopic other = holding(1, 20);
    Map<String, Object> options = options(other);
    options.put("batchSize", 5);
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).hasSize(20);
    }
    assertThat(service.requests("get " + other.name())).isEqualTo(4);
  }

  @Test
  void noMoreIsAskedForThanTheServiceGives() {
    FakeTopic topic = holding(1, 2500);
    Map<String, Object> options = options(topic);
    options.put("batchSize", 10_000);
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 2500));
    }
    assertThat(service.requests("get " + topic.name())).isEqualTo(3);
  }

  @Test
  void aRecordThatArrivesBetweenTwoQuestionsDoesNotSlipIn() {
    FakeTopic topic = holding(1, 3);
    // The end is asked for when nothing is behind it, and then something is.
    topic.whenLatestIsAsked(() -> topic.arriveAt(END).put(bytes(99)));
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 3));
      assertThat(reading.log()).contains("shard 0 changed while its window was looked for");
    }
  }

  @Test
  void throttlingIsWaitedFor() {
    FakeTopic topic = holding(1, 5);
    service.fail(
        "get " + topic.name(),
        new Fault.Refused(FakeDataHub.error(429, "LimitExceeded", "Max qps is exceeded")),
        3);
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 5));
      assertThat(reading.log())
          .contains("LimitExceeded", "retry 3 of 7", "use less concurrency or more shards");
    }
  }

  @Test
  void aConnectionThatDropsOrStopsInTheMidstIsTriedAgain() {
    FakeTopic topic = holding(1, 40).answerAtMost(10);
    service.fail("get " + topic.name(), new Fault.Dropped(), 1);
    service.fail("get " + topic.name(), new Fault.Cut(), 2);
    service.fail(
        "get " + topic.name(),
        new Fault.Refused(FakeDataHub.error(500, "InternalServerError", "Service error")),
        1);
    service.fail("shards " + topic.name(), new Fault.Dropped(), 1);
    service.fail("cursor " + topic.name(), new Fault.Cut(), 1);
    service.fail("topic " + topic.name(), new Fault.Cut(), 1);
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 40));
    }
  }

  @Test
  void retriesEnd() {
    FakeTopic topic = holding(1, 5);
    service.fail("get " + topic.name(), new Fault.Dropped(), 100);
    Map<String, Object> options = options(topic);
    options.put("maxRetryTimes", 2);
    assertFails(options, StandardError.READ, "shard 0", "(tried 3 times)");
    assertThat(service.requests("get " + topic.name())).isEqualTo(3);
  }

  @Test
  void aServiceThatDoesNotAnswerTimesOut() {
    FakeTopic topic = holding(1, 5);
    service.hang("get " + topic.name());
    Map<String, Object> options = options(topic);
    options.put("maxRetryTimes", 1);
    options.put("socketTimeout", 200);
    // "timeout" or "Read timed out", whichever of the two clocks of OkHttp is first.
    assertFails(options, StandardError.READ, "time", "(tried 2 times)");
  }

  @Test
  void cancellingEndsARequestThatHangs() throws Exception {
    FakeTopic topic = holding(1, 5);
    service.hang("get " + topic.name());
    try (Reading reading = new Reading(options(topic))) {
      Split split = reading.plan(1).splits().get(0);
      CompletableFuture<?> read = CompletableFuture.runAsync(() -> reading.read(split));
      service.awaitHanging("get " + topic.name());
      reading.context.cancellation().cancel();
      assertThat(read)
          .failsWithin(Duration.ofSeconds(3))
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.CANCELLED));
      assertThat(reading.context.cancellation().failures()).isEmpty();
    }
  }

  @Test
  void aBeginThatRetentionRemovedFailsInOneLine() {
    FakeTopic topic = holding(1, 10);
    try (Reading reading = new Reading(options(topic))) {
      Split split = reading.plan(1).splits().get(0);
      topic.expire(0, 4);
      assertThatThrownBy(() -> reading.read(split))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll("shard 0: record 0", "retention", "beginDateTime", "skip");
    }
  }

  @Test
  void aBeginThatRetentionRemovedIsSkippedAndCountedWhenAskedFor() {
    FakeTopic topic = holding(1, 10);
    Map<String, Object> options = options(topic);
    options.put("expired", "skip");
    try (Reading reading = new Reading(options)) {
      Split split = reading.plan(1).splits().get(0);
      topic.expire(0, 4);
      assertThat(Records.sorted(reading.read(split))).isEqualTo(numbers(4, 10));
      assertThat(reading.log()).contains("shard 0: 4 records of the window were removed");
      topic.expire(0, 10);
      assertThat(reading.read(split)).isEmpty();
      assertThat(reading.log()).contains("shard 0: 10 records of the window were removed");
    }
  }

  @Test
  void aCursorThatExpiresWhileReadingIsNoticed() {
    for (String expired : new String[] {"fail", "skip"}) {
      FakeTopic topic = holding(1, 10).answerAtMost(2);
      Map<String, Object> options = options(topic);
      options.put("expired", expired);
      try (Reading reading = new Reading(options)) {
        Split split = reading.plan(1).splits().get(0);
        topic.expireAfterNextAnswer(0, 5);
        if (expired.equals("fail")) {
          assertThatThrownBy(() -> reading.read(split)).hasMessageContaining("retention");
        } else {
          assertThat(reading.read(split)).hasSize(7);
          assertThat(reading.log()).contains("shard 0: 3 records of the window were removed");
        }
      }
    }
  }

  @Test
  void aCursorThatIsTooOldIsLookedForAgain() {
    FakeTopic topic = holding(1, 10).answerAtMost(2);
    try (Reading reading = new Reading(options(topic))) {
      Split split = reading.plan(1).splits().get(0);
      topic.refuseCursorsOnce();
      assertThat(Records.sorted(reading.read(split))).isEqualTo(numbers(0, 10));
    }
  }

  @Test
  void aWindowBeyondTheRetentionIsWarnedOf() {
    FakeTopic topic = holding(1, 1).keepForDays(1);
    Map<String, Object> options = options(topic);
    options.put("beginDateTime", "20200101000000");
    options.put("endDateTime", "29991231");
    try (Reading reading = new Reading(options)) {
      reading.plan(1);
      assertThat(reading.log())
          .contains("keeps records for 1 days", "endDateTime lies ahead: what has arrived by now");
    }
  }

  @Test
  void everyTypeOfATopicHasItsColumn() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("a", "bigint!");
    fields.put("b", "integer");
    fields.put("c", "tinyint");
    fields.put("d", "float");
    fields.put("e", "decimal");
    fields.put("f", "timestamp");
    FakeTopic topic = service.create(fields, 1).arriveAt(BEGIN);
    topic.put(
        bytes("-9223372036854775808"),
        bytes("1"),
        bytes("-128"),
        bytes("0.1"),
        bytes("1E+2"),
        bytes("1600000000000001"));
    topic.put(bytes("1"), null, null, null, null, null);
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.schema().fields())
          .extracting(Field::type)
          .containsExactly(
              ColumnType.INT64,
              ColumnType.INT64,
              ColumnType.INT64,
              ColumnType.FLOAT64,
              ColumnType.DECIMAL,
              ColumnType.TIMESTAMP);
      assertThat(reading.schema().fields())
          .extracting(Field::nullable)
          .containsExactly(false, true, true, true, true, true);
      List<List<@Nullable String>> records = reading.readAll();
      assertThat(records)
          .contains(
              List.of(
                  "-9223372036854775808",
                  "1",
                  "-128",
                  "0.10000000149011612",
                  "100",
                  "2020-09-13 12:26:40.000001Z"));
      assertThat(records).contains(Arrays.asList("1", null, null, null, null, null));
    }
  }

  @Test
  void timestampsCountWhatTheTaskSays() {
    FakeTopic topic = service.create(Map.of("t", "timestamp"), 1).arriveAt(BEGIN);
    topic.put(bytes("1600000000"));
    Map<String, Object> options = options(topic);
    options.put("timeStampUnit", "SECOND");
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).containsExactly(List.of("2020-09-13 12:26:40.000000Z"));
    }
    options.put("timeStampUnit", "MILLISECOND");
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).containsExactly(List.of("1970-01-19 12:26:40.000000Z"));
    }
  }

  @Test
  void metadataConstantsAndPathsAreColumnsToo() {
    FakeTopic topic = service.create(Map.of("doc", "string"), 1).arriveAt(BEGIN + 5);
    topic.put(
        0,
        FakeTopic.record(bytes("{\"user\": {\"city\": \"Köln\"}}")).toBuilder()
            .setAttributes(
                RecordAttributes.newBuilder()
                    .addAttributes(StringPair.newBuilder().setKey("host").setValue("web-1")))
            .build());
    Object[] columns = {
      "DOC",
      Map.of("name", "city", "key", "doc", "path", "$.user.city"),
      "__shard_id__",
      "__sequence__",
      "__system_time__",
      "__attribute__:host",
      "__attribute__:none",
      "'fixed'"
    };
    try (Reading reading = new Reading(options(topic, columns))) {
      assertThat(reading.readAll())
          .containsExactly(
              Arrays.asList(
                  "{\"user\": {\"city\": \"Köln\"}}",
                  "Köln",
                  "0",
                  "0",
                  "2026-11-19 23:00:00.005000Z",
                  "web-1",
                  null,
                  "fixed"));
    }
  }

  @Test
  void blobRecordsAreBytesOrWhatIsInThem() {
    FakeTopic topic = service.create(Map.of(), 1).arriveAt(BEGIN);
    topic.put(new byte[] {1, (byte) 0xff});
    topic.put(bytes("{\"n\": 7}"));
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(List.of("0x01ff"), List.of("0x7b226e223a20377d"));
    }
    Map<String, Object> options =
        options(topic, Map.of("name", "n", "key", "data", "path", "n", "type", "long"));
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).containsExactly(List.of("7"));
      assertThat(reading.context.dirty().entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.reason().code()).isEqualTo("NOT_JSON"));
    }
  }

  @Test
  void aMalformedRecordIsDirtyAndItsNeighboursAreRead() {
    FakeTopic topic = holding(1, 2);
    topic.put(bytes("two"));
    topic.put(bytes("3"));
    try (Reading reading = new Reading(options(topic))) {
      assertThat(reading.readAll()).containsExactly(List.of("0"), List.of("1"), List.of("3"));
      List<CollectingDirtyRecords.Entry> dirty = reading.context.dirty().entries();
      assertThat(dirty).hasSize(1);
      assertThat(dirty.get(0).position()).isEqualTo(2);
      assertThat(dirty.get(0).reason().column()).isEqualTo("n");
      assertThat(dirty.get(0).reason().message())
          .matches("shard 0, pulled at cursor \\w+, record 2: 'two' is not a long");
    }
  }

  @Test
  void whatIsWrongIsToldInOneLine() {
    FakeTopic topic = holding(1, 1);
    assertFails(with(topic, "accessKey", "wrong"), StandardError.ACCESS_DENIED, "check accessId");
    assertFails(
        with(topic, "accessId", "nobody"),
        StandardError.ACCESS_DENIED,
        "accessId *** is not known");
    assertFails(with(topic, "project", "nowhere"), StandardError.READ_REFUSED, "NoSuchProject");
    assertFails(with(topic, "topic", "nothing"), StandardError.READ_REFUSED, "NoSuchTopic");
    assertFails(with(topic, "topic", "a/b"), StandardError.CONFIGURATION, "TopicName format");
    assertFails(
        options(topic, "m"), StandardError.CONFIGURATION, "no field 'm'; did you mean 'n'?");
  }

  @Test
  void anEndpointThatIsNoneIsToldInOneLine() {
    Map<String, Object> options = with(holding(1, 1), "endpoint", "http://:x");
    assertThatThrownBy(() -> new Reading(options))
        .isInstanceOf(MillraceException.class)
        .hasMessageContainingAll("option 'endpoint'", "http://:x");
  }

  private static Map<String, Object> with(FakeTopic topic, String key, Object value) {
    Map<String, Object> options = options(topic);
    options.put(key, value);
    options.put("maxRetryTimes", 0);
    return options;
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsItBeforeAnythingIsSent(@TempDir Path directory) {
    try (UntrustedServer untrusted = new UntrustedServer(directory)) {
      Map<String, Object> options =
          with(holding(1, 1), "endpoint", "https://127.0.0.1:" + untrusted.port());
      options.put("maxRetryTimes", 1);
      assertFails(options, StandardError.READ, "PKIX path building failed");
      assertThat(untrusted.attempts()).isEqualTo(2);
      assertThat(untrusted.trusted()).isZero();
    }
  }

  @Test
  void aShardThatIsGoneIsToldInOneLine() {
    FakeTopic topic = holding(1, 1);
    try (Reading reading = new Reading(options(topic))) {
      Split split = reading.plan(1).splits().get(0);
      Map<String, String> properties = new HashMap<>(split.properties());
      properties.put("shard", "7");
      Split gone = new Split("7", 1, properties, "shard 7", -1);
      assertThatThrownBy(() -> reading.read(gone))
          .hasMessageContainingAll("shard 7", "NoSuchShard", "start the task anew");
      Split other = new Split("7", 2, properties, "shard 7", -1);
      assertThatThrownBy(() -> reading.read(other)).hasMessageContaining("another version");
    }
  }
}
