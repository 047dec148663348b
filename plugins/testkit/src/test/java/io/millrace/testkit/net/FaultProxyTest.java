package io.millrace.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.net.FaultProxy.Action;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {

  private static final String GONE = "<gone>";

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private ServerSocket server;
  private FaultProxy proxy;

  @BeforeEach
  void startAnEchoServer() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    daemon(
        () -> {
          while (true) {
            Socket connection = server.accept();
            daemon(() -> echo(connection));
          }
        });
    proxy = FaultProxy.before("127.0.0.1", server.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void passesBothWaysUntilToldOtherwise() throws Exception {
    try (Socket client = connect()) {
      assertThat(ask(client, "hello")).isEqualTo("hello");
      assertThat(proxy.connections()).isEqualTo(1);
    }
    assertThat(received.take()).isEqualTo("hello");
    assertThat(received.take()).isEqualTo(GONE);
    Awaitility.await().until(() -> proxy.connections() == 0);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void aHangKeepsTheConnectionAndForwardsNothingUntilItPasses() throws Exception {
    try (Socket client = connect()) {
      ask(client, "one");
      proxy.hang();
      send(client, "two");
      // That nothing comes has no event of its own, so this waits by the clock.
      client.setSoTimeout(200);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(received).doesNotContain("two");

      proxy.pass();

      client.setSoTimeout(10_000);
      assertThat(receive(client, 3)).isEqualTo("two");
    }
  }

  @Test
  void aCutResetsWhatIsOpenAndLetsNewConnectionsIn() throws Exception {
    try (Socket client = connect()) {
      ask(client, "one");
      proxy.cut();
      assertThatThrownBy(() -> ask(client, "two")).isInstanceOf(IOException.class);
    }
    try (Socket next = connect()) {
      assertThat(ask(next, "three")).isEqualTo("three");
    }
  }

  @Test
  void refusingResetsNewConnectionsToo() throws Exception {
    proxy.refuse();
    assertThatThrownBy(
            () -> {
              try (Socket client = connect()) {
                ask(client, "one");
              }
            })
        .isInstanceOf(IOException.class);
    proxy.pass();
    try (Socket client = connect()) {
      assertThat(ask(client, "two")).isEqualTo("two");
    }
  }

  @Test
  void aDelayHoldsEachPortionBack() throws Exception {
    proxy.delay(Duration.ofMillis(100));
    try (Socket client = connect()) {
      long start = System.nanoTime();
      ask(client, "one");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(190));
    }
  }

  @Test
  void cutBeforeKeepsThePatternFromTheServer() throws Exception {
    CompletableFuture<Void> cut = proxy.when(BytePattern.text("COMMIT"), 1, Action.CUT_BEFORE);
    try (Socket client = connect()) {
      ask(client, "insert");
      assertThatThrownBy(() -> ask(client, "commit")).isInstanceOf(IOException.class);
    }
    assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
    assertThat(received.take()).isEqualTo("insert");
    assertThat(received.take()).isEqualTo(GONE);
  }

  @Test
  void cutAfterLetsTheServerActAndDropsItsAnswer() throws Exception {
    CompletableFuture<Void> cut = proxy.when(BytePattern.text("commit"), 2, Action.CUT_AFTER);
    try (Socket client = connect()) {
      assertThat(ask(client, "commit")).isEqualTo("commit");
      assertThat(cut).isNotDone();
      assertThatThrownBy(() -> ask(client, "COMMIT")).isInstanceOf(IOException.class);
    }
    assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
    assertThat(received.take()).isEqualTo("commit");
    assertThat(received.take()).isEqualTo("COMMIT");
    try (Socket next = connect()) {
      assertThat(ask(next, "commit")).isEqualTo("commit");
    }
  }

  @Test
  void holdAfterGivesTheAnswerWhenItPasses() throws Exception {
    CompletableFuture<Void> held = proxy.when(BytePattern.text("commit"), 1, Action.HOLD_AFTER);
    try (Socket client = connect()) {
      send(client, "commit");
      held.get(5, TimeUnit.SECONDS);
      assertThat(received.take()).isEqualTo("commit");
      assertThat(client.getInputStream().available()).isZero();
      proxy.pass();
      assertThat(receive(client, 6)).isEqualTo("commit");
    }
  }

  @Test
  void holdBeforeTellsTheServerWhenTheClientGoesAway() throws Exception {
    CompletableFuture<Void> held = proxy.when(BytePattern.text("commit"), 1, Action.HOLD_BEFORE);
    try (Socket client = connect()) {
      ask(client, "insert");
      send(client, "commit");
      held.get(5, TimeUnit.SECONDS);
    }
    assertThat(received.take()).isEqualTo("insert");
    assertThat(received.take()).isEqualTo(GONE);
  }

  @Test
  void holdBeforeSendsWhatWasHeldWhenItPasses() throws Exception {
    CompletableFuture<Void> held = proxy.when(BytePattern.text("commit"), 1, Action.HOLD_BEFORE);
    try (Socket client = connect()) {
      send(client, "commit");
      held.get(5, TimeUnit.SECONDS);
      assertThat(received).isEmpty();
      proxy.pass();
      assertThat(receive(client, 6)).isEqualTo("commit");
    }
  }

  @Test
  void delayBeforeDeliversWhenItPassesAlsoForAClientThatWentAway() throws Exception {
    CompletableFuture<Void> held = proxy.when(BytePattern.text("commit"), 1, Action.DELAY_BEFORE);
    try (Socket client = connect()) {
      ask(client, "insert");
      send(client, "commit");
      held.get(5, TimeUnit.SECONDS);
    }
    assertThat(received.take()).isEqualTo("insert");
    assertThat(received).isEmpty();
    proxy.pass();
    assertThat(received.take()).isEqualTo("commit");
  }

  @Test
  void aPatternIsFoundAcrossPortions() throws Exception {
    CompletableFuture<Void> cut = proxy.when(BytePattern.text("commit"), 1, Action.HOLD_BEFORE);
    try (Socket client = connect()) {
      ask(client, "xxcom");
      send(client, "mityy");
      assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void commitMatchesWithAndWithoutQueryAttributes() {
    byte[] plain = {7, 0, 0, 0, 3, 'c', 'o', 'm', 'm', 'i', 't'};
    byte[] attributes = {9, 0, 0, 0, 3, 0, 1, 'C', 'O', 'M', 'M', 'I', 'T'};
    byte[] text = {11, 0, 0, 0, 3, 'u', 'n', 'c', 'o', 'm', 'm', 'i', 't'};

    assertThat(BytePattern.commit().count(plain, 0, plain.length)).isEqualTo(1);
    assertThat(BytePattern.commit().count(attributes, 0, attributes.length)).isEqualTo(1);
    assertThat(BytePattern.commit().count(text, 0, text.length)).isZero();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String ask(Socket client, String text) throws IOException {
    send(client, text);
    return receive(client, text.length());
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String receive(Socket client, int length) throws IOException {
    byte[] bytes = client.getInputStream().readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the connection has ended");
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private void echo(Socket connection) throws IOException {
    try (connection) {
      byte[] buffer = new byte[1024];
      int length;
      while ((length = connection.getInputStream().read(buffer)) >= 0) {
        received.add(new String(buffer, 0, length, StandardCharsets.US_ASCII));
        connection.getOutputStream().write(buffer, 0, length);
      }
    } finally {
      received.add(GONE);
    }
  }

  private interface Exchange {
    void run() throws IOException;
  }

  private static void daemon(Exchange action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (IOException e) {
                // The test is over, or it cut the connection.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
