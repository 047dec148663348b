package io.millrace.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.datasource.KeySignatures;
import io.millrace.scheduler.dispatch.Peers;
import io.millrace.scheduler.store.Database;
import io.millrace.server.TestServer;
import io.millrace.server.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeClientTest {

  private static final String PATH = "/node/instances/1/attempts/1/log?file=RUN";

  @TempDir private Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private Database database;
  private Peers peers;
  private NodeCalls other;
  private HttpServer node;
  private NodeClient client;

  @BeforeEach
  void start() throws IOException {
    database = Database.open(TestServer.inMemory());
    peers = new Peers(database);
    KeySignatures keys = new KeySignatures(KeyFile.open(directory.resolve("keys")));
    other = new NodeCalls(database, keys, "other");
    client = new NodeClient(peers, new NodeCalls(database, keys, "self"));
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/",
        exchange -> {
          String target = exchange.getRequestURI().toString();
          asked.add(target);
          int answered = status;
          byte[] body = "none".getBytes(StandardCharsets.UTF_8);
          try {
            String header = exchange.getRequestHeaders().getFirst(NodeCalls.HEADER);
            body = other.admit("GET", target, header).getBytes(StandardCharsets.UTF_8);
          } catch (ProblemException e) {
            answered = 401;
          }
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(answered, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    node.start();
    tell("http://127.0.0.1:" + node.getAddress().getPort(), 60_000);
  }

  @AfterEach
  void stop() {
    node.stop(0);
    database.close();
  }

  private void tell(String address, long leaseMillis) {
    peers.announce("other", address, Set.of());
    database.with(
        handle ->
            handle.execute(
                "UPDATE node SET lease_until = " + database.dialect().now() + " + ?", leaseMillis));
  }

  private String get() {
    return client.get(
        new NodeClient.Wanted("other", PATH, "maria", "the log"),
        reply -> new String(reply.all(), StandardCharsets.UTF_8));
  }

  private void fails(int expected, String message) {
    assertThatThrownBy(this::get)
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(expected))
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aNodeIsAskedOnBehalfOfSomebody() {
    assertThat(get()).isEqualTo("maria");
  }

  @Test
  void whatANodeRefusesIsToldAsWhatItIs() {
    status = 404;
    fails(404, "the log, is not on node other any more, or not yet");
    status = 422;
    fails(422, "does not understand");
    status = 500;
    fails(503, "the log, lies on node other, which answers with the status 500");
    other =
        new NodeCalls(database, new KeySignatures(KeyFile.open(directory.resolve("x"))), "other");
    fails(503, "all nodes need the same data-sources.key");
  }

  @Test
  void noRedirectIsFollowed() {
    status = 302;
    fails(503, "which answers with the status 302");
    assertThat(asked).containsExactly(PATH);
  }

  @Test
  void onlyLivingNodesThatToldAnAddressAreCalled() {
    tell("", 60_000);
    fails(503, "set server.advertise there");
    tell("file:///etc/passwd", 60_000);
    fails(503, "which does not answer");
    tell("http://127.0.0.1:" + node.getAddress().getPort(), -1);
    fails(503, "which does not run: start it");
    assertThat(asked).isEmpty();
    node.stop(0);
    tell("http://127.0.0.1:" + node.getAddress().getPort(), 60_000);
    fails(503, "which does not answer at http://127.0.0.1:");
  }
}
