package io.millrace.loghub.read;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.aliyun.openservices.log.common.Logs.LogTag;
import com.google.protobuf.ByteString;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.write.Writer;
import io.millrace.hubs.HubReaderTest;
import io.millrace.hubs.HubReading;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.loghub.fake.FakeShard;
import io.millrace.loghub.write.LogHubWriterFactory;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.net.FakeHttpService;
import io.millrace.testkit.net.FakeHttpService.Fault;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every hub, and what is LogHub's own. */
class LogHubReaderTest extends HubReaderTest {

  private static FakeLogService service;

  @BeforeAll
  static void start() {
    service = new FakeLogService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Override
  protected FakeHttpService service() {
    return service;
  }

  @Override
  protected ReaderFactory factory() {
    return new LogHubReaderFactory();
  }

  @Override
  protected int ticks() {
    return 1;
  }

  @Override
  protected String pull() {
    return "pull";
  }

  @Override
  protected String splitId(int shard) {
    return "%05d".formatted(shard);
  }

  @Override
  protected String expiring() {
    return "log groups";
  }

  @Override
  protected String kept() {
    return "logs";
  }

  @Override
  protected FakeHttpService.Answer error(int status, String code) {
    return FakeLogService.error(status, code, "shard is busy");
  }

  @Override
  protected Map.Entry<Integer, String> throttling() {
    return Map.entry(403, "ShardReadQuotaExceed");
  }

  @Override
  protected String timedOut() {
    return "Read timed out";
  }

  @Override
  protected String noShard() {
    return "ShardNotExist";
  }

  @Override
  protected List<String> account() {
    return List.of(FakeLogService.ACCESS_KEY, FakeLogService.ACCESS_ID);
  }

  @Override
  protected Map<String, Object> pretended(Map<String, Object> options, int port) {
    Map<String, Object> other = new HashMap<>(options);
    other.put("endpoint", "https://cn-nowhere.log.example.com");
    other.put("proxyPort", port);
    return other;
  }

  @Override
  protected Store store(int shards) {
    return new Numbers(service.create(shards));
  }

  /** Numbers as logs. */
  private record Numbers(FakeLogstore logstore) implements Store {
    @Override
    public String name() {
      return logstore.name();
    }

    @Override
    public Map<String, Object> options() {
      Map<String, Object> options = service.options(logstore);
      options.put("column", List.of("n"));
      return options;
    }

    @Override
    public void arriveAt(long ticks) {
      logstore.arriveAt(ticks);
    }

    @Override
    public void put(int shard, long number) {
      logstore.put(shard, Map.of("n", String.valueOf(number)));
    }

    @Override
    public void split(int shard) {
      logstore.split(shard);
    }

    @Override
    public void answerAtMost(int records) {
      logstore.answerAtMost(records);
    }

    @Override
    public void keepForDays(int days) {
      logstore.keepForDays(days);
    }

    @Override
    public void expire(int shard, int records) {
      logstore.shard(shard).expire(records);
    }

    @Override
    public void expireAfterNextAnswer(int shard, int records) {
      logstore.expireAfterNextAnswer(shard, records);
    }

    @Override
    public void createAgain() {
      logstore.createAgain();
    }
  }

  @Override
  protected void marked(Store store, Consumer<String> look) {
    Map<String, Object> options = store.options();
    LogHubWriterFactory factory = new LogHubWriterFactory();
    TestContext context = TestContext.create();
    try (Writer writer =
        factory.create(Options.check(factory.options(), options).options(), context.task())) {
      writer.marked(context, look);
    }
  }

  private static Map<String, Object> options(FakeLogstore store, Object... column) {
    Map<String, Object> options = window(service.options(store));
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

  @Test
  void aBeginThatTheServiceSkipsWithoutAWordFailsAllTheSame() {
    FakeLogstore store = holding(1, 10);
    try (HubReading reading = reading(options(store))) {
      Split split = reading.plan(1).splits().get(0);
      store.clipExpired().shard(0).expire(4);
      assertThatThrownBy(() -> reading.read(split))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll("shard 0", "cursor", "retention", "beginDateTime", "skip");
    }
  }

  @Test
  void cursorsThatStandStillGoBackOrGoInCirclesAreAnErrorAfterABoundedNumberOfAnswers() {
    List<IntFunction<String>> wrong =
        List.of(
            index -> FakeShard.cursor(3),
            index -> FakeShard.cursor(index < 5 ? index : index - 4),
            index -> FakeShard.opaque(index % 7),
            index -> FakeShard.opaque(2));
    for (IntFunction<String> next : wrong) {
      FakeLogstore store = holding(1, 20).answerAtMost(1).goOnAt(next);
      Map<String, Object> options = options(store);
      options.put("maxRetryTimes", 2);
      assertFails(options, StandardError.READ, "shard 0", "with no progress", "(tried 3 times)");
      assertThat(service.requests("pull " + store.name())).isLessThan(50);
    }
  }

  @Test
  void aLogThatCannotBeParsedIsKeptWholeAndNotAsNulls() {
    FakeLogstore store = service.create(1).arriveAt(BEGIN);
    store.putBroken(0);
    try (HubReading reading = reading(options(store, "n", "m"))) {
      assertThat(reading.readAll()).isEmpty();
      assertThat(reading.context().dirty().entries()).hasSize(1);
      List<RawValue> raw = reading.context().dirty().entries().get(0).raw();
      assertThat(raw).extracting(RawValue::kept).containsExactly(Kept.CUT, Kept.CUT);
      String text = String.valueOf(raw.get(0).text());
      assertThat(text).startsWith("base64:");
      assertThat(new String(Base64.getDecoder().decode(text.substring(7)), US_ASCII))
          .endsWith("xyzxyzx");
    }
  }

  @Test
  void otherKeysThatAreNoTextAreDirtyAndNotOtherLetters() {
    FakeLogstore store = service.create(1).arriveAt(BEGIN);
    Log.Content bad =
        Log.Content.newBuilder()
            .setKey("n")
            .setValueBytes(ByteString.copyFrom(new byte[] {(byte) 0xff, 'x'}))
            .build();
    store.put(
        0, LogGroup.newBuilder().addLogs(Log.newBuilder().setTime(1).addContents(bad)).build());
    try (HubReading reading = reading(options(store, "C__extract_others__"))) {
      assertThat(reading.readAll()).isEmpty();
      assertThat(reading.context().dirty().entries())
          .extracting(entry -> entry.reason().code())
          .containsExactly("NOT_UTF8");
    }
  }

  @Test
  void aRetentionThatMayNotBeAskedForIsNoError() {
    FakeLogstore store = holding(1, 1);
    service.fail(
        "logstore " + store.name(),
        new Fault.Refused(FakeLogService.error(401, "Unauthorized", "denied by policy")),
        1);
    try (HubReading reading = reading(options(store))) {
      assertThat(reading.readAll()).hasSize(1);
      assertThat(reading.log()).contains("the retention and the age of the logstore are not known");
    }
  }

  @Test
  void anAgeThatMayNotBeAskedForIsNoOtherLogstore() {
    FakeLogstore store = holding(1, 1);
    service.fail(
        "logstore " + store.name(),
        new Fault.Refused(FakeLogService.error(401, "Unauthorized", "denied by policy")),
        1);
    try (HubReading reading = reading(options(store))) {
      assertThat(reading.reader().identity(reading.context()).values())
          .singleElement(STRING)
          .startsWith(Reader.UNREADABLE)
          .contains("denied by policy");
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
    try (HubReading reading = reading(options)) {
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
    try (HubReading reading = reading(options(store, columns))) {
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
    // The service's own times count seconds, whatever numbers in the logs do.
    Map<String, Object> inMillis =
        options(
            store,
            Map.of("name", "n", "type", "timestamp"),
            Map.of("name", "time", "key", "__time__", "type", "timestamp"),
            Map.of("name", "arrival", "key", "__receive_time__", "type", "timestamp"));
    inMillis.put("timeStampUnit", "MILLISECOND");
    try (HubReading reading = reading(inMillis)) {
      assertThat(reading.readAll())
          .containsExactly(
              List.of(
                  "1970-01-01 00:00:00.001000Z",
                  "2020-09-13 12:26:40.000000Z",
                  "2020-09-13 12:26:41.000000Z"));
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
    try (HubReading reading = reading(options(store, columns))) {
      List<@Nullable String> nothing = new ArrayList<>();
      nothing.add(null);
      nothing.add(null);
      nothing.add(null);
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(
              List.of("Köln", "2", "{\"city\": \"Köln\", \"n\": [1, 2]}"), nothing, nothing);
      List<CollectingDirtyRecords.Entry> dirty = reading.context().dirty().entries();
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
    try (HubReading reading = reading(options(store))) {
      List<List<@Nullable String>> records = new ArrayList<>(reading.readAll());
      assertThat(records.removeIf(record -> record.get(0) == null)).isTrue();
      assertThat(records).containsExactly(List.of("before"), List.of("behind"));
      assertThat(reading.context().dirty().entries())
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
  void anEndpointThatTheClientDoesNotTakeIsToldInOneLine() {
    Map<String, Object> options = options(holding(1, 1));
    for (String endpoint : new String[] {"http://127.0.0.1", "http://log.example.com:8080", "/"}) {
      options.put("endpoint", endpoint);
      assertThatThrownBy(() -> reading(options))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll("option 'endpoint'", endpoint, "without port");
    }
  }

  @Test
  void optionsThatDoNotFitAreToldInOneLine() {
    FakeLogstore store = holding(1, 1);
    Map<String, Object> options = options(store);
    options.put("endDateTime", "20261120000000");
    assertThatThrownBy(() -> reading(options)).hasMessageContaining("must be after");
    options.put("endDateTime", "2026-11-20");
    assertThatThrownBy(() -> reading(options)).hasMessageContaining("yyyyMMddHHmmss");
    Map<String, Object> star = options(store, "*");
    assertThatThrownBy(() -> reading(star)).hasMessageContaining("C__extract_others__");
    Map<String, Object> type = options(store, Map.of("name", "x", "type", "int"));
    assertThatThrownBy(() -> reading(type)).hasMessageContaining("entry 1: type 'int'");
    Map<String, Object> path = options(store, Map.of("name", "x", "path", "a..b"));
    assertThatThrownBy(() -> reading(path)).hasMessageContaining("path 'a..b'");
  }
}
