package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import io.millrace.testkit.server.S3Server;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that went through files in a bucket, with several channels each way, is the table. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ThroughFilesIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 30_000;
  private static final String BUCKET = "through";

  private static final String TABLE =
      "CREATE TABLE %s (id BIGINT NOT NULL PRIMARY KEY, big BIGINT UNSIGNED, exact DECIMAL(38,10),"
          + " ratio DOUBLE, word VARCHAR(80) CHARACTER SET utf8mb4, raw VARBINARY(40), day DATE,"
          + " wall DATETIME(6), moment TIMESTAMP(6) NULL, clock TIME(3), flag TINYINT)";

  private static final String[] COLUMNS = {
    "id", "big", "exact", "ratio", "word", "raw", "day", "wall", "moment", "clock", "flag"
  };

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"parquet", "orc", "csv", "jsonl"})
  void aTableThatWentThroughABucketIsTheTable(String format) throws Exception {
    TestServer server = TestServers.mysql();
    try (S3Server store = S3Server.start(Path.of("../plugins/files/target/s3proxy.classpath"));
        Scene scene = Scene.on(server, directory)) {
      Files.createDirectories(store.objects().resolve(BUCKET));
      fill(scene);
      Map<String, Object> place =
          Map.of(
              "endpoint",
              "http://127.0.0.1:" + store.port(),
              "bucket",
              BUCKET,
              "accessId",
              S3Server.ACCESS_ID,
              "accessKey",
              S3Server.ACCESS_KEY,
              "fileFormat",
              format);
      run(
          "out",
          Map.of("mysql", mysql(server, scene, "src", Map.of("splitPk", "id"))),
          Map.of("s3", with(place, Map.of("object", "t/part", "writeMode", "truncate"))));
      assertThat(objects(store)).hasSizeGreaterThan(1);
      run(
          "back",
          Map.of(
              "s3",
              with(
                  place,
                  Map.of(
                      "object",
                      "t/part*",
                      "column",
                      types(format),
                      "splitBy",
                      "volume",
                      "maxSplitBytes",
                      200_000))),
          Map.of("mysql", mysql(server, scene, "dst", Map.of())));
      assertThat(scene.checksums("dst", COLUMNS)).isEqualTo(scene.checksums("src", COLUMNS));
      assertThat(scene.one("SELECT COUNT(*) FROM dst")).isEqualTo(Integer.toString(ROWS));
    }
  }

  private static void fill(Scene scene) throws Exception {
    scene.sql(
        TABLE.formatted("src"),
        TABLE.formatted("dst"),
        "SET SESSION time_zone = '+00:00'",
        "CREATE TABLE digit (d INT)",
        "INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
        "INSERT INTO src SELECT n - 100, 18446744073709551615 - n, (n - 9000) * 1234567890.0123456789,"
            + " n / 7, IF(n % 7 = 0, NULL, CONCAT(ELT(n % 5 + 1, _utf8mb4 0xF09F9880, ' x ', '\"a\",b',"
            + " '', 'line\\nbreak'), n)), IF(n % 11 = 0, NULL, UNHEX(MD5(n))),"
            + " DATE'0001-01-01' + INTERVAL n * 100 DAY,"
            + " TIMESTAMP'1000-01-01 00:00:00.000001' + INTERVAL n * 250000 SECOND,"
            + " TIMESTAMP'1971-01-01 00:00:00.000001' + INTERVAL n * 50000 SECOND,"
            + " SEC_TO_TIME(n % 86400), NULLIF(n % 3, 2) FROM (SELECT a.d + 10 * b.d + 100 * c.d"
            + " + 1000 * e.d + 10000 * f.d AS n FROM digit a, digit b, digit c, digit e, digit f)"
            + " numbers WHERE n < "
            + ROWS);
  }

  /** Files of text do not say what their columns are. */
  private static Object types(String format) {
    if (format.equals("parquet") || format.equals("orc")) {
      return List.of("*");
    }
    String[] types = {
      "long",
      "unsigned long",
      "decimal(38,10)",
      "double",
      "string",
      "bytes",
      "date",
      "datetime",
      "timestamp",
      "time",
      "long"
    };
    return Stream.iterate(0, i -> i + 1)
        .limit(types.length)
        .map(
            i ->
                format.equals("csv")
                    ? Map.of("index", i, "type", types[i])
                    : Map.of("name", COLUMNS[i], "type", types[i]))
        .toList();
  }

  private static Map<String, Object> mysql(
      TestServer server, Scene scene, String table, Map<String, Object> more) {
    return with(
        more,
        Map.of(
            "jdbcUrl", server.jdbcUrl(scene.database()) + "?sslMode=DISABLED",
            "username", server.user(),
            "password", server.password(),
            "table", table,
            "column", List.of(COLUMNS)));
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new java.util.LinkedHashMap<>(some);
    all.putAll(more);
    return all;
  }

  private void run(String name, Map<String, Object> reader, Map<String, Object> writer)
      throws Exception {
    Path task = directory.resolve(name + ".json");
    Files.writeString(
        task,
        JSON.writeValueAsString(
            Map.of("reader", reader, "writer", writer, "setting", Map.of("channels", 4))));
    Path result = directory.resolve(name + "-result.json");
    Distribution.Ended ended =
        new Distribution(directory)
            .start(
                "run",
                task.toString(),
                "--run-dir",
                directory.resolve(name).toString(),
                "--result",
                result.toString())
            .await();
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(JSON.readTree(result.toFile()).get("written").asInt()).isEqualTo(ROWS);
    assertThat(JSON.readTree(result.toFile()).get("guarantee").asText()).isEqualTo("EXACTLY_ONCE");
  }

  private static List<Path> objects(S3Server store) throws Exception {
    try (Stream<Path> all = Files.walk(store.objects().resolve(BUCKET).resolve("t"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
