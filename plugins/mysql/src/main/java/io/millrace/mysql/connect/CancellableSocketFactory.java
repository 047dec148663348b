package io.millrace.mysql.connect;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;

/**
 * Lets a cancelled attempt close a socket that is still connecting or logging in, when there is no
 * connection yet that could be aborted; and shows the certificate of a server before anything
 * secret is sent to it. Public because Connector/J makes it by name.
 */
public class CancellableSocketFactory extends StandardSocketFactory {

  private static final ThreadLocal<Consumer<Socket>> LISTENER = new ThreadLocal<>();

  private static final ThreadLocal<Handshakes> HANDSHAKES = new ThreadLocal<>();

  /** Runs a login whose socket, made on this thread, is shown to a listener. */
  static <T> T listening(Consumer<Socket> listener, Login<T> login) throws java.sql.SQLException {
    LISTENER.set(listener);
    try {
      return login.run();
    } finally {
      LISTENER.remove();
    }
  }

  /** True while a login on this thread shows each server's certificate. */
  static boolean isShowing() {
    return HANDSHAKES.get() != null;
  }

  /** Runs a login that shows each server's certificate, on this thread. */
  static <T> T showing(Handshakes handshakes, Login<T> login) throws java.sql.SQLException {
    HANDSHAKES.set(handshakes);
    try {
      return login.run();
    } finally {
      HANDSHAKES.remove();
    }
  }

  /** Sees a server's certificate; what it throws ends the login before a password is sent. */
  @FunctionalInterface
  interface Handshakes {
    void shown(String host, int port, X509Certificate leaf);
  }

  /** What makes a connection. */
  @FunctionalInterface
  interface Login<T> {
    T run() throws java.sql.SQLException;
  }

  @Override
  protected Socket createSocket(PropertySet properties) {
    Socket socket = super.createSocket(properties);
    Consumer<Socket> listener = LISTENER.get();
    if (listener != null) {
      listener.accept(socket);
    }
    return socket;
  }

  @Override
  public <T extends Closeable> T performTlsHandshake(
      SocketConnection connection, ServerSession session, Log log) throws IOException {
    T secured = super.performTlsHandshake(connection, session, log);
    Handshakes handshakes = HANDSHAKES.get();
    if (handshakes != null) {
      boolean taken = false;
      try {
        handshakes.shown(host, port, leaf(sslSocket));
        taken = true;
      } finally {
        if (!taken) {
          close(rawSocket);
        }
      }
    }
    return secured;
  }

  private static X509Certificate leaf(Socket socket) throws IOException {
    if (socket instanceof SSLSocket secured
        && secured.getSession().getPeerCertificates()[0] instanceof X509Certificate leaf) {
      return leaf;
    }
    throw new IOException("the server shows no certificate that can be compared");
  }

  /** Closes a socket, whatever state it is in. */
  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more, closed or not.
    }
  }
}
