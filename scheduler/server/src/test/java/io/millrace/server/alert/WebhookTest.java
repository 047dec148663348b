package io.millrace.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class WebhookTest {

  private static final List<Duration> SOON = List.of(Duration.ofMillis(1), Duration.ofMillis(1));

  private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final CountDownLatch let = new CountDownLatch(1);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private volatile boolean hangs;
  private HttpServer receiver;
  private Webhook webhook;

  @BeforeEach
  void start() throws IOException {
    log.start();
    ((Logger) LoggerFactory.getLogger(Webhook.class)).addAppender(log);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::receive);
    receiver.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    receiver.start();
    webhook =
        new Webhook(
            new Webhook.Target(
                URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/sesame?k=1"),
                "X-Token",
                "open sesame"),
            SOON);
  }

  @AfterEach
  void stop() {
    let.countDown();
    webhook.close();
    receiver.stop(0);
    ((Logger) LoggerFactory.getLogger(Webhook.class)).detachAppender(log);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try {
      if (hangs) {
        let.await();
      }
    } catch (InterruptedException e) {
      return;
    }
    received.add(
        exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("X-Token")
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Integer status = statuses.poll();
    exchange.getResponseHeaders().add("Location", "/elsewhere");
    exchange.sendResponseHeaders(status == null ? 204 : status, -1);
    exchange.close();
  }

  private static Alert alert(int number) {
    return new Alert(
        Alert.Type.BACKFILL_FAILED,
        Instant.parse("2026-11-24T10:00:00Z"),
        "backfill/" + number,
        "november",
        "maria",
        "",
        "Backfill " + number + " has failed");
  }

  private String next() throws InterruptedException {
    String got = received.poll(20, TimeUnit.SECONDS);
    assertThat(got).isNotNull();
    return got;
  }

  @Test
  void anAlertIsPostedAsJsonWithTheHeaderThatProvesWhoSendsIt() throws Exception {
    webhook.send(alert(7));
    assertThat(next())
        .startsWith("/sesame?k=1 open sesame {")
        .contains(
            "\"type\":\"BACKFILL_FAILED\"",
            "\"at\":\"2026-11-24T10:00:00Z\"",
            "\"subject\":\"backfill/7\"",
            "\"text\":\"Backfill 7 has failed\"");
    Awaitility.await().until(() -> webhook.sent() == 1);
    assertThat(webhook.failed()).isZero();
  }

  @Test
  void aReceiverThatCannotJustNowIsAskedAgain() throws Exception {
    statuses.addAll(List.of(503, 429));
    webhook.send(alert(7));
    Awaitility.await().until(() -> webhook.sent() == 1);
    assertThat(received).hasSize(3);
    assertThat(log.list).isEmpty();
  }

  @Test
  void aReceiverThatRefusesIsNotAskedAgainAndTheUrlIsNotPrinted() throws Exception {
    for (int status : List.of(404, 302)) {
      statuses.add(status);
      webhook.send(alert(status));
      Awaitility.await().until(() -> log.list.size() == (status == 404 ? 1 : 2));
    }
    statuses.addAll(List.of(500, 500, 500));
    webhook.send(alert(1));
    Awaitility.await().until(() -> webhook.failed() == 3);
    assertThat(received).hasSize(5);
    assertThat(received).noneMatch(got -> got.startsWith("/elsewhere"));
    receiver.stop(0);
    webhook.send(alert(2));
    Awaitility.await().until(() -> webhook.failed() == 4);
    assertThat(log.list)
        .hasSize(4)
        .allSatisfy(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("could not be sent to http://127.0.0.1/...")
                    .doesNotContain("sesame")
                    .doesNotContain("\n"));
  }

  @Test
  void aReceiverThatDoesNotAnswerHoldsNobodyUpAndTooManyAreCounted() {
    hangs = true;
    long begun = System.nanoTime();
    for (int i = 0; i < 200; i++) {
      webhook.send(alert(i));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    // One is under way, a hundred wait.
    assertThat(webhook.failed()).isBetween(99L, 100L);
  }
}
