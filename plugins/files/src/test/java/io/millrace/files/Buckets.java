package io.millrace.files;

import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.server.S3Server;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket of a started object store, looked at by a client of its own. Each test has a bucket to
 * itself: the store walks through the whole bucket for every listing.
 */
final class Buckets {

  private static final AtomicInteger made = new AtomicInteger();
  private static @Nullable S3Server shared;
  private static @Nullable S3Client client;

  private final String bucket;

  private Buckets(String bucket) {
    this.bucket = bucket;
    client().createBucket(request -> request.bucket(bucket));
  }

  /** A new bucket of the one server of this JVM, with which it ends. */
  static Buckets create() {
    return new Buckets("millrace-" + made.incrementAndGet());
  }

  private static synchronized S3Server server() {
    S3Server one = shared;
    if (one == null) {
      one = S3Server.start(Path.of("target/s3proxy.classpath"));
      Runtime.getRuntime().addShutdownHook(new Thread(one::close));
      shared = one;
    }
    return one;
  }

  private static synchronized S3Client client() {
    S3Client one = client;
    if (one == null) {
      one =
          S3Client.builder()
              .httpClient(UrlConnectionHttpClient.create())
              .endpointOverride(URI.create(server().endpoint()))
              .region(Region.US_EAST_1)
              .forcePathStyle(true)
              .credentialsProvider(
                  StaticCredentialsProvider.create(
                      AwsBasicCredentials.create(S3Server.ACCESS_ID, S3Server.ACCESS_KEY)))
              .build();
      client = one;
    }
    return one;
  }

  int port() {
    return server().port();
  }

  /** The options that reach the bucket. */
  Map<String, Object> options() {
    return options(server().port());
  }

  /** The same through a proxy. */
  Map<String, Object> options(int port) {
    Map<String, Object> options = new HashMap<>();
    options.put("endpoint", "http://127.0.0.1:" + port);
    options.put("bucket", bucket);
    options.put("accessId", S3Server.ACCESS_ID);
    options.put("accessKey", S3Server.ACCESS_KEY);
    return options;
  }

  void put(String key, byte[] content) {
    client().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  void put(String key, String content) {
    put(key, content.getBytes(StandardCharsets.UTF_8));
  }

  void delete(String key) {
    client().deleteObject(request -> request.bucket(bucket).key(key));
  }

  byte[] bytes(String key) {
    return client().getObjectAsBytes(r -> r.bucket(bucket).key(key)).asByteArray();
  }

  String get(String key) {
    return new String(bytes(key), StandardCharsets.UTF_8);
  }

  List<String> keys(String prefix) {
    return client()
        .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  List<String> uploads(String prefix) {
    return client().listMultipartUploads(r -> r.bucket(bucket).prefix(prefix)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  void beginUpload(String key) {
    client().createMultipartUpload(request -> request.bucket(bucket).key(key));
  }

  void abortUploads(String prefix) {
    client()
        .listMultipartUploads(r -> r.bucket(bucket).prefix(prefix))
        .uploads()
        .forEach(
            upload ->
                client()
                    .abortMultipartUpload(
                        r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
  }

  /** A folder of its own. */
  static String folder() {
    return "test/" + UUID.randomUUID() + "/";
  }

  SourceFixture source(Sample sample, int port) {
    String folder = folder();
    List<List<@Nullable String>> texts = sample.texts();
    int files = 5;
    for (int i = 0; i < files; i++) {
      int from = texts.size() * i / files;
      int to = texts.size() * (i + 1) / files;
      put(folder + "part " + i + "é.csv", CsvText.write(texts.subList(from, to)));
    }
    put(folder + "_SUCCESS", "");
    put(folder + ".millrace/x/fence/1", "not a row");
    Map<String, Object> options = options(port);
    options.put("object", folder + "*");
    options.put("column", Columns.byIndex(sample.schema()));
    return SourceFixture.holding(sample, options);
  }

  TargetFixture target(Schema schema, int port, Map<String, Object> more) {
    String folder = folder();
    Map<String, Object> options = options(port);
    options.put("object", folder + "out");
    options.put("writeMode", "append");
    options.putAll(more);
    return new TargetFixture(options, () -> records(folder, schema));
  }

  private List<List<@Nullable String>> records(String folder, Schema schema) {
    List<List<@Nullable String>> records = new ArrayList<>();
    for (String key : keys(folder)) {
      if (!key.contains("/.millrace/")) {
        records.addAll(CsvText.read(get(key)));
      }
    }
    return Columns.canonical(records, schema);
  }
}
