package io.millrace.kafka.broker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;

/**
 * Some brokers that belong together, with directories of their own that are removed in the end.
 * They end with this process, also when it is killed.
 *
 * <p>Beside the open listener each broker has one for SASL ({@code PLAIN} for {@code admin} and
 * {@code guest}, {@code SCRAM-SHA-256} for {@code alice}; passwords are the names with {@code
 * -secret} behind).
 */
public final class KafkaCluster implements AutoCloseable {

  private static final String CLUSTER = "4L6g3nShT-eMCtK--X86sw";
  private static final Duration START = Duration.ofSeconds(60);
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\""
          + " password=\"admin-secret\" user_admin=\"admin-secret\" user_guest=\"guest-secret\";";

  private final Path directory;
  private final List<KafkaBroker> brokers;
  private final List<Integer> saslPorts;

  private KafkaCluster(Path directory, List<KafkaBroker> brokers, List<Integer> saslPorts) {
    this.directory = directory;
    this.brokers = brokers;
    this.saslPorts = saslPorts;
  }

  /**
   * What a cluster is to be like. Immutable.
   *
   * @param brokers how many
   * @param settings properties of each broker, beside those that have to be
   * @param listener a further listener of the first broker, such as {@code SSL://127.0.0.1:9093};
   *     empty for none
   * @param advertised what that listener is told to clients as
   */
  public record Plan(
      int brokers, Map<String, String> settings, String listener, String advertised) {

    /** One more property of each broker. */
    public Plan with(String key, String value) {
      Map<String, String> more = new LinkedHashMap<>(settings);
      more.put(key, value);
      return new Plan(brokers, more, listener, advertised);
    }

    /** A further listener {@code PROXIED} whose clients are sent to another port. */
    public Plan proxied(int port, int advertisedPort) {
      return new Plan(
          brokers,
          settings,
          "PROXIED://127.0.0.1:" + port,
          "PROXIED://127.0.0.1:" + advertisedPort);
    }

    /** A further listener with TLS. */
    public Plan secured(int port, Path keyStore, String password) {
      String address = "SSL://127.0.0.1:" + port;
      return new Plan(brokers, settings, address, address)
          .with("listener.name.ssl.ssl.keystore.location", keyStore.toString())
          .with("listener.name.ssl.ssl.keystore.password", password)
          .with("listener.name.ssl.ssl.keystore.type", "PKCS12");
    }

    /** Starts it, and waits until every broker is there. */
    public KafkaCluster start() {
      return KafkaCluster.start(this);
    }
  }

  /** A cluster of so many brokers. */
  public static Plan of(int brokers) {
    return new Plan(brokers, Map.of(), "", "");
  }

  /** A port that nothing listens on. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KafkaCluster start(Plan plan) {
    try {
      Path directory = Files.createTempDirectory("millrace-kafka-");
      List<Integer> controllers = new ArrayList<>();
      List<Integer> saslPorts = new ArrayList<>();
      for (int i = 0; i < plan.brokers(); i++) {
        controllers.add(freePort());
        saslPorts.add(freePort());
      }
      List<KafkaBroker> brokers = new ArrayList<>();
      for (int i = 0; i < plan.brokers(); i++) {
        int port = freePort();
        Path own = Files.createDirectories(directory.resolve("broker-" + i));
        brokers.add(
            new KafkaBroker(
                own,
                port,
                settings(plan, i, port, saslPorts.get(i), controllers, own),
                List.of(CLUSTER, "SCRAM-SHA-256=[name=alice,password=alice-secret]")));
      }
      KafkaCluster cluster = new KafkaCluster(directory, brokers, saslPorts);
      boolean started = false;
      try {
        brokers.forEach(KafkaBroker::start);
        cluster.await();
        started = true;
        return cluster;
      } finally {
        if (!started) {
          cluster.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> settings(
      Plan plan, int index, int port, int saslPort, List<Integer> controllers, Path directory) {
    boolean more = index == 0 && !plan.listener().isEmpty();
    String open = "PLAINTEXT://127.0.0.1:" + port + ",SASL://127.0.0.1:" + saslPort;
    Map<String, String> all = new LinkedHashMap<>();
    all.put("process.roles", "broker,controller");
    all.put("node.id", String.valueOf(index + 1));
    StringBuilder voters = new StringBuilder();
    for (int i = 0; i < controllers.size(); i++) {
      voters.append(i == 0 ? "" : ",").append(i + 1).append("@127.0.0.1:");
      voters.append(controllers.get(i));
    }
    all.put("controller.quorum.voters", voters.toString());
    all.put("controller.listener.names", "CONTROLLER");
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put(
        "listener.security.protocol.map",
        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SSL");
    all.put(
        "listeners",
        open
            + (more ? "," + plan.listener() : "")
            + ",CONTROLLER://127.0.0.1:"
            + controllers.get(index));
    all.put("advertised.listeners", open + (more ? "," + plan.advertised() : ""));
    all.put("listener.name.sasl.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
    all.put("listener.name.sasl.plain.sasl.jaas.config", PLAIN);
    all.put(
        "listener.name.sasl.scram-sha-256.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    all.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    all.put("allow.everyone.if.no.acl.found", "true");
    all.put("super.users", "User:ANONYMOUS;User:admin");
    all.put("log.dirs", directory.resolve("data").toString());
    String copies = String.valueOf(Math.min(3, controllers.size()));
    all.put("default.replication.factor", copies);
    all.put("offsets.topic.replication.factor", copies);
    all.put("transaction.state.log.replication.factor", copies);
    all.put("transaction.state.log.min.isr", "1");
    all.put("offsets.topic.num.partitions", "1");
    all.put("transaction.state.log.num.partitions", "2");
    all.put("group.initial.rebalance.delay.ms", "0");
    // Topics that a test has misspelt must not appear.
    all.put("auto.create.topics.enable", "false");
    // Messages of tests have times of their own.
    all.put("log.message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
    // A broker that is gone is missed, and a transaction that is over is ended, within seconds.
    all.put("broker.session.timeout.ms", "3000");
    all.put("broker.heartbeat.interval.ms", "500");
    all.put("controller.quorum.election.timeout.ms", "500");
    all.put("controller.quorum.fetch.timeout.ms", "1000");
    all.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // Retention and compaction happen within a test.
    all.put("log.retention.check.interval.ms", "500");
    all.put("log.cleaner.backoff.ms", "200");
    all.put("log.cleaner.dedupe.buffer.size", "2097152");
    all.put("log.initial.task.delay.ms", "500");
    all.put("file.delete.delay.ms", "500");
    all.putAll(plan.settings());
    return all;
  }

  /** Waits until every broker that lives belongs to the cluster. */
  public void await() {
    int wanted = (int) brokers.stream().filter(KafkaBroker::isAlive).count();
    long until = System.nanoTime() + START.toNanos();
    while (true) {
      try (Admin admin = admin()) {
        while (System.nanoTime() < until) {
          requireAlive();
          DescribeClusterResult found = admin.describeCluster();
          if (found.nodes().get(10, TimeUnit.SECONDS).size() >= wanted) {
            return;
          }
          TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("the brokers did not start within " + START);
      } catch (ExecutionException | TimeoutException e) {
        if (System.nanoTime() > until) {
          throw new IllegalStateException("the brokers did not start: " + output(), e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private void requireAlive() {
    if (brokers.stream().noneMatch(KafkaBroker::isAlive)) {
      throw new IllegalStateException("no broker lives: " + output());
    }
  }

  private String output() {
    return brokers.stream().map(KafkaBroker::output).collect(Collectors.joining("\n"));
  }

  /** Every broker, in the order of their ids, which count from 1. */
  public List<KafkaBroker> brokers() {
    return List.copyOf(brokers);
  }

  /** Where clients begin. */
  public String bootstrap() {
    return brokers.stream()
        .map(broker -> "127.0.0.1:" + broker.port())
        .collect(Collectors.joining(","));
  }

  /** Where clients with an account begin. */
  public String saslBootstrap() {
    return saslPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  /** A client for administration. */
  public Admin admin() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap());
    properties.put("request.timeout.ms", "10000");
    return Admin.create(properties);
  }

  /** Ends every broker and removes what they kept. */
  @Override
  public void close() {
    brokers.forEach(KafkaBroker::kill);
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
