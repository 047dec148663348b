package io.millrace.server.alert;

import io.millrace.scheduler.backfill.Backfill;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Spreads alerts: into the log, to who listens, to the webhook. Thread-safe. */
public final class Alerts implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Alerts.class);

  private final Clock clock;
  private final @Nullable Webhook webhook;
  private final List<Consumer<Alert>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param webhook takes every alert; null for none. It is closed with this
   */
  public Alerts(Clock clock, @Nullable Webhook webhook) {
    this.clock = clock;
    this.webhook = webhook;
  }

  /** Has somebody told of every alert of this node. Must not wait. */
  public void listen(Consumer<Alert> listener) {
    listeners.add(listener);
  }

  /** Tells of a backfill that has ended. Never waits. */
  public void ended(Backfill backfill) {
    Alert alert = Alert.of(backfill, clock.instant());
    if (alert.type() == Alert.Type.BACKFILL_FAILED) {
      logger.warn("{}", alert.text());
    } else {
      logger.info("{}", alert.text());
    }
    listeners.forEach(listener -> listener.accept(alert));
    if (webhook != null) {
      webhook.send(alert);
    }
  }

  /** How many the webhook has taken. */
  public long sent() {
    return webhook == null ? 0 : webhook.sent();
  }

  /** How many the webhook did not take, and so are lost but for the log. */
  public long failed() {
    return webhook == null ? 0 : webhook.failed();
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
  }
}
