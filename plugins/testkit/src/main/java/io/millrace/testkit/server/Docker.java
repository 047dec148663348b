package io.millrace.testkit.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks whether Docker answers, before Testcontainers is touched: without Docker that takes its time
 * and prints an error.
 */
final class Docker {

  private static final Path SOCKET = Path.of("/var/run/docker.sock");
  private static final boolean ANSWERS = ask();

  private Docker() {}

  static boolean answers() {
    return ANSWERS;
  }

  private static boolean ask() {
    if (!Files.isWritable(SOCKET)) {
      String host = System.getenv("DOCKER_HOST");
      return host != null && !host.isBlank();
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(SOCKET));
      channel.write(
          ByteBuffer.wrap(
              "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      return new String(answer.array(), StandardCharsets.US_ASCII).contains(" 200 ");
    } catch (IOException e) {
      return false;
    }
  }
}
