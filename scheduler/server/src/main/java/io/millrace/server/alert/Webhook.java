package io.millrace.server.alert;

import io.millrace.server.route.Json;
import io.millrace.server.route.Sight;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts alerts, as JSON, to a URL: one after another on a thread of its own, each a few times. What
 * is not taken is logged and counted, and lost. Neither the URL, which is a secret with many
 * services, nor the header's value is ever printed. Thread-safe.
 */
public final class Webhook implements AutoCloseable {

  /** How long to wait before each further try. */
  public static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60));

  private static final Logger logger = LoggerFactory.getLogger(Webhook.class);
  private static final int WAITING = 100;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 10_000;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Target target;
  private final List<Duration> pauses;
  private final BlockingQueue<Alert> queue = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Thread thread = new Thread(this::run, "millrace-webhook");
  private volatile boolean closed;

  /**
   * Where to.
   *
   * @param header the name of a header that proves who sends; not sent when {@code value} is empty
   */
  public record Target(URI url, String header, String value) {

    /** As much of it as may be seen. */
    @Override
    public String toString() {
      return url.getScheme() + "://" + url.getHost() + "/...";
    }
  }

  public Webhook(Target target, List<Duration> pauses) {
    this.target = target;
    this.pauses = List.copyOf(pauses);
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an alert to be sent. Never waits: of too many, the last ones are lost. */
  void send(Alert alert) {
    if (closed || !queue.offer(alert)) {
      lost(alert, "too many wait");
    }
  }

  long sent() {
    return sent.get();
  }

  long failed() {
    return failed.get();
  }

  private void run() {
    try {
      while (!closed || !queue.isEmpty()) {
        Alert alert = queue.poll(200, TimeUnit.MILLISECONDS);
        if (alert != null) {
          deliver(alert);
        }
      }
    } catch (InterruptedException e) {
      // The server stops, and the receiver takes too long.
    }
  }

  private void deliver(Alert alert) throws InterruptedException {
    // Nobody knows who reads it there.
    byte[] body = Json.shown(Json.text(alert), Sight.HIDDEN).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; ; i++) {
      Outcome outcome = post(body);
      if (outcome.taken()) {
        sent.incrementAndGet();
        return;
      }
      if (!outcome.again() || i == pauses.size() || closed) {
        lost(alert, outcome.reason());
        return;
      }
      pause(pauses.get(i));
    }
  }

  private void pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!closed && System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.sleep(Math.min(200_000_000L, Math.max(1, end - System.nanoTime())));
    }
  }

  private record Outcome(boolean taken, boolean again, String reason) {}

  private Outcome post(byte[] body) {
    try {
      HttpURLConnection connection = (HttpURLConnection) target.url().toURL().openConnection();
      try {
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        // A body of known length is not sent again behind our back.
        connection.setFixedLengthStreamingMode(body.length);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setRequestProperty("Content-Type", "application/json");
        if (!target.value().isEmpty()) {
          connection.setRequestProperty(target.header(), target.value());
        }
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body);
        }
        int status = connection.getResponseCode();
        boolean again = status >= 500 || status == 429 || status == 408;
        return new Outcome(status / 100 == 2, again, "status " + status);
      } finally {
        connection.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      // The message may repeat the URL.
      return new Outcome(false, true, e.getClass().getSimpleName());
    }
  }

  private void lost(Alert alert, String reason) {
    failed.incrementAndGet();
    logger.warn(
        "The alert {} of {} could not be sent to {}: {}; see alerts.webhook",
        alert.type(),
        alert.subject(),
        target,
        reason);
  }

  /** Sends what waits, within a few seconds. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LAST_WORDS.toMillis());
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
