package io.millrace.testkit.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A TLS server on 127.0.0.1 whose certificate nobody has signed but itself: a client that checks it
 * sends nothing. Also answers as an HTTP proxy through which such a server is reached.
 */
public final class UntrustedServer implements AutoCloseable {

  /**
   * Made by {@code keytool -genkeypair -keyalg EC -dname CN=127.0.0.1 -ext san=ip:127.0.0.1
   * -validity 36500 -storetype PKCS12}. The key is known to everybody and protects nothing.
   */
  private static final String KEY_STORE = "untrusted.p12";

  private static final String PASSWORD = "untrusted";

  private final SSLContext context;
  private final ServerSocket listener;
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger trusted = new AtomicInteger();

  /** Starts on a free port. */
  public UntrustedServer() {
    try {
      context = context();
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    Thread thread = new Thread(this::accept, "untrusted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private static SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = UntrustedServer.class.getResourceAsStream(KEY_STORE)) {
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
