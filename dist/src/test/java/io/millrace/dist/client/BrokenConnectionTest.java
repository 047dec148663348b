package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done when the other side goes away in the midst of it. */
@Timeout(60)
class BrokenConnectionTest {

  private static final Endpoint RUN = Endpoint.of("POST /tasks/{id}/run");
  private static final Endpoint SHOW = Endpoint.of("GET /tasks/{id}");
  private static final Endpoint TAIL = Endpoint.of("GET /events");

  private static ApiClient client(int port) {
    return ApiClient.withToken(new ServerAddress("http://127.0.0.1:" + port), "token");
  }

  @Test
  void aChangeIsNeverSentTwiceAndItIsToldThatItMayHaveHappened() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> serving =
          CompletableFuture.runAsync(
              () -> {
                while (true) {
                  try (Socket socket = server.accept()) {
                    // The request is read, and then the server is gone.
                    assertThat(socket.getInputStream().read()).isPositive();
                    taken.incrementAndGet();
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      assertThatThrownBy(() -> client(server.getLocalPort()).call(RUN, Map.of(), 7))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("it may have been done nevertheless")
          .hasMessageNotContaining("token");
      assertThat(taken).hasValue(1);
      server.close();
      serving.join();
    }
  }

  @Test
  void aStreamGoesOnBehindTheLastEventThatWasSeen() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
          seen.add(String.valueOf(last));
          if (last == null) {
            answer(
                exchange,
                "id: 4\nevent: log\ndata: one\ndata: two\n\nid: 9\nevent: log\ndata: cut");
          } else {
            answer(
                exchange,
                ":\n\nid: 9\nevent: log\ndata: cut off\ndata: \n\nid: 9\nevent: end\ndata: {}\n\n");
          }
        });
    server.start();
    try {
      StringBuilder text = new StringBuilder();
      new EventStream(client(server.getAddress().getPort()), TAIL, Map.of())
          .follow(
              (name, data) -> {
                text.append(name).append('=').append(data).append('|');
                return !name.equals("end");
              });
      assertThat(text).hasToString("log=one\ntwo|log=cut off\n|end={}|");
      assertThat(seen).containsExactly("null", "4");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatIsNoAnswerOfAMillraceServerIsOneLine() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/api/v1/tasks/1", exchange -> answer(exchange, "<html>It works!</html>"));
    server.createContext(
        "/api/v1/tasks/2",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "https://elsewhere.example.org/");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext(
        "/api/v1/tasks/3",
        exchange -> {
          exchange.sendResponseHeaders(502, -1);
          exchange.close();
        });
    server.start();
    try {
      ApiClient client = client(server.getAddress().getPort());
      assertThatThrownBy(() -> client.call(SHOW, Map.of(), 1).json())
          .hasMessageContaining("not that of a millrace server");
      assertThatThrownBy(() -> client.call(SHOW, Map.of(), 2))
          .hasMessageContaining("sends on to another address");
      assertThatThrownBy(() -> client.call(SHOW, Map.of(), 3)).hasMessageContaining("HTTP 502");
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
