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
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A started object store with one bucket, looked at by a client of its own. */
final class Buckets {

  static final String BUCKET = "millrace";

  private static @Nullable Buckets started;

  private final S3Server server;
  private final S3Client client;

  private Buckets(S3Server server) {
    this.server = server;
    this.client =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .endpointOverride(URI.create(server.endpoint()))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.ACCESS_ID, S3Server.ACCESS_KEY)))
            .build();
    client.createBucket(request -> request.bucket(BUCKET));
  }

  /** The one server of this JVM, with which it ends. */
  static synchronized Buckets started() {
    Buckets one = started;
    if (one == null) {
      S3Server server = S3Server.start(Path.of("target/s3proxy.classpath"));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      one = new Buckets(server);
      started = one;
    }
    return one;
  }

  int port() {
    return server.port();
  }

  /** The options that reach the bucket. */
  Map<String, Object> options() {
    return options(server.port());
  }

  /** The same through a proxy. */
  Map<String, Object> options(int port) {
    Map<String, Object> options = new HashMap<>();
    options.put("endpoint", "http://127.0.0.1:" + port);
    options.put("bucket", BUCKET);
    options.put("accessId", S3Server.ACCESS_ID);
    options.put("accessKey", S3Server.ACCESS_KEY);
    return options;
  }

  void put(String key, byte[] content) {
    client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
  }

  void put(String key, String content) {
    put(key, content.getBytes(StandardCharsets.UTF_8));
  }

  void delete(String key) {
    client.deleteObject(request -> request.bucket(BUCKET).key(key));
  }

  String get(String key) {
    return client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asUtf8String();
  }

  List<String> keys(String prefix) {
    return client
        .listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  List<String> uploads(String prefix) {
    return client.listMultipartUploads(r -> r.bucket(BUCKET).prefix(prefix)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  void beginUpload(String key) {
    client.createMultipartUpload(request -> request.bucket(BUCKET).key(key));
  }

  void abortUploads(String prefix) {
    client
        .listMultipartUploads(r -> r.bucket(BUCKET).prefix(prefix))
        .uploads()
        .forEach(
            upload ->
                client.abortMultipartUpload(
                    r -> r.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId())));
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
