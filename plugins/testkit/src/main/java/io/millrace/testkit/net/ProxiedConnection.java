package io.millrace.testkit.net;

import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.net.FaultProxy.Trap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One client's connection and the one to the server that belongs to it. */
final class ProxiedConnection {

  private static final int PORTION = 1 << 16;
  private static final int LOOK_MILLIS = 20;

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket server;
  private final AtomicInteger openDirections = new AtomicInteger(2);

  /** What was sprung on this connection and whose effect on the answer is still to come. */
  private volatile @Nullable Trap awaitingAnswer;

  private volatile boolean holdsClient;
  private volatile boolean holdsServer;

  private volatile long passedAt = System.nanoTime();

  /** Only the thread that pumps to the server uses it. */
  private boolean watchesClient;

  ProxiedConnection(FaultProxy proxy, Socket client, Socket server) throws IOException {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  void pumpToServer() {
    try {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] portion = new byte[PORTION];
      byte[] tail = new byte[0];
      int length;
      while ((length = in.read(portion)) >= 0) {
        Trap trap = proxy.trap();
        if (trap == null) {
          tail = new byte[0];
        } else {
          byte[] seen = Arrays.copyOf(tail, tail.length + length);
          System.arraycopy(portion, 0, seen, tail.length, length);
          int matches = trap.pattern().count(seen, tail.length, seen.length);
          if (matches > 0 && trap.left().addAndGet(-matches) <= 0 && proxy.spring(trap)) {
            spring(trap);
          }
          int keep = Math.min(seen.length, trap.pattern().longest() - 1);
          tail = Arrays.copyOfRange(seen, seen.length - keep, seen.length);
        }
        int more = watchesClient ? watchClient(in, portion, length) : 0;
        proxy.awaitFlow(this, true);
        out.write(portion, 0, length + more);
        passedAt = System.nanoTime();
      }
      server.shutdownOutput();
      ended();
    } catch (IOException | InterruptedException e) {
      reset();
    }
  }

  private void spring(Trap trap) {
    Action action = trap.action();
    if (!action.isBefore()) {
      awaitingAnswer = trap;
      return;
    }
    if (action.isCut()) {
      reset();
    } else {
      watchesClient = action == Action.HOLD_BEFORE;
      holdsClient = true;
    }
    trap.sprung().complete(null);
  }

  /**
   * Waits while the client is held, so that the server hears of it when the client goes away.
   *
   * @return how many bytes the client sent meanwhile, behind {@code length} in {@code portion}
   */
  private int watchClient(InputStream in, byte[] portion, int length)
      throws IOException, InterruptedException {
    client.setSoTimeout(LOOK_MILLIS);
    watchesClient = false;
    int more = 0;
    while (holdsClient && length + more < portion.length) {
      try {
        int count = in.read(portion, length + more, portion.length - length - more);
        if (count < 0) {
          throw new IOException("the client went away");
        }
        more += count;
      } catch (SocketTimeoutException e) {
        // Still there.
      }
    }
    client.setSoTimeout(0);
    return more;
  }

  void pumpToClient() {
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] portion = new byte[PORTION];
      int length;
      while ((length = in.read(portion)) >= 0) {
        Trap trap = awaitingAnswer;
        if (trap != null) {
          awaitingAnswer = null;
          if (trap.action().isCut()) {
            reset();
          } else {
            holdsServer = true;
          }
          trap.sprung().complete(null);
        }
        proxy.awaitFlow(this, false);
        out.write(portion, 0, length);
        passedAt = System.nanoTime();
      }
      client.shutdownOutput();
      ended();
    } catch (IOException | InterruptedException e) {
      reset();
    }
  }

  /** Ends it as a proxy does that has lost patience: what was passed on can still be read. */
  void closeIfIdle(Duration longest) {
    if (System.nanoTime() - passedAt > longest.toNanos()) {
      try {
        client.close();
        server.close();
      } catch (IOException e) {
        reset();
      }
      proxy.forget(this);
    }
  }

  boolean isHeld(boolean fromClient) {
    return fromClient ? holdsClient : holdsServer;
  }

  boolean isClosed() {
    return client.isClosed();
  }

  void release() {
    holdsClient = false;
    holdsServer = false;
  }

  private void ended() throws IOException {
    if (openDirections.decrementAndGet() == 0) {
      client.close();
      server.close();
      proxy.forget(this);
    }
  }

  /** Resets both connections, which discards what is under way. */
  void reset() {
    reset(client);
    reset(server);
    proxy.forget(this);
  }

  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed already, which is what was wanted.
    }
  }
}
