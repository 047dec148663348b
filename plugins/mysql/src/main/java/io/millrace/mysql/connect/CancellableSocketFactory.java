package io.millrace.mysql.connect;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * Lets a cancelled attempt close a socket that is still connecting or logging in, when there is no
 * connection yet that could be aborted. Public because Connector/J makes it by name.
 */
public final class CancellableSocketFactory extends StandardSocketFactory {

  private static final ThreadLocal<Consumer<Socket>> LISTENER = new ThreadLocal<>();

  /** Runs a login whose socket, made on this thread, is shown to a listener. */
  static <T> T listening(Consumer<Socket> listener, Login<T> login) throws java.sql.SQLException {
    LISTENER.set(listener);
    try {
      return login.run();
    } finally {
      LISTENER.remove();
    }
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

  /** Closes a socket, whatever state it is in. */
  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more, closed or not.
    }
  }
}
