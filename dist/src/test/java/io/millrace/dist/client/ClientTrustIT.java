package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.Distribution;
import io.millrace.testkit.net.UntrustedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate comes from an authority of one's own. */
class ClientTrustIT {

  @TempDir private Path directory;

  private String login(String address, String options) {
    Distribution.Ended ended =
        new Distribution(directory)
            .with("MILLRACE_SERVER", address)
            .with("MILLRACE_OPTS", options)
            .with("HOME", directory.toString())
            .startWith("password\n", "login", "--user", "somebody")
            .await();
    assertThat(ended.exitCode()).as(ended.err()).isNotZero();
    assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
    return ended.err();
  }

  @Test
  void theStoreThatKeytoolMadeIsReadByItsPasswordAndWithoutItThatIsSaid() throws Exception {
    Path store = directory.resolve("own.p12");
    try (InputStream in = UntrustedServer.class.getResourceAsStream("untrusted.p12")) {
      Files.copy(in, store);
    }
    String given = "-Djavax.net.ssl.trustStore=" + store;
    try (UntrustedServer server = new UntrustedServer()) {
      String address = "https://127.0.0.1:" + server.port();
      assertThat(login(address, ""))
          .contains("no secure connection to " + address)
          .contains("from no authority that is trusted here")
          .contains("javax.net.ssl.trustStore=FILE");
      assertThat(login(address, given))
          .contains("no certificate can be read from the trust store " + store)
          .contains("-Djavax.net.ssl.trustStorePassword");
      assertThat(login(address, given + "-not-there")).contains("-not-there is not there");
      assertThat(server.trusted()).isZero();
      assertThat(login(address, given + " -Djavax.net.ssl.trustStorePassword=wrong"))
          .contains(store.toString());
      login(address, given + " -Djavax.net.ssl.trustStorePassword=untrusted");
      assertThat(server.trusted()).isPositive();
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsToldAsSuch() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answering =
          CompletableFuture.runAsync(
              () -> {
                try (var socket = plain.accept()) {
                  socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(login("https://127.0.0.1:" + plain.getLocalPort(), ""))
          .contains("should the address begin with http://?");
      answering.join();
    }
  }
}
