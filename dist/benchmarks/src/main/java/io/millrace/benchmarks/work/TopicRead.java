package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.testkit.server.Flavour;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Work kafka: TPC-H's {@code lineitem} out of a topic of four partitions, a line of text in each
 * message; to nowhere, and into a table.
 */
final class TopicRead implements Work {

  private static final String TOPIC = "lineitem";
  private static final int PARTITIONS = 4;
  private static final String LOOP = "consumer-loop";
  private static final String DISCARD = "kafka-discard";
  private static final String LOAD_DATA = "kafka-load-data";
  private static final String TO_MYSQL = "kafka-mysql";

  private @Nullable KafkaCluster cluster;
  private long messages;

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public String title() {
    return "TPC-H lineitem as text out of a Kafka topic of four partitions";
  }

  private KafkaCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  @Override
  public void prepare(Workbench bench) throws Exception {
    LineItems.prepare(bench);
    if (cluster == null) {
      KafkaCluster started = KafkaCluster.of(1).start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::close, "kafka-end"));
      cluster = started;
      fill(LineItems.text(bench));
    }
  }

  private void fill(Path text) throws Exception {
    try (Admin admin = cluster().admin()) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", cluster().bootstrap());
    properties.put("linger.ms", "50");
    properties.put("batch.size", "262144");
    try (Producer<byte[], byte[]> producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        BufferedReader lines = Files.newBufferedReader(text, StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        producer.send(
            new ProducerRecord<>(
                TOPIC,
                (int) (messages++ % PARTITIONS),
                null,
                line.getBytes(StandardCharsets.US_ASCII)));
      }
    }
  }

  @Override
  public void warmUp(Workbench bench) throws Exception {
    bench.millrace().run(bench.server(), discarding("endOffset: 1"), "");
  }

  @Override
  public List<Scenario> scenarios() {
    return List.of(
        scenario(LOOP, "a bare loop of Kafka's consumer", false, this::loop),
        scenario(DISCARD, "Millrace, to nowhere, 4 channels", true, this::discard),
        scenario(LOAD_DATA, "LOAD DATA LOCAL INFILE of the same rows", false, this::loadData),
        scenario(TO_MYSQL, "Millrace, into the table, 4 channels", true, this::intoTable));
  }

  /** A program with its start, as Millrace is one. */
  private Cost loop(Workbench bench) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            BareConsumer.class.getName(),
            cluster().bootstrap(),
            TOPIC,
            String.valueOf(messages));
    Path log = Files.createTempFile(bench.scratch(), "loop-", ".log");
    Cost cost =
        bench
            .server()
            .meter()
            .program(command, Map.of(), log, Duration.ofMinutes(5))
            .withRows(messages);
    // What a loop costs that has been started already; told beside, not compared.
    String said = Files.readString(log);
    return cost.with(
        "loopSeconds", Double.parseDouble(said.substring(said.lastIndexOf(' ') + 1).strip()));
  }

  private Cost discard(Workbench bench) throws Exception {
    return bench.millrace().run(bench.server(), discarding(""), "");
  }

  private String discarding(String window) {
    return """
        name: discard
        reader:
          kafka:
            server: "%s"
            topic: %s
            column: [__value__]
            %s
        writer:
          stream: {print: false}
        setting: {channels: 4, dirty: none}
        """
        .formatted(cluster().bootstrap(), TOPIC, window);
  }

  private Cost loadData(Workbench bench) throws Exception {
    return intoCopy(
        bench,
        target -> TableCopy.inside(bench, LineItems.loadStatement(LineItems.text(bench), target)));
  }

  private Cost intoTable(Workbench bench) throws Exception {
    return intoCopy(bench, target -> bench.millrace().run(bench.server(), loading(target), ""));
  }

  private String loading(String target) {
    return """
        name: %s
        reader:
          kafka:
            server: "%s"
            topic: %s
            dataFormat: text
            fieldDelimiter: "\\t"
            column: [%s]
        writer:
          mysql:
            datasource: %s
            table: %s
            column: [%s]
        setting: {channels: 4, dirty: none}
        """
        .formatted(
            target,
            cluster().bootstrap(),
            TOPIC,
            LineItems.typedColumns(),
            CopyTask.DATA_SOURCE,
            target,
            String.join(", ", LineItems.COLUMNS));
  }

  /** Fills a fresh table and compares it. */
  private static Cost intoCopy(Workbench bench, Filling filling) throws Exception {
    return new CopyScenario("", "", false, "", (ignored, target) -> filling.of(target)).run(bench);
  }

  /** Fills a table. */
  @FunctionalInterface
  private interface Filling {
    Cost of(String target) throws Exception;
  }

  /** Runs one of the ways. */
  @FunctionalInterface
  private interface Way {
    Cost run(Workbench bench) throws Exception;
  }

  private record TopicScenario(String name, String title, boolean usesMillrace, Way way)
      implements Scenario {

    @Override
    public boolean isComparable() {
      return true;
    }

    @Override
    public Cost run(Workbench bench) throws Exception {
      return way.run(bench);
    }
  }

  private static Scenario scenario(String name, String title, boolean usesMillrace, Way way) {
    return new TopicScenario(name, title, usesMillrace, way);
  }

  @Override
  public List<String> yardsticks() {
    return List.of(LOOP, LOAD_DATA);
  }

  @Override
  public List<Target> targets(Flavour flavour) {
    return List.of(
        Target.ratio("messages/s to nowhere, of a bare loop", DISCARD, LOOP, 0.8),
        // Four channels fill the same pages of the key at once, which one LOAD DATA does not: who
        // waits for whom tells what the limit is.
        Target.atMost(
            "into the table: waiting for Kafka, of waiting for the table",
            Target.Unit.SHARE,
            TO_MYSQL,
            0.5,
            false,
            cost ->
                cost.details().getOrDefault("readWaitSeconds", Double.NaN)
                    / cost.details().getOrDefault("writeWaitSeconds", Double.NaN)));
  }
}
