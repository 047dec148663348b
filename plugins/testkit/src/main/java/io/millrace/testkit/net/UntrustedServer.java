package io.millrace.testkit.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A TLS server on 127.0.0.1 whose certificate nobody has signed but itself: a client that checks it
 * sends nothing. Also answers as an HTTP proxy through which such a server is reached.
 */
public final class UntrustedServer implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final SSLContext context;
  private final ServerSocket listener;
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger trusted = new AtomicInteger();

  /**
   * Starts on a free port.
   *
   * @param directory where its certificate is made
   */
  public UntrustedServer(Path directory) {
    try {
      context = context(certificate(directory));
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    Thread thread = new Thread(this::accept, "untrusted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private static Path certificate(Path directory) throws IOException {
    Path store = directory.resolve("untrusted.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    try {
      if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException(Files.readString(directory.resolve("keytool.log")));
      }
      return store;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      keytool.destroyForcibly();
    }
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections came. */
  public int attempts() {
    return attempts.get();
  }

  /** How many of them went on to talk although the certificate is worth nothing. */
  public int trusted() {
    return trusted.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        attempts.incrementAndGet();
        talk(socket);
      } catch (IOException e) {
        // The client hung up, as it should, or the test has ended.
        continue;
      }
    }
  }

  private void talk(Socket socket) throws IOException {
    PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
    int first = in.read();
    if (first == 'C') {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } else {
      in.unread(first);
    }
    SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, in, true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    if (secure.getInputStream().read() >= 0) {
      trusted.incrementAndGet();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
