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

  /** From when to when something was sent, in milliseconds, the end not included. */
  record Window(long begin, long end) {}

  /**
   * The window of the messages that were sent last, all of which the topic has. Others lie before
   * it, and come after it.
   *
   * @param count how many messages; those of a millisecond or two may be missing
   */
  Window last(int count) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (size() < count + perSecond) {
      if (System.nanoTime() > until) {
        throw new AssertionError("no more than " + size() + " messages were sent in a minute");
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    Window window;
    synchronized (times) {
      int size = times.size();
      window = new Window(times.get(size - count), times.get(size - 1));
    }
    // Those before the last one were given to the producer, which waits until they have arrived.
    producer.flush();
    return window;
  }

  /** The ids that were sent in a window, in order. */
  List<Long> in(Window window) {
    List<Long> ids = new ArrayList<>();
    synchronized (times) {
      for (int id = 0; id < times.size(); id++) {
        if (times.get(id) >= window.begin() && times.get(id) < window.end()) {
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
