package io.millrace.datahub.fake;

import com.aliyun.datahub.client.model.protobuf.DatahubProtos.FailedRecord;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.GetRecordsRequest;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.GetRecordsResponse;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.PutRecordsRequest;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.PutRecordsResponse;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordEntry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.datahub.fake.FakeTopic.Shard;
import io.millrace.datahub.fake.FakeTopic.Verdict;
import io.millrace.testkit.net.FakeHttpService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The service: one account, one project, any number of topics. */
public final class FakeDataHub extends FakeHttpService {

  public static final String ACCESS_ID = "LTAI4Gtest00000000";
  public static final String ACCESS_KEY = "s3cr3tOfTheTestAccount000000";
  public static final String SECURITY_TOKEN = "CAIStokenOfTheTest/+==00000000";
  public static final String PROJECT = "millrace_test";

  private static final Pattern PATH =
      Pattern.compile("/projects/([^/]+)(?:/topics/([^/]+)(/shards(?:/(\\d+))?)?)?");
  private static final Pattern PARAMETER = Pattern.compile("\"(?:SystemTime|Sequence)\":(-?\\d+)");
  private static final Pattern TYPE = Pattern.compile("\"Type\":\"(\\w+)\"");
  private static final int MAX_RECORDS = 1000;
  private static final int MAX_REQUEST_BYTES = 4 << 20;

  private final Map<String, FakeTopic> topics = new ConcurrentHashMap<>();
  private final Map<FakeTopic, String> refused = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private volatile boolean temporary;

  /** From now on the access key is a temporary one, which needs its token. */
  public void makeKeyTemporary() {
    temporary = true;
  }

  /** A new topic with a name of its own. */
  public FakeTopic create(Map<String, String> fields, int shards) {
    FakeTopic topic = new FakeTopic("topic_" + number.incrementAndGet(), fields, shards);
    topics.put(topic.name(), topic);
    return topic;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** Options that reach a topic here. */
  public Map<String, Object> options(FakeTopic topic) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("endpoint", endpoint());
    options.put("accessId", ACCESS_ID);
    options.put("accessKey", ACCESS_KEY);
    options.put("project", PROJECT);
    options.put("topic", topic.name());
    return options;
  }

  /** An error as the service answers it. */
  public static Answer error(int status, String code, String message) {
    return json(
        status,
        "{\"RequestId\":\"r\",\"ErrorCode\":\""
            + code
            + "\",\"ErrorMessage\":\""
            + message
            + "\"}");
  }

  private static Answer json(int status, String body) {
    return new Answer(
        status,
        Map.of("x-datahub-request-id", "2026112400000000", "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer protobuf(byte[] message) {
    return new Answer(
        200,
        Map.of(
            "x-datahub-request-id", "2026112400000000", "Content-Type", "application/x-protobuf"),
        Frames.wrap(message));
  }

  /** A request that holds this text is refused as a whole, with all its records. */
  public void refuseRequestsHolding(FakeTopic topic, String text) {
    refused.put(topic, text);
  }

  @Override
  protected String operation(Request request) {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches() || path.group(2) == null) {
      return "unknown";
    }
    String topic = " " + path.group(2);
    return switch (request.header("x-datahub-request-action")) {
      case "sub" -> "get" + topic;
      case "pub" -> "put" + topic;
      default ->
          (path.group(3) == null ? "topic" : path.group(4) == null ? "shards" : "cursor") + topic;
    };
  }

  @Override
  protected Answer answer(Request request) {
    String wrong = Signature.problem(request, ACCESS_ID, ACCESS_KEY);
    if (wrong != null) {
      return error(401, "Unauthorized", wrong);
    }
    String token = request.header("x-datahub-security-token");
    if (temporary && !token.equals(SECURITY_TOKEN)) {
      return error(403, "InvalidSecurityToken", "no such token: " + token);
    }
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      return error(404, "ResourceNotFound", "no such path");
    }
    if (!path.group(1).equals(PROJECT)) {
      return error(
          404, "NoSuchProject", "The specified project " + path.group(1) + " does not exist");
    }
    if (path.group(2) == null) {
      return json(200, "{\"CreateTime\":1,\"LastModifyTime\":1,\"Comment\":\"\"}");
    }
    FakeTopic topic = topics.get(path.group(2));
    if (topic == null) {
      return error(404, "NoSuchTopic", "The specified topic name does not exist: " + path.group(2));
    }
    synchronized (topic) {
      if (path.group(3) == null) {
        return topic(topic);
      }
      if (path.group(4) == null) {
        return request.method().equals("GET") ? shards(topic) : put(request, topic);
      }
      int id = Integer.parseInt(path.group(4));
      if (id >= topic.shards().size()) {
        return error(404, "NoSuchShard", "ShardId " + id + " does not exist");
      }
      Shard shard = topic.shards().get(id);
      return request.header("x-datahub-request-action").equals("sub")
          ? get(request, topic, shard)
          : cursor(new String(request.body(), StandardCharsets.UTF_8), topic, shard);
    }
  }

  private static Answer topic(FakeTopic topic) {
    List<String> fields = new ArrayList<>();
    topic
        .fields()
        .forEach(
            (name, type) ->
                fields.add(
                    "{\\\"name\\\":\\\""
                        + name
                        + "\\\",\\\"type\\\":\\\""
                        + type.replace("!", "").toUpperCase(Locale.ROOT)
                        + "\\\""
                        + (type.endsWith("!") ? ",\\\"notnull\\\":true" : "")
                        + "}"));
    boolean blob = fields.isEmpty();
    return json(
        200,
        "{\"ShardCount\":"
            + topic.shards().size()
            + ",\"Lifecycle\":"
            + topic.lifecycle()
            + ",\"RecordType\":\""
            + (blob ? "BLOB" : "TUPLE")
            + "\",\"RecordSchema\":\""
            + (blob ? "" : "{\\\"fields\\\":[" + String.join(",", fields) + "]}")
            + "\",\"Comment\":\"\",\"CreateTime\":"
            + topic.created()
            + ",\"LastModifyTime\":1}");
  }

  private static Answer shards(FakeTopic topic) {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < topic.shards().size(); i++) {
      entries.add(
          "{\"ShardId\":\""
              + i
              + "\",\"State\":\""
              + (topic.shards().get(i).closed ? "CLOSED" : "ACTIVE")
              + "\",\"BeginHashKey\":\"0\",\"EndHashKey\":\"F\",\"ParentShardIds\":[],"
              + "\"LeftShardId\":\"4294967295\",\"RightShardId\":\"4294967295\"}");
    }
    return json(200, "{\"Shards\":[" + String.join(",", entries) + "]}");
  }

  private static Answer cursor(String body, FakeTopic topic, Shard shard) {
    if (body.contains("LATEST")) {
      topic.latestAsked();
    }
    Matcher type = TYPE.matcher(body);
    Matcher parameter = PARAMETER.matcher(body);
    long value = parameter.find() ? Long.parseLong(parameter.group(1)) : -1;
    int index =
        switch (type.find() ? type.group(1) : "") {
          case "OLDEST" -> topic.refusesAll() ? 1 : shard.expired;
          case "LATEST" -> Math.max(shard.expired, shard.records.size() - 1);
          case "SEQUENCE" -> value < shard.expired ? Integer.MAX_VALUE : (int) value;
          case "SYSTEM_TIME" -> at(shard, value);
          default -> -1;
        };
    if (index < 0) {
      return error(400, "InvalidParameter", "type");
    }
    if (index >= shard.records.size()) {
      return error(400, "SeekOutOfRange", "Time in seek request is out of range");
    }
    return json(
        200,
        "{\"Cursor\":\""
            + cursor(index)
            + "\",\"RecordTime\":"
            + shard.records.get(index).getSystemTime()
            + ",\"Sequence\":"
            + index
            + "}");
  }

  private static int at(Shard shard, long millis) {
    int index = shard.expired;
    while (index < shard.records.size() && shard.records.get(index).getSystemTime() < millis) {
      index++;
    }
    return index;
  }

  private static String cursor(int index) {
    return String.format("3000000000000000%016x", index);
  }

  private static Answer get(Request request, FakeTopic topic, Shard shard) {
    GetRecordsRequest asked;
    try {
      asked = GetRecordsRequest.parseFrom(Frames.unwrap(request.body()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return error(400, "InvalidParameter", "no protobuf");
    }
    if (asked.getLimit() < 1 || asked.getLimit() > MAX_RECORDS) {
      return error(400, "InvalidParameter", "limit must be between 1 and 1000");
    }
    int from = Integer.parseUnsignedInt(asked.getCursor().substring(16), 16);
    if (from < shard.expired || topic.refusesCursor() || topic.refusesAll()) {
      return error(400, "InvalidCursor", "The cursor is expired or invalid");
    }
    if (from >= shard.records.size() && shard.closed) {
      return error(400, "InvalidShardOperation", "The shard is sealed");
    }
    int to = Math.min(shard.records.size(), from + Math.min(asked.getLimit(), topic.atMost()));
    GetRecordsResponse.Builder response =
        GetRecordsResponse.newBuilder()
            .setNextCursor(cursor(topic.standsStill() ? from : to))
            .setRecordCount(to - from);
    if (!topic.standsStill()) {
      response.setStartSequence(from);
    }
    for (int i = from; i < to; i++) {
      RecordEntry.Builder record = shard.records.get(i).toBuilder().setCursor(cursor(i));
      response.addRecords(topic.standsStill() ? record.build() : record.setSequence(i).build());
    }
    shard.expired = Math.max(shard.expired, shard.expireNext);
    return protobuf(response.build().toByteArray());
  }

  private Answer put(Request request, FakeTopic topic) {
    if (request.body().length > MAX_REQUEST_BYTES) {
      return error(413, "InvalidParameter", "the request is too large");
    }
    PutRecordsRequest asked;
    try {
      asked = PutRecordsRequest.parseFrom(Frames.unwrap(request.body()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return error(400, "MalformedRecord", "no protobuf");
    }
    String bad = refused.get(topic);
    if (bad != null && asked.toByteString().toStringUtf8().contains(bad)) {
      return error(400, "InvalidParameter", "a record is too large");
    }
    List<FailedRecord> failed = new ArrayList<>();
    for (int i = 0; i < asked.getRecordsCount(); i++) {
      RecordEntry record = asked.getRecords(i);
      int id = Integer.parseInt(record.getShardId());
      Verdict verdict = verdict(topic, record, id);
      if (verdict == null) {
        topic.put(id, record);
      } else {
        failed.add(
            FailedRecord.newBuilder()
                .setIndex(i)
                .setErrorCode(verdict.code())
                .setErrorMessage(verdict.message())
                .build());
      }
    }
    return protobuf(
        PutRecordsResponse.newBuilder()
            .setFailedCount(failed.size())
            .addAllFailedRecords(failed)
            .build()
            .toByteArray());
  }

  private static @Nullable Verdict verdict(FakeTopic topic, RecordEntry record, int shard) {
    if (shard >= topic.shards().size()) {
      return new Verdict("NoSuchShard", "shard " + shard);
    }
    if (topic.shards().get(shard).closed) {
      return new Verdict("InvalidShardOperation", "The shard " + shard + " is closed");
    }
    int fields = topic.fields().isEmpty() ? 1 : topic.fields().size();
    return record.getData().getDataCount() == fields
        ? topic.judged(record)
        : new Verdict("MalformedRecord", "number of fields");
  }
}
