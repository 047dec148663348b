package io.millrace.loghub.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.aliyun.openservices.log.common.Logs.LogTag;
import com.google.protobuf.ByteString;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.net.UntrustedServer;
import io.millrace.testkit.sample.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
class LogHubReaderTest {

  /** 2026-11-20 00:00:00 in Berlin, the zone of the tests' task. */
  private static final long BEGIN = 1_795_129_200;

  private static final long END = BEGIN + 3600;

  private static FakeLogService service;

  @BeforeAll
  static void start() {
    service = new FakeLogService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Map<String, Object> options(FakeLogstore store, Object... column) {
    Map<String, Object> options = service.options(store);
    options.put("beginDateTime", "20261120000000");
    options.put("endDateTime", "20261120010000");
    options.put("column", column.length == 0 ? List.of("n") : List.of(column));
    return options;
  }

  private static FakeLogstore holding(int shards, int logs) {
    FakeLogstore store = service.create(shards).arriveAt(BEGIN);
    for (int n = 0; n < logs; n++) {
      store.put(FakeLogstore.group(Map.of("n", String.valueOf(n))));
    }
    return store;
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
          .doesNotContain("\n", FakeLogService.ACCESS_KEY, FakeLogService.ACCESS_ID);
    }
  }

  @Test
  void theWindowIsClosedAtItsBeginAndOpenAtItsEnd() {
    FakeLogstore store = service.create(1);
    for (long time : new long[] {BEGIN - 1, BEGIN, BEGIN + 1, END - 1, END, END + 1}) {
      store.arriveAt(time).put(0, Map.of("n", String.valueOf(time - BEGIN)));
    }
    try (Reading reading = new Reading(options(store))) {
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(List.of("0"), List.of("1"), List.of("3599"));
    }
  }

  @Test
  void whatArrivesAfterPlanningIsNotRead() {
    FakeLogstore store = holding(2, 10);
    try (Reading reading = new Reading(options(store))) {
      SplitPlan plan = reading.plan(2);
      // Still inside the window, as a late clock would have it.
      store.arriveAt(BEGIN + 5);
      store.put(0, Map.of("n", "late"));
      store.split(1);
      store.put(2, Map.of("n", "later"));
      List<List<@Nullable String>> records = new ArrayList<>();
      plan.splits().forEach(split -> records.addAll(reading.read(split)));
      assertThat(records).hasSize(10).doesNotContain(List.of("late"), List.of("later"));
    }
  }

  @Test
  void manyAnswersMakeOneSplit() {
    FakeLogstore store = holding(1, 25).answerAtMost(4);
    try (Reading reading = new Reading(options(store))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 25));
    }
    assertThat(service.requests("pull " + store.name())).isEqualTo(7);
  }

  @Test
  void batchSizeIsWhatIsAskedFor() {
    FakeLogstore store = holding(1, 20);
    Map<String, Object> options = options(store);
    options.put("batchSize", 5);
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).hasSize(20);
    }
    assertThat(service.requests("pull " + store.name())).isEqualTo(4);
  }

  @Test
  void thereIsOneSplitForEachShardThatHoldsSomethingAndTheRuleSaysSo() {
    FakeLogstore store = service.create(4).arriveAt(BEGIN);
    store.put(0, Map.of("n", "0"));
    store.put(2, Map.of("n", "1"));
    store.split(2);
    store.put(4, Map.of("n", "2"));
    try (Reading reading = new Reading(options(store))) {
      SplitPlan plan = reading.plan(8);
      assertThat(plan.splits()).extracting(Split::id).containsExactly("00000", "00002", "00004");
      assertThat(plan.maxConcurrency()).isEqualTo(3);
      assertThat(plan.rule())
          .isEqualTo(
              "one split for each shard that holds records of the window: 3 of 6 shards, 1 of them"
                  + " read-only; so at most 3 of the 8 channels are used");
      assertThat(reading.log()).contains("shard 1: skipped", "shard 3: skipped");
      assertThat(reading.readAll()).isEqualTo(numbers(0, 3));
    }
  }

  @Test
  void aWindowThatHoldsNothingHasNoSplit() {
    FakeLogstore store = service.create(2).arriveAt(END);
    store.put(0, Map.of("n", "0"));
    try (Reading reading = new Reading(options(store))) {
      SplitPlan plan = reading.plan(2);
      assertThat(plan.splits()).isEmpty();
      assertThat(plan.maxConcurrency()).isEqualTo(1);
    }
  }

  @Test
  void throttlingIsWaitedFor() {
    FakeLogstore store = holding(1, 5);
    service.fail(
        "pull " + store.name(),
        new Fault.Refused(FakeLogService.error(403, "ShardReadQuotaExceed", "shard is busy")),
        3);
    try (Reading reading = new Reading(options(store))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 5));
      assertThat(reading.log())
          .contains("ShardReadQuotaExceed", "retry 3 of 7", "use less concurrency or more shards");
    }
  }

  @Test
  void aConnectionThatDropsOrStopsInTheMidstIsTriedAgain() {
    FakeLogstore store = holding(1, 40).answerAtMost(10);
    service.fail("pull " + store.name(), new Fault.Dropped(), 1);
    service.fail("pull " + store.name(), new Fault.Cut(), 2);
    service.fail(
        "pull " + store.name(),
        new Fault.Refused(FakeLogService.error(503, "ServerBusy", "busy")),
        1);
    service.fail("shards " + store.name(), new Fault.Dropped(), 1);
    service.fail("cursor " + store.name(), new Fault.Cut(), 1);
    try (Reading reading = new Reading(options(store))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 40));
    }
  }

  @Test
  void retriesEnd() {
    FakeLogstore store = holding(1, 5);
    service.fail("pull " + store.name(), new Fault.Dropped(), 100);
    Map<String, Object> options = options(store);
    options.put("maxRetryTimes", 2);
    assertFails(options, StandardError.READ, "shard 0", "(tried 3 times)");
    assertThat(service.requests("pull " + store.name())).isEqualTo(3);
  }

  @Test
  void aServiceThatDoesNotAnswerTimesOut() {
    FakeLogstore store = holding(1, 5);
    service.hang("pull " + store.name());
    Map<String, Object> options = options(store);
    options.put("maxRetryTimes", 1);
    options.put("socketTimeout", 200);
    assertFails(options, StandardError.READ, "Read timed out", "(tried 2 times)");
  }

  @Test
  void cancellingEndsAPullThatHangs() throws Exception {
    FakeLogstore store = holding(1, 5);
    service.hang("pull " + store.name());
    try (Reading reading = new Reading(options(store))) {
      Split split = reading.plan(1).splits().get(0);
      CompletableFuture<?> read = CompletableFuture.runAsync(() -> reading.read(split));
      service.awaitHanging("pull " + store.name());
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
  void cancellingEndsAWaitBeforeARetry() throws Exception {
    FakeLogstore store = holding(1, 5);
    Map<String, Object> options = options(store);
    options.put("retryIntervalSeconds", 3600);
    try (Reading reading = new Reading(options)) {
      Split split = reading.plan(1).splits().get(0);
      service.fail("pull " + store.name(), new Fault.Dropped(), 100);
      CompletableFuture<?> read = CompletableFuture.runAsync(() -> reading.read(split));
      while (!reading.log().contains("retry 1 of 7 in 3600 s")) {
        Thread.onSpinWait();
      }
      reading.context.cancellation().cancel();
      assertThat(read).failsWithin(Duration.ofSeconds(3));
    }
  }

  @Test
  void aBeginThatRetentionRemovedFailsInOneLine() {
    FakeLogstore store = holding(1, 10);
    try (Reading reading = new Reading(options(store))) {
      Split split = reading.plan(1).splits().get(0);
      store.clipExpired().shard(0).expire(4);
      assertThatThrownBy(() -> reading.read(split))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll("shard 0", "cursor", "retention", "beginDateTime", "skip");
    }
  }

  @Test
  void aBeginThatRetentionRemovedIsSkippedAndCountedWhenAskedFor() {
    FakeLogstore store = holding(1, 10);
    Map<String, Object> options = options(store);
    options.put("expired", "skip");
    try (Reading reading = new Reading(options)) {
      Split split = reading.plan(1).splits().get(0);
      store.shard(0).expire(4);
      assertThat(reading.read(split)).hasSize(6);
      assertThat(reading.log()).contains("shard 0: 4 log groups of the window were removed");
      store.shard(0).expire(10);
      assertThat(reading.read(split)).isEmpty();
      assertThat(reading.log()).contains("shard 0: 10 log groups of the window were removed");
    }
  }

  @Test
  void aCursorThatExpiresWhileReadingIsNoticed() {
    for (String expired : new String[] {"fail", "skip"}) {
      FakeLogstore store = holding(1, 10).answerAtMost(2);
      Map<String, Object> options = options(store);
      options.put("expired", expired);
      try (Reading reading = new Reading(options)) {
        Split split = reading.plan(1).splits().get(0);
        // Retention passes the reader when the first answer is on its way.
        service.fail(
            "pull " + store.name(),
            new Fault.Refused(FakeLogService.error(503, "ServerBusy", "busy")),
            1);
        store.expireAfterNextAnswer(0, 5);
        if (expired.equals("fail")) {
          assertThatThrownBy(() -> reading.read(split)).hasMessageContaining("retention");
        } else {
          assertThat(reading.read(split)).hasSize(7);
          assertThat(reading.log()).contains("shard 0: 3 log groups of the window were removed");
        }
      }
    }
  }

  @Test
  void aWindowBeyondTheRetentionIsWarnedOf() {
    FakeLogstore store = holding(1, 1).keepForDays(1);
    Map<String, Object> options = options(store);
    options.put("beginDateTime", "20200101000000");
    options.put("endDateTime", "29991231");
    try (Reading reading = new Reading(options)) {
      reading.plan(1);
      assertThat(reading.log())
          .contains("keeps logs for 1 days", "endDateTime lies ahead: what has arrived by now");
    }
  }

  @Test
  void aRetentionThatMayNotBeAskedForIsNoError() {
    FakeLogstore store = holding(1, 1);
    service.fail(
        "logstore " + store.name(),
        new Fault.Refused(FakeLogService.error(401, "Unauthorized", "denied by policy")),
        1);
    try (Reading reading = new Reading(options(store))) {
      assertThat(reading.readAll()).hasSize(1);
      assertThat(reading.log()).contains("the retention is not known");
    }
  }

  @Test
  void aQueryIsAppliedByTheServiceAndEmptyAnswersAreNoEnd() {
    FakeLogstore store =
        holding(1, 10)
            .answerAtMost(2)
            .filter(group -> group.getLogs(0).getContents(0).getValue().equals("9"));
    Map<String, Object> options = options(store);
    options.put("query", "* | where n = '9'");
    try (Reading reading = new Reading(options)) {
      assertThat(reading.readAll()).isEqualTo(numbers(9, 10));
      assertThat(store.lastQuery()).isEqualTo("* | where n = '9'");
    }
  }

  @Test
  void metadataIsReadByItsDocumentedNames() {
    FakeLogstore store = service.create(1).arriveAt(BEGIN);
    Log log =
        Log.newBuilder()
            .setTime(1_600_000_000)
            .addContents(Log.Content.newBuilder().setKey("n").setValue("1"))
            .addContents(Log.Content.newBuilder().setKey("b").setValue("x\"y"))
            .addContents(Log.Content.newBuilder().setKey("a").setValue("ü"))
            .build();
    store.put(
        0,
        LogGroup.newBuilder()
            .setTopic("orders")
            .setSource("10.0.0.1")
            .setMachineUUID("uuid")
            .addLogs(log)
            .addLogTags(LogTag.newBuilder().setKey("__hostname__").setValue("web-1"))
            .addLogTags(LogTag.newBuilder().setKey("__path__").setValue("/var/log/a"))
            .addLogTags(LogTag.newBuilder().setKey("__receive_time__").setValue("1600000001"))
            .build());
    Object[] columns = {
      "n",
      "C_Topic",
      "__topic__",
      "C_Source",
      "__source__",
      "C_MachineUUID",
      "C_HostName",
      "C_Path",
      "__tag__:__path__",
      "C_LogTime",
      Map.of("name", "time", "key", "__time__", "type", "timestamp"),
      "__tag__:__receive_time__",
      "__receive_time__",
      "'constant'",
      "missing",
      "C__extract_others__",
      "C__extract_all_meta__"
    };
    try (Reading reading = new Reading(options(store, columns))) {
      List<@Nullable String> expected = new ArrayList<>();
      expected.addAll(
          List.of("1", "orders", "orders", "10.0.0.1", "10.0.0.1", "uuid", "web-1", "/var/log/a"));
      expected.addAll(List.of("/var/log/a", "1600000000", "2020-09-13 12:26:40.000000Z"));
      expected.addAll(List.of("1600000001", "1600000001", "constant"));
      expected.add(null);
      expected.add("{\"a\":\"ü\",\"b\":\"x\\\"y\"}");
      expected.add(
          "{\"__source__\":\"10.0.0.1\",\"__topic__\":\"orders\",\"__machineUUID__\":\"uuid\","
              + "\"__hostname__\":\"web-1\",\"__path__\":\"/var/log/a\","
              + "\"__receive_time__\":\"1600000001\",\"__logtime__\":\"1600000000\"}");
      assertThat(reading.readAll()).containsExactly(expected);
    }
  }

  @Test
  void aColumnMayBeAPathIntoJson() {
    FakeLogstore store = service.create(1).arriveAt(BEGIN);
    store.put(0, Map.of("content", "{\"user\": {\"city\": \"Köln\", \"n\": [1, 2]}}"));
    store.put(0, Map.of("content", "{\"user\": null}"));
    store.put(0, Map.of("other", "x"));
    store.put(0, Map.of("content", "{\"user\": {\"n\": [1, \"two\"]}}"));
    store.put(0, Map.of("content", "{broken"));
    Object[] columns = {
      Map.of("name", "city", "key", "content", "path", "user.city"),
      Map.of("name", "second", "key", "content", "path", "$.user.n[1]", "type", "long"),
      Map.of("name", "all", "key", "content", "path", "user", "type", "json")
    };
    try (Reading reading = new Reading(options(store, columns))) {
      List<@Nullable String> nothing = new ArrayList<>();
      nothing.add(null);
      nothing.add(null);
      nothing.add(null);
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(
              List.of("Köln", "2", "{\"city\": \"Köln\", \"n\": [1, 2]}"), nothing, nothing);
      List<CollectingDirtyRecords.Entry> dirty = reading.context.dirty().entries();
      assertThat(dirty)
          .extracting(entry -> entry.reason().code())
          .containsExactly("NOT_LONG", "NOT_JSON");
      assertThat(dirty)
          .extracting(entry -> entry.reason().column())
          .containsExactly("second", "city");
      assertThat(dirty.get(0).position()).isEqualTo(3);
      assertThat(dirty.get(0).reason().message())
          .matches("shard 0, pulled at cursor \\S+, log group 4, log 1: 'two' is not a long");
    }
  }

  @Test
  void whatIsNoLogOrNoTextIsDirtyAndItsNeighboursAreRead() {
    FakeLogstore store = service.create(1).arriveAt(BEGIN);
    store.put(0, Map.of("n", "before"));
    Log.Content bad =
        Log.Content.newBuilder()
            .setKey("n")
            .setValueBytes(ByteString.copyFrom(new byte[] {(byte) 0xff, 'x'}))
            .build();
    store.put(
        0, LogGroup.newBuilder().addLogs(Log.newBuilder().setTime(1).addContents(bad)).build());
    store.putBroken(0);
    store.put(0, Map.of("n", "behind"));
    // Nothing but a time is a log, too.
    for (int time : new int[] {0, 127, 128, 1_600_000_000, -2}) {
      store.put(0, LogGroup.newBuilder().addLogs(Log.newBuilder().setTime(time)).build());
      store.put(
          0, LogGroup.newBuilder().addLogs(Log.newBuilder().setTime(time).setTimeNs(5)).build());
    }
    try (Reading reading = new Reading(options(store))) {
      List<List<@Nullable String>> records = new ArrayList<>(reading.readAll());
      assertThat(records.removeIf(record -> record.get(0) == null)).isTrue();
      assertThat(records).containsExactly(List.of("before"), List.of("behind"));
      assertThat(reading.context.dirty().entries())
          .extracting(entry -> entry.reason().code())
          .containsExactly("NOT_UTF8", "NOT_A_LOG");
    }
  }

  @Test
  void aWrongKeyIsToldInOneLine() {
    FakeLogstore store = holding(1, 1);
    Map<String, Object> options = options(store);
    options.put("accessKey", "wrong");
    assertFails(options, StandardError.ACCESS_DENIED, "signature does not match", "accessKey");
    options.put("accessId", "nobody");
    assertFails(options, StandardError.ACCESS_DENIED, "AccessKeyId not found: ***", "accessId");
  }

  @Test
  void anUnknownProjectOrLogstoreIsToldInOneLine() {
    FakeLogstore store = holding(1, 1);
    Map<String, Object> options = options(store);
    options.put("project", "nowhere");
    assertFails(options, StandardError.READ_REFUSED, "ProjectNotExist", "check 'project'");
    options = options(store);
    options.put("logstore", "nothing");
    assertFails(options, StandardError.READ_REFUSED, "LogStoreNotExist", "check 'logstore'");
    options.put("logstore", "A/B");
    assertFails(options, StandardError.READ_REFUSED, "Invalid logstore");
    options = options(store);
    options.put("project", "-x-");
    assertFails(options, StandardError.CONFIGURATION, "Invalid project");
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsItBeforeAnythingIsSent(@TempDir Path directory) {
    try (UntrustedServer untrusted = new UntrustedServer(directory)) {
      Map<String, Object> options = options(holding(1, 1));
      options.put("endpoint", "https://cn-nowhere.log.example.com");
      options.put("proxyPort", untrusted.port());
      options.put("maxRetryTimes", 1);
      assertFails(options, StandardError.READ, "PKIX path building failed");
      assertThat(untrusted.attempts()).isEqualTo(2);
      assertThat(untrusted.trusted()).isZero();
    }
  }

  @Test
  void aShardThatIsGoneIsToldInOneLine() {
    FakeLogstore store = holding(1, 1);
    try (Reading reading = new Reading(options(store))) {
      Split split = reading.plan(1).splits().get(0);
      Map<String, String> properties = new HashMap<>(split.properties());
      properties.put("shard", "7");
      Split gone = new Split("7", 1, properties, "shard 7", -1);
      assertThatThrownBy(() -> reading.read(gone))
          .hasMessageContainingAll("shard 7", "ShardNotExist", "start the task anew");
      Split other = new Split("7", 2, properties, "shard 7", -1);
      assertThatThrownBy(() -> reading.read(other)).hasMessageContaining("another version");
    }
  }

  @Test
  void anEndpointThatTheClientDoesNotTakeIsToldInOneLine() {
    Map<String, Object> options = options(holding(1, 1));
    for (String endpoint : new String[] {"http://127.0.0.1", "http://log.example.com:8080", "/"}) {
      options.put("endpoint", endpoint);
      assertThatThrownBy(() -> new Reading(options))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll("option 'endpoint'", endpoint, "without port");
    }
  }

  @Test
  void optionsThatDoNotFitAreToldInOneLine() {
    FakeLogstore store = holding(1, 1);
    Map<String, Object> options = options(store);
    options.put("endDateTime", "20261120000000");
    assertThatThrownBy(() -> new Reading(options)).hasMessageContaining("must be after");
    options.put("endDateTime", "2026-11-20");
    assertThatThrownBy(() -> new Reading(options)).hasMessageContaining("yyyyMMddHHmmss");
    Map<String, Object> star = options(store, "*");
    assertThatThrownBy(() -> new Reading(star)).hasMessageContaining("C__extract_others__");
    Map<String, Object> type = options(store, Map.of("name", "x", "type", "int"));
    assertThatThrownBy(() -> new Reading(type)).hasMessageContaining("entry 1: type 'int'");
    Map<String, Object> path = options(store, Map.of("name", "x", "path", "a..b"));
    assertThatThrownBy(() -> new Reading(path)).hasMessageContaining("path 'a..b'");
  }
}
