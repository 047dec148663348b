package io.millrace.loghub.fake;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.testkit.net.FakeHttpService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/** The service: one account, one project, any number of logstores. */
public final class FakeLogService extends FakeHttpService {

  public static final String ACCESS_ID = "LTAI4Gtest00000000";
  public static final String ACCESS_KEY = "s3cr3tOfTheTestAccount000000";
  public static final String SECURITY_TOKEN = "CAIStokenOfTheTest/+==00000000";
  public static final String PROJECT = "millrace-test";
  public static final String ENDPOINT = "http://cn-nowhere.log.example.com";

  private static final Pattern SHARD = Pattern.compile("/logstores/([^/]+)/shards/(\\d+)");
  private static final Pattern LOGSTORE = Pattern.compile("/logstores/([^/]+)(/shards(?:/lb)?)?");
  private static final int MAX_VALUE_BYTES = 1 << 20;
  private static final int MAX_LOGS = 4096;

  private final Map<String, FakeLogstore> stores = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private volatile boolean temporary;

  /** From now on the access key is a temporary one, which needs its token. */
  public void makeKeyTemporary() {
    temporary = true;
  }

  /** A new logstore with a name of its own. */
  public FakeLogstore create(int shards) {
    FakeLogstore store = new FakeLogstore("store-" + number.incrementAndGet(), shards);
    stores.put(store.name(), store);
    return store;
  }

  /** Options that reach a logstore here. */
  public Map<String, Object> options(FakeLogstore store) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("endpoint", ENDPOINT);
    options.put("accessId", ACCESS_ID);
    options.put("accessKey", ACCESS_KEY);
    options.put("project", PROJECT);
    options.put("logstore", store.name());
    options.put("proxyHost", "127.0.0.1");
    options.put("proxyPort", port());
    options.put("retryIntervalSeconds", 0);
    return options;
  }

  /** An error as the service answers it. */
  public static Answer error(int status, String code, String message) {
    String body = "{\"errorCode\":\"" + code + "\",\"errorMessage\":\"" + message + "\"}";
    return new Answer(
        status,
        Map.of("x-log-requestid", "5B0C0FFEE", "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer json(String body) {
    return new Answer(
        200,
        Map.of("x-log-requestid", "5B0C0FFEE", "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected String operation(Request request) {
    Matcher shard = SHARD.matcher(request.path());
    if (shard.matches()) {
      boolean pull = request.query().getOrDefault("type", "").equals("log");
      return (pull ? "pull " : "cursor ") + shard.group(1);
    }
    Matcher store = LOGSTORE.matcher(request.path());
    if (!store.matches()) {
      return "unknown";
    }
    String rest = String.valueOf(store.group(2));
    return switch (rest) {
          case "/shards" -> "shards ";
          case "/shards/lb" -> "put ";
          default -> "logstore ";
        }
        + store.group(1);
  }

  @Override
  protected Answer answer(Request request) {
    String wrong = Signature.problem(request, ACCESS_ID, ACCESS_KEY);
    if (wrong != null) {
      return error(
          401, wrong.startsWith("AccessKeyId") ? "Unauthorized" : "SignatureNotMatch", wrong);
    }
    if (temporary && !request.header("x-acs-security-token").equals(SECURITY_TOKEN)) {
      return error(
          403, "InvalidSecurityToken", "no such token: " + request.header("x-acs-security-token"));
    }
    int dot = request.host().indexOf('.');
    String project = dot < 0 ? "" : request.host().substring(0, dot);
    if (!project.equals(PROJECT)) {
      return error(404, "ProjectNotExist", "The Project does not exist : " + project);
    }
    if (request.path().equals("/")) {
      return json(
          "{\"projectName\":\"" + PROJECT + "\",\"status\":\"Normal\",\"description\":\"\"}");
    }
    Matcher matcher = LOGSTORE.matcher(request.path());
    Matcher ofShard = SHARD.matcher(request.path());
    boolean isShard = ofShard.matches();
    if (!isShard && !matcher.matches()) {
      return error(404, "InvalidPath", "no such path");
    }
    String name = isShard ? ofShard.group(1) : matcher.group(1);
    FakeLogstore store = stores.get(name);
    if (store == null) {
      return error(404, "LogStoreNotExist", "logstore " + name + " does not exist");
    }
    if (isShard) {
      int id = Integer.parseInt(ofShard.group(2));
      if (id >= store.shards().size()) {
        return error(404, "ShardNotExist", "shard " + id + " does not exist");
      }
      return shard(request, store, store.shard(id));
    }
    String rest = String.valueOf(matcher.group(2));
    return switch (rest) {
      case "/shards" -> shards(store);
      case "/shards/lb" -> put(request, store);
      default ->
          json(
              "{\"logstoreName\":\""
                  + name
                  + "\",\"ttl\":"
                  + store.ttlDays()
                  + ",\"shardCount\":"
                  + store.shards().size()
                  + ",\"createTime\":"
                  + store.created()
                  + ",\"enable_tracking\":false,\"autoSplit\":false,\"maxSplitShard\":0}");
    };
  }

  private static Answer shards(FakeLogstore store) {
    List<String> entries = new ArrayList<>();
    for (FakeShard shard : store.shards()) {
      entries.add(
          "{\"shardID\":"
              + shard.id()
              + ",\"status\":\""
              + (shard.readOnly() ? "readonly" : "readwrite")
              + "\",\"inclusiveBeginKey\":\"00000000000000000000000000000000\","
              + "\"exclusiveEndKey\":\"ffffffffffffffffffffffffffffffff\",\"createTime\":1453949705}");
    }
    return json("[" + String.join(",", entries) + "]");
  }

  private static Answer shard(Request request, FakeLogstore store, FakeShard shard) {
    String type = request.query().getOrDefault("type", "");
    if (type.equals("cursor")) {
      String from = request.query().getOrDefault("from", "");
      int index =
          switch (from) {
            case "begin" -> shard.expired();
            case "end" -> shard.size();
            default -> shard.at(Long.parseLong(from));
          };
      return json("{\"cursor\":\"" + FakeShard.cursor(index) + "\"}");
    }
    return type.equals("log")
        ? pull(request.query(), store, shard)
        : error(400, "ParameterInvalid", "type " + type);
  }

  private static Answer pull(Map<String, String> query, FakeLogstore store, FakeShard shard) {
    int from = FakeShard.index(query.getOrDefault("cursor", ""));
    if (from < 0 || from > shard.size() || from < shard.expired() && !store.clipsExpired()) {
      return error(400, "InvalidCursor", "Invalid cursor: " + query.get("cursor"));
    }
    from = Math.max(from, shard.expired());
    int end =
        query.containsKey("end_cursor") ? FakeShard.index(query.get("end_cursor")) : shard.size();
    int count = Math.min(Integer.parseInt(query.getOrDefault("count", "100")), store.maxGroups());
    int to = Math.max(from, Math.min(Math.min(end, shard.size()), from + count));
    // A LogGroupList, written by hand so that a test can put a broken group into it.
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    int groups = 0;
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(list);
      for (int i = from; i < to; i++) {
        if (store.passes(shard.group(i), query.getOrDefault("query", ""))) {
          out.writeBytes(1, ByteString.copyFrom(shard.group(i)));
          groups++;
        }
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shard.answered();
    byte[] raw = list.toByteArray();
    byte[] packed =
        raw.length == 0 ? raw : LZ4Factory.safeInstance().fastCompressor().compress(raw);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("x-log-requestid", "5B0C0FFEE");
    headers.put("x-log-cursor", store.next(to));
    headers.put("x-log-count", Integer.toString(groups));
    headers.put("x-log-bodyrawsize", Integer.toString(raw.length));
    headers.put("x-log-compresstype", "lz4");
    headers.put("Content-Type", "application/x-protobuf");
    return new Answer(200, headers, packed);
  }

  private static Answer put(Request request, FakeLogstore store) {
    LogGroup group;
    try {
      if (!request.header("x-log-compresstype").equals("lz4")) {
        return error(400, "PostBodyUncompressError", "lz4 expected");
      }
      byte[] raw = new byte[Integer.parseInt(request.header("x-log-bodyrawsize"))];
      LZ4Factory.safeInstance().fastDecompressor().decompress(request.body(), raw);
      group = LogGroup.parseFrom(raw);
    } catch (LZ4Exception | InvalidProtocolBufferException | NumberFormatException e) {
      return error(400, "PostBodyInvalid", "Protobuffer content cannot be parsed");
    }
    if (group.getLogsCount() > MAX_LOGS) {
      return error(400, "PostBodyInvalid", "more than 4096 logs");
    }
    for (Log log : group.getLogsList()) {
      for (Log.Content content : log.getContentsList()) {
        if (content.getValueBytes().size() > MAX_VALUE_BYTES) {
          return error(400, "PostBodyInvalid", "value of " + content.getKey() + " is above 1 MB");
        }
      }
    }
    store.put(group);
    return new Answer(200, Map.of("x-log-requestid", "5B0C0FFEE"), new byte[0]);
  }
}
