package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that asks to slow down, as s3proxy never does. */
class SlowDownIT {

  private static final String SLOW_DOWN =
      "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Reduce your request"
          + " rate.</Message></Error>";
  private static final String EMPTY_LIST =
      "<?xml version=\"1.0\"?><ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false"
          + "</IsTruncated></ListBucketResult>";

  private final AtomicInteger requests = new AtomicInteger();
  private int slowAnswers;
  private int headStatus = 404;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            body.readAllBytes();
          }
          boolean slow = requests.incrementAndGet() <= slowAnswers;
          byte[] answer = (slow ? SLOW_DOWN : EMPTY_LIST).getBytes(StandardCharsets.US_ASCII);
          if (exchange.getRequestMethod().equals("HEAD")) {
            // Whether there is an object of this name.
            exchange.sendResponseHeaders(slow ? 503 : headStatus, -1);
          } else {
            exchange.sendResponseHeaders(slow ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Map<String, Object> options(int retries) {
    Map<String, Object> options = new HashMap<>();
    options.put("endpoint", "http://127.0.0.1:" + server.getAddress().getPort());
    options.put("bucket", "bucket");
    options.put("accessId", "id");
    options.put("accessKey", "a-secret-that-is-not-shown");
    options.put("object", "x");
    options.put("maxRetries", retries);
    return options;
  }

  @Test
  void aFewAnswersToSlowDownAreWaitedFor() {
    slowAnswers = 2;
    AbstractReading.assertError(
        () -> Rows.read(new ObjectsConnector(), options(3)),
        StandardError.READ_REFUSED,
        "no file with content");
    // The object of this name is looked for, then the names that begin so.
    assertThat(requests.get()).isEqualTo(4);
  }

  @Test
  void anAnswerThatDoesNotSayHowLargeAnObjectIsIsAnError() {
    headStatus = 200;
    AbstractReading.assertError(
        () -> Rows.read(new ObjectsConnector(), options(1)),
        StandardError.READ,
        "does not say how many bytes it has");
  }

  @Test
  void whoGoesOnAskingToSlowDownIsOneClearLineThatMayBeTriedAgain() {
    slowAnswers = Integer.MAX_VALUE;
    AbstractReading.assertError(
        () -> Rows.read(new ObjectsConnector(), options(1)),
        StandardError.READ,
        "asks to slow down",
        "2 times",
        "lower concurrency");
    assertThat(requests.get()).isEqualTo(2);
  }
}
