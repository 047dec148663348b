package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.millrace.dist.Distribution;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Jobs in the form of the samples in DataX's and DataWorks' documentation, with the same keys,
 * values and oddities: each runs once host, account and path are right, or is refused for a reason.
 * Stores of a cloud are not here: their jobs come as far as an answer, which says that the account
 * is unknown, so every option of them was understood. What they read and write, the connectors' own
 * tests show.
 */
class SampleJobsIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static TestServer server;
  private static KafkaCluster cluster;
  private static String database;
  private static HttpServer cloud;

  @TempDir private Path directory;
  private Distribution distribution;

  @BeforeAll
  static void startServers() throws Exception {
    server = TestServers.mysql();
    database = server.createDatabase("samples");
    cluster = KafkaCluster.of(1).start();
    cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloud.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(403, -1);
          exchange.close();
        });
    cloud.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
      admin
          .createTopics(Set.of(new NewTopic("some", Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  @AfterAll
  static void endServers() throws SQLException {
    cloud.stop(0);
    cluster.close();
    server.execute("", "DROP DATABASE `" + database + "`");
  }

  private static String brokers() {
    return cluster.bootstrap();
  }

  private static int port() {
    return cloud.getAddress().getPort();
  }

  @BeforeEach
  void fill() throws Exception {
    distribution = new Distribution(directory);
    server.execute(
        database,
        "DROP TABLE IF EXISTS members, made_up, shard_00, shard_01, shard_02",
        "CREATE TABLE members (db_id INT PRIMARY KEY, id INT, name VARCHAR(20), `key` VARCHAR(9),"
            + " created BIGINT, on_line_flag INT)",
        "INSERT INTO members VALUES (1, 1, 'a', 'k', 20200101, 1), (2, 2, 'b', 'k', 20200101, 0)",
        "CREATE TABLE made_up (id INT, name VARCHAR(20), day BIGINT, made DATETIME, flag TINYINT,"
            + " raw VARBINARY(20))",
        "CREATE TABLE shard_00 (id INT PRIMARY KEY, name VARCHAR(20))",
        "CREATE TABLE shard_01 LIKE shard_00",
        "CREATE TABLE shard_02 LIKE shard_00",
        "INSERT INTO shard_00 VALUES (2, 'a'), (3, 'b')",
        "INSERT INTO shard_01 VALUES (4, 'c')",
        "INSERT INTO shard_02 VALUES (5, 'd'), (100, 'e')");
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.writeString(data.resolve("a.csv"), "1,true,1.5,name,2024.01.31\n");
    Files.writeString(data.resolve("b.csv"), "2,false,2.5,other,2024.02.29\n");
    String shop =
        "{type: mysql, jdbcUrl: '"
            + server.jdbcUrl(database)
            + "?allowPublicKeyRetrieval=true', username: '"
            + server.user()
            + "', password: '"
            + server.password()
            + "'}";
    String account = ", accessId: id, accessKey: key}";
    String away = "endpoint: 'http://127.0.0.1:" + port() + "'" + account;
    String behindAProxy =
        "endpoint: 'http://log.example.com', proxyHost: 127.0.0.1, proxyPort: " + port() + account;
    Files.writeString(
        directory.resolve("datasources.yaml"),
        "shop: "
            + shop
            + "\nshop2: "
            + shop
            + "\nlake: {type: oss, bucket: some, "
            + away
            + "\nlogs: {type: loghub, project: some, "
            + behindAProxy
            + "\nhub: {type: datahub, project: some, "
            + away
            + "\nevents: {type: kafka, server: '"
            + brokers()
            + "'}\n");
  }

  /**
   * What becomes of each: the number of rows that are written, or {@code away} where it comes as
   * far as the connection, or what the refusal says. The last column is the page that has such a
   * sample, in DataX's repository or of DataWorks' data sources.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          datax/job                        | 1000 | job.json of the distribution
          datax/streamreader-random        | 300  | streamreader, three channels
          datax/mysqlreader-table          | 2    | mysqlreader/doc
          datax/mysqlreader-query          | 2    | mysqlreader/doc
          datax/mysqlreader-constants      | 2    | mysqlreader/doc, column and where
          datax/mysqlreader-jdbc-config    | 2    | mysqlreader/doc of a fork
          datax/mysqlwriter-stream         | 1000 | mysqlwriter/doc, with all columns
          datax/mysqlwriter-two-columns    | columns | mysqlwriter/doc, whose columns are fewer
          datax/mysqlwriter-at-table       | 1    | mysqlwriter/doc, preSql
          datax/mysqlwriter-shards         | table | mysqlwriter/doc, table
          datax/txtfilereader              | 2    | txtfilereader/doc
          datax/txtfilewriter              | 2    | txtfilewriter/doc
          datax/txtfilereader-csv-config   | 2    | txtfilereader/doc and txtfilewriter/doc, options
          datax/ossreader                  | away | ossreader/doc
          datax/osswriter                  | away | osswriter/doc
          datax/osswriter-choice           | writeMode | osswriter/doc, as it stands
          datax/datahubreader              | away | datahubreader, job_config_template.json
          datax/datahubwriter              | away | datahubwriter, job_config_template.json
          datax/loghubreader               | away | loghubreader, job_config_template.json
          datax/loghubwriter               | away | loghubwriter, job_config_template.json
          datax/kafkawriter                | server | kafkawriter/doc of a fork
          datax/kafkareader                | parsingRules | kafkareader/doc of a fork
          datax/kafkareader-kerberos       | parsingRules | kafkareader/doc of a fork
          dataworks/mysql-reader-table     | 2    | MySQL, one table
          dataworks/mysql-reader-query     | 2    | MySQL, own SQL
          dataworks/mysql-reader-split     | 2    | MySQL, parameters
          dataworks/mysql-reader-shards    | 4    | MySQL, sharded tables
          dataworks/mysql-writer           | 3    | MySQL, writer
          dataworks/mysql-writer-update    | 3    | MySQL, writer's parameters
          dataworks/oss-reader             | away | OSS, reader
          dataworks/oss-reader-orc         | away | OSS, reader of orc
          dataworks/oss-reader-parquet     | away | OSS, reader of parquet
          dataworks/oss-writer             | away | OSS, writer
          dataworks/oss-writer-parquet     | away | OSS, writer of parquet
          dataworks/kafka-reader           | 0    | Kafka, reader
          dataworks/kafka-writer-index     | 3    | Kafka, writer
          dataworks/kafka-writer-json      | 3    | Kafka, writer's parameters
          dataworks/loghub-reader          | away | LogHub, reader
          dataworks/loghub-writer          | away | LogHub, writer
          dataworks/datahub-reader         | away | DataHub, reader
          dataworks/datahub-writer         | away | DataHub, writer
          """)
  void aSampleRunsOrIsRefusedForAReason(String name, String outcome, String page) throws Exception {
    Path task = directory.resolve("task.json");
    Files.writeString(task, adapted(name));
    Distribution.Ended ended =
        distribution.run(
            "run", "task.json", "--datasources", "datasources.yaml", "--result", "result.json");
    String said = ended.err() + ended.out();
    if (outcome.matches("\\d+")) {
      assertThat(ended.exitCode()).as(said).isZero();
      JsonNode result = JSON.readTree(directory.resolve("result.json").toFile());
      assertThat(result.path("written").asLong(-1))
          .as(result.toString())
          .isEqualTo(Long.parseLong(outcome));
    } else if (outcome.equals("away")) {
      assertThat(ended.exitCode()).as(said).isNotZero();
      assertThat(said).contains("403");
    } else {
      assertThat(ended.exitCode()).as(said).isEqualTo(2);
      assertThat(said).contains(outcome);
    }
  }

  /** The sample with host, account and path of this machine in place of its own. */
  private String adapted(String name) throws IOException {
    String text;
    try (InputStream in = SampleJobsIT.class.getResourceAsStream("/samples/" + name + ".json")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return text.replace("jdbc:mysql://127.0.0.1:3306/database", server.jdbcUrl(database))
        .replace("\"username\": \"root\"", "\"username\": \"" + server.user() + "\"")
        .replace("\"password\": \"root\"", "\"password\": \"" + server.password() + "\"")
        .replace("127.0.0.1:9092", brokers())
        .replaceAll("http://(oss|dh)\\.example\\.com", "http://127.0.0.1:" + port())
        .replace(
            "\"endpoint\": \"http://log.example.com\"",
            "\"endpoint\": \"http://log.example.com\", \"proxyHost\": \"127.0.0.1\","
                + " \"proxyPort\": "
                + port())
        .replace("/home/somebody/case00", directory.toString());
  }
}
