package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills tasks from and to Kafka with SIGKILL and resumes them, while messages keep arriving. With
 * {@code -Dmillrace.test.full=true} more often.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KafkaKillIT {

  private static final int KILLS = Boolean.getBoolean("millrace.test.full") ? 20 : 3;
  private static final long SEED = Long.getLong("millrace.test.seed", 20_261_124L);
  private static final int PARTITIONS = 6;
  private static final int PER_SECOND = 20_000;
  private static final int ROWS = 12_000;

  private static int kills;
  private static int killsInStageThree;
  private static KafkaCluster cluster;
  private static Admin admin;
  private static String database;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    cluster = KafkaCluster.of(1).start();
    admin = cluster.admin();
    database = TestServers.mysql().createDatabase("kafkakill");
  }

  @AfterAll
  static void stop() throws Exception {
    admin.close(Duration.ZERO);
    cluster.close();
    TestServers.mysql().execute("", "DROP DATABASE `" + database + "`");
    // Kills that hit nothing prove nothing.
    assertThat(killsInStageThree * 2)
        .as("kills in stage 3, of %s", kills)
        .isGreaterThanOrEqualTo(kills);
  }

  private static void createTopic(String name, int partitions) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
        .all()
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void aWindowIsDeliveredExactlyWhileMessagesArriveAndTheTaskIsKilled() throws Exception {
    createTopic("arriving", PARTITIONS);
    try (Arrivals arrivals =
        Arrivals.start(cluster.bootstrap(), "arriving", PARTITIONS, PER_SECOND)) {
      Random random = new Random(SEED);
      for (int i = 0; i < KILLS; i++) {
        // Two seconds of messages, which a run needs as long for.
        Arrivals.Window window = arrivals.last(2 * PER_SECOND);
        TestServers.mysql()
            .execute(database, "DROP TABLE IF EXISTS dst", "CREATE TABLE dst (id BIGINT)");
        Path own = Files.createDirectories(directory.resolve("read-" + i));
        Path task = Files.writeString(own.resolve("task.json"), reading(window));
        killAndResume(task, own, random, "reading");
        List<Long> expected = arrivals.in(window);
        assertThat(expected).hasSizeGreaterThan(10_000);
        assertThat(ids()).isEqualTo(expected);
      }
      assertThat(arrivals.rate()).as("messages a second").isGreaterThan(PER_SECOND * 0.9);
    }
  }

  @Test
  void eachRowIsSeenOnceInTheTopicThoughTheTaskIsKilled() throws Exception {
    StringBuilder insert = new StringBuilder("INSERT INTO src VALUES ");
    for (int i = 0; i < ROWS; i++) {
      insert.append(i == 0 ? "(" : ",(").append(i).append(",'name ").append(i).append("')");
    }
    TestServers.mysql()
        .execute(
            database,
            "CREATE TABLE src (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(60))",
            insert.toString());
    Random random = new Random(SEED + 1);
    for (int i = 0; i < KILLS; i++) {
      String topic = "written-" + i;
      createTopic(topic, 3);
      Path own = Files.createDirectories(directory.resolve("write-" + i));
      Path task = Files.writeString(own.resolve("task.json"), writing(topic));
      killAndResume(task, own, random, "writing");
      List<String> seen = committed(topic);
      Set<String> distinct = new HashSet<>(seen);
      assertThat(distinct)
          .isEqualTo(
              new HashSet<>(
                  IntStream.range(0, ROWS)
                      .mapToObj(id -> "{\"id\":" + id + ",\"name\":\"name " + id + "\"}")
                      .toList()));
      assertThat(seen).hasSameSizeAs(distinct);
      assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS))
          .noneMatch(name -> name.startsWith("millrace-ledger"));
    }
  }

  private static void killAndResume(Path task, Path own, Random random, String what)
      throws Exception {
    Path runDirectory = own.resolve("run");
    Run run = Run.start(task, runDirectory, own.resolve("out-1.log"), false);
    Path state = runDirectory.resolve("state/attempt.json");
    while (run.isAlive() && !Files.exists(state)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    // The moment is the subject of the test, so this waits by the clock.
    long moment = 500 + random.nextInt(3000);
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moment);
    while (run.isAlive() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    boolean alive = run.isAlive();
    run.kill();
    boolean planned = Files.exists(runDirectory.resolve("state/splits.jsonl"));
    kills++;
    killsInStageThree += alive && planned ? 1 : 0;
    System.out.printf(
        "killed while %s after %d ms: %s, %s%n",
        what, moment, alive ? "running" : "ended before", planned ? "planned" : "not planned");
    Run.Result result =
        Run.start(task, runDirectory, own.resolve("out-2.log"), true).await().assertSuccess();
    assertThat(result.json().get("guarantee").asText()).isEqualTo("EXACTLY_ONCE");
  }

  private static String reading(Arrivals.Window window) throws Exception {
    return task(
        Map.of(
            "name",
            "kafkareader",
            "parameter",
            Map.of(
                "server",
                cluster.bootstrap(),
                "topic",
                "arriving",
                "column",
                List.of(Map.of("name", "id", "type", "long")),
                "beginTimestampMillis",
                window.begin(),
                "endTimestampMillis",
                window.end())),
        Map.of("name", "mysqlwriter", "parameter", mysql("dst", List.of("id"), false)),
        PER_SECOND);
  }

  private static String writing(String topic) throws Exception {
    return task(
        Map.of("name", "mysqlreader", "parameter", mysql("src", List.of("id", "name"), true)),
        Map.of(
            "name",
            "kafkawriter",
            "parameter",
            Map.of(
                "server",
                cluster.bootstrap(),
                "topic",
                topic,
                "writeMode",
                "json",
                "keyIndex",
                0,
                "exactlyOnce",
                true)),
        4_000);
  }

  private static Map<String, Object> mysql(String table, List<String> columns, boolean reads) {
    TestServer server = TestServers.mysql();
    String url = server.jdbcUrl(database) + "?sslMode=DISABLED";
    Map<String, Object> all = new java.util.HashMap<>();
    all.put("username", server.user());
    all.put("password", server.password());
    all.put("column", columns);
    if (reads) {
      all.put("splitPk", "id");
    }
    all.put(
        "connection",
        List.of(Map.of("table", List.of(table), "jdbcUrl", reads ? List.of(url) : url)));
    return all;
  }

  private static String task(Map<String, ?> reader, Map<String, ?> writer, int recordsPerSecond)
      throws Exception {
    return new ObjectMapper()
        .writeValueAsString(
            Map.of(
                "job",
                Map.of(
                    "content",
                    List.of(Map.of("reader", reader, "writer", writer)),
                    "setting",
                    Map.of("speed", Map.of("channel", 3, "record", recordsPerSecond)))));
  }

  private static List<Long> ids() throws Exception {
    List<Long> ids = new ArrayList<>();
    try (Connection connection = TestServers.mysql().connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM dst ORDER BY id")) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  /** Every message that readers of committed ones see, up to where the topic ends. */
  private static List<String> committed(String topic) throws Exception {
    List<TopicPartition> partitions =
        IntStream.range(0, 3).mapToObj(i -> new TopicPartition(topic, i)).toList();
    List<String> seen = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", cluster.bootstrap(),
                "isolation.level", "read_committed",
                "enable.auto.commit", "false"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      for (TopicPartition each : partitions) {
        long end =
            admin
                .listOffsets(
                    Map.of(each, OffsetSpec.latest()),
                    new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .partitionResult(each)
                .get(30, TimeUnit.SECONDS)
                .offset();
        while (consumer.position(each) < end) {
          assertThat(System.nanoTime()).as("no transaction stays open").isLessThan(until);
          for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(50))) {
            seen.add(message.value());
          }
        }
      }
    }
    return seen;
  }
}
