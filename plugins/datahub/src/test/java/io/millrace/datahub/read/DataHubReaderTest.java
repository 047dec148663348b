package io.millrace.datahub.read;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordAttributes;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.StringPair;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.api.write.Writer;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.datahub.write.DataHubWriterFactory;
import io.millrace.hubs.HubReaderTest;
import io.millrace.hubs.HubReading;
import io.millrace.testkit.context.CollectingDirtyRecords;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.net.FakeHttpService;
import io.millrace.testkit.sample.Records;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every hub, and what is DataHub's own. */
class DataHubReaderTest extends HubReaderTest {

  private static final long BEGIN_MILLIS = BEGIN * 1000;

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

  @Override
  protected FakeHttpService service() {
    return service;
  }

  @Override
  protected ReaderFactory factory() {
    return new DataHubReaderFactory();
  }

  @Override
  protected int ticks() {
    return 1000;
  }

  @Override
  protected String pull() {
    return "get";
  }

  @Override
  protected List<String> alsoAsked() {
    return List.of("topic");
  }

  @Override
  protected String splitId(int shard) {
    return String.valueOf(shard);
  }

  @Override
  protected String expiring() {
    return "records";
  }

  @Override
  protected String kept() {
    return "records";
  }

  @Override
  protected FakeHttpService.Answer error(int status, String code) {
    return FakeDataHub.error(status, code, "Max qps is exceeded");
  }

  @Override
  protected Map.Entry<Integer, String> throttling() {
    return Map.entry(429, "LimitExceeded");
  }

  @Override
  protected String timedOut() {
    // "timeout" or "Read timed out", whichever of the two clocks of OkHttp is first.
    return "time";
  }

  @Override
  protected String noShard() {
    return "NoSuchShard";
  }

  @Override
  protected List<String> account() {
    return List.of(FakeDataHub.ACCESS_KEY, FakeDataHub.ACCESS_ID);
  }

  @Override
  protected Map<String, Object> pretended(Map<String, Object> options, int port) {
    Map<String, Object> other = new HashMap<>(options);
    other.put("endpoint", "https://127.0.0.1:" + port);
    return other;
  }

  @Override
  protected Store store(int shards) {
    return new Numbers(service.create(NUMBER, shards));
  }

  /** Numbers as records. */
  private record Numbers(FakeTopic topic) implements Store {
    @Override
    public String name() {
      return topic.name();
    }

    @Override
    public Map<String, Object> options() {
      return service.options(topic);
    }

    @Override
    public void arriveAt(long ticks) {
      topic.arriveAt(ticks);
    }

    @Override
    public void put(int shard, long number) {
      topic.put(shard, FakeTopic.record(bytes(number)));
    }

    @Override
    public void split(int shard) {
      topic.split(shard);
    }

    @Override
    public void answerAtMost(int records) {
      topic.answerAtMost(records);
    }

    @Override
    public void keepForDays(int days) {
      topic.keepForDays(days);
    }

    @Override
    public void expire(int shard, int records) {
      topic.expire(shard, records);
    }

    @Override
    public void expireAfterNextAnswer(int shard, int records) {
      topic.expireAfterNextAnswer(shard, records);
    }

    @Override
    public void createAgain() {
      topic.createAgain();
    }
  }

  @Override
  protected void marked(Store store, Consumer<String> look) {
    DataHubWriterFactory factory = new DataHubWriterFactory();
    TestContext context = TestContext.create();
    try (Writer writer =
        factory.create(
            Options.check(factory.options(), store.options()).options(), context.task())) {
      writer.marked(context, look);
    }
  }

  private static Map<String, Object> options(FakeTopic topic, Object... column) {
    Map<String, Object> options = window(service.options(topic));
    if (column.length > 0) {
      options.put("column", List.of(column));
    }
    return options;
  }

  private static byte[] bytes(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static FakeTopic holding(int shards, int records) {
    FakeTopic topic = service.create(NUMBER, shards).arriveAt(BEGIN_MILLIS);
    for (int n = 0; n < records; n++) {
      topic.put(bytes(n));
    }
    return topic;
  }

  @Test
  void aSplitSaysHowManyRecordsItHolds() {
    try (HubReading reading = reading(options(holding(2, 5)))) {
      assertThat(reading.plan(2).splits())
          .extracting(Split::estimatedRecords)
          .containsExactly(3L, 2L);
    }
  }

  @Test
  void noMoreIsAskedForThanTheServiceGives() {
    FakeTopic topic = holding(1, 2500);
    Map<String, Object> options = options(topic);
    options.put("batchSize", 10_000);
    try (HubReading reading = reading(options)) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 2500));
    }
    assertThat(service.requests("get " + topic.name())).isEqualTo(3);
  }

  @Test
  void aRecordThatArrivesBetweenTwoQuestionsDoesNotSlipIn() {
    FakeTopic topic = holding(1, 3);
    // The end is asked for when nothing is behind it, and then something is.
    topic.whenLatestIsAsked(() -> topic.arriveAt(END * 1000).put(bytes(99)));
    try (HubReading reading = reading(options(topic))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 3));
      assertThat(reading.log()).contains("shard 0 changed while its window was looked for");
    }
  }

  @Test
  void aCursorThatIsTooOldIsLookedForAgain() {
    FakeTopic topic = holding(1, 10).answerAtMost(2);
    try (HubReading reading = reading(options(topic))) {
      Split split = reading.plan(1).splits().get(0);
      topic.refuseCursorsOnce();
      assertThat(Records.sorted(reading.read(split))).isEqualTo(numbers(0, 10));
    }
  }

  @Test
  void aCursorThatDoesNotMoveOnIsAnErrorAndGivesNoRecordTwice() {
    FakeTopic topic = holding(1, 10).answerAtMost(2);
    topic.standStill();
    Map<String, Object> options = options(topic);
    options.put("maxRetryTimes", 2);
    assertFails(options, StandardError.READ, "shard 0", "with no progress", "(tried 3 times)");
    assertThat(service.requests("get " + topic.name())).isEqualTo(3);
  }

  @Test
  void aRecordThatIsFoundAndNeverGivenIsAnErrorAfterABoundedNumberOfAnswers() {
    FakeTopic topic = holding(1, 10);
    topic.refuseAll();
    assertThatThrownBy(
            () -> {
              try (HubReading reading = reading(options(topic))) {
                reading.readAll();
              }
            })
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("InvalidCursor");
    assertThat(service.requests("get " + topic.name())).isLessThan(20);
  }

  @Test
  void allFieldsOfATopicAreAStarAndNamedOnesAreNot() {
    try (HubReading all = reading(options(holding(1, 1)));
        HubReading named = reading(options(holding(1, 1), "n"));
        HubReading blob = reading(options(service.create(Map.of(), 1), "*"))) {
      assertThat(all.schema().star()).isEqualTo(new Schema.Star(List.of(), List.of()));
      assertThat(named.schema().star()).isNull();
      assertThat(blob.schema().star()).isNull();
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
    FakeTopic topic = service.create(fields, 1).arriveAt(BEGIN_MILLIS);
    topic.put(
        bytes("-9223372036854775808"),
        bytes("1"),
        bytes("-128"),
        bytes("0.1"),
        bytes("1E+2"),
        bytes("1600000000000001"));
    topic.put(bytes("1"), null, null, null, null, null);
    try (HubReading reading = reading(options(topic))) {
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
    FakeTopic topic = service.create(Map.of("t", "timestamp"), 1).arriveAt(BEGIN_MILLIS);
    topic.put(bytes("1600000000"));
    Map<String, Object> options = options(topic);
    options.put("timeStampUnit", "SECOND");
    try (HubReading reading = reading(options)) {
      assertThat(reading.readAll()).containsExactly(List.of("2020-09-13 12:26:40.000000Z"));
    }
    options.put("timeStampUnit", "MILLISECOND");
    try (HubReading reading = reading(options)) {
      assertThat(reading.readAll()).containsExactly(List.of("1970-01-19 12:26:40.000000Z"));
    }
    FakeTopic texts = service.create(Map.of("t", "string"), 1).arriveAt(BEGIN_MILLIS);
    texts.put(bytes("1600000000"));
    options = options(texts);
    options.put(
        "column",
        List.of(
            Map.of("name", "t", "type", "timestamp"),
            Map.of("name", "__system_time__", "type", "timestamp")));
    String arrival = Texts.timestamp(BEGIN_MILLIS * 1000, ZoneId.of("UTC")) + ".000000Z";
    for (String unit : List.of("", "SECOND", "MILLISECOND")) {
      if (!unit.isEmpty()) {
        options.put("timestampUnit", unit);
      }
      try (HubReading reading = reading(options)) {
        assertThat(reading.readAll())
            .containsExactly(
                List.of(
                    unit.equals("MILLISECOND")
                        ? "1970-01-19 12:26:40.000000Z"
                        : "2020-09-13 12:26:40.000000Z",
                    arrival));
      }
    }
  }

  @Test
  void metadataConstantsAndPathsAreColumnsToo() {
    FakeTopic topic = service.create(Map.of("doc", "string"), 1).arriveAt(BEGIN_MILLIS + 5);
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
    try (HubReading reading = reading(options(topic, columns))) {
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
    FakeTopic topic = service.create(Map.of(), 1).arriveAt(BEGIN_MILLIS);
    topic.put(new byte[] {1, (byte) 0xff});
    topic.put(bytes("{\"n\": 7}"));
    try (HubReading reading = reading(options(topic))) {
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(List.of("0x01ff"), List.of("0x7b226e223a20377d"));
    }
    Map<String, Object> options =
        options(topic, Map.of("name", "n", "key", "data", "path", "n", "type", "long"));
    try (HubReading reading = reading(options)) {
      assertThat(reading.readAll()).containsExactly(List.of("7"));
      assertThat(reading.context().dirty().entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.reason().code()).isEqualTo("NOT_JSON"));
    }
  }

  @Test
  void aMalformedRecordIsDirtyAndItsNeighboursAreRead() {
    FakeTopic topic = holding(1, 2);
    topic.put(bytes("two"));
    topic.put(bytes("3"));
    try (HubReading reading = reading(options(topic))) {
      assertThat(reading.readAll()).containsExactly(List.of("0"), List.of("1"), List.of("3"));
      List<CollectingDirtyRecords.Entry> dirty = reading.context().dirty().entries();
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
    assertThatThrownBy(() -> reading(options))
        .isInstanceOf(MillraceException.class)
        .hasMessageContainingAll("option 'endpoint'", "http://:x");
  }

  private static Map<String, Object> with(FakeTopic topic, String key, Object value) {
    Map<String, Object> options = options(topic);
    options.put(key, value);
    options.put("maxRetryTimes", 0);
    return options;
  }
}
