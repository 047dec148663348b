package io.millrace.dist.kill;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Messages that keep arriving at a steady rate: {@code {"id": n}} with the time at which they were
 * sent, to one partition after another.
 */
final class Arrivals implements AutoCloseable {

  private final String topic;
  private final int partitions;
  private final int perSecond;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread;
  private final List<Long> times = new ArrayList<>();
  private final long start = System.nanoTime();
  private volatile boolean ended;

  private Arrivals(String server, String topic, int partitions, int perSecond) {
    this.topic = topic;
    this.partitions = partitions;
    this.perSecond = perSecond;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", server, "acks", "all", "linger.ms", "10"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = new Thread(this::send, "arrivals");
    thread.setDaemon(true);
  }

  static Arrivals start(String server, String topic, int partitions, int perSecond) {
    Arrivals arrivals = new Arrivals(server, topic, partitions, perSecond);
    arrivals.thread.start();
    return arrivals;
  }

  private void send() {
    while (!ended) {
      long due = (System.nanoTime() - start) / 1_000_000 * perSecond / 1000;
      while (size() < due && !ended) {
        long id = size();
        long now = System.currentTimeMillis();
        byte[] value = ("{\"id\": " + id + "}").getBytes(StandardCharsets.US_ASCII);
        producer.send(new ProducerRecord<>(topic, (int) (id % partitions), now, null, value));
        synchronized (times) {
          times.add(now);
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private int size() {
    synchronized (times) {
      return times.size();
    }
  }

  /** Waits until so many more were sent, and tells the time of the next one, at the earliest. */
  long awaitSent(long more) throws InterruptedException {
    long wanted = size() + more;
    while (size() < wanted) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return System.currentTimeMillis();
  }

  /** The ids that were sent from {@code begin} to before {@code end}, in order. */
  List<Long> between(long begin, long end) {
    List<Long> ids = new ArrayList<>();
    synchronized (times) {
      for (int id = 0; id < times.size(); id++) {
        if (times.get(id) >= begin && times.get(id) < end) {
          ids.add((long) id);
        }
      }
    }
    return ids;
  }

  /** Messages a second since it began. */
  double rate() {
    return size() / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.join();
    producer.close();
  }
}
