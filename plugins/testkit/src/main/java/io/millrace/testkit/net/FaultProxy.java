package io.millrace.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 in front of a server, which passes everything on until it is told to
 * fail. Faults that look into the stream need plain text ({@code sslMode=DISABLED}). Safe for use
 * by several threads.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(server.host(), server.port())) {
 *   var lost = proxy.when(BytePattern.commit(), 1, Action.CUT_AFTER);
 *   run(server.jdbcUrl(database, proxy.port()));
 *   lost.get(10, SECONDS); // the commit was sent and carried out, its answer was not seen
 * }
 * }</pre>
 */
public final class FaultProxy implements AutoCloseable {

  /** What happens when a client has sent a pattern. */
  public enum Action {
    /** The client's connection is reset; the server never sees what was sent last. */
    CUT_BEFORE,
    /** The server gets it and answers; the answer is dropped and the connection is reset. */
    CUT_AFTER,
    /**
     * The server does not get it, and the client waits, until {@link FaultProxy#pass()}. When the
     * client goes away meanwhile, the server hears of it and never gets it.
     */
    HOLD_BEFORE,
    /**
     * The server gets it at {@link FaultProxy#pass()} and not before, also when the client has gone
     * away meanwhile: a network that delivers late.
     */
    DELAY_BEFORE,
    /** The server gets it and answers; the answer is held until {@link FaultProxy#pass()}. */
    HOLD_AFTER;

    boolean isBefore() {
      return this == CUT_BEFORE || this == HOLD_BEFORE || this == DELAY_BEFORE;
    }

    boolean isCut() {
      return this == CUT_BEFORE || this == CUT_AFTER;
    }
  }

  private final String host;
  private volatile int targetPort;
  private final ServerSocket listener;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flowing = lock.newCondition();
  private boolean hanging;
  private volatile boolean refusing;
  private volatile Duration delay = Duration.ZERO;

  private FaultProxy(String host, int targetPort, ServerSocket listener) {
    this.host = host;
    this.targetPort = targetPort;
    this.listener = listener;
  }

  /** A proxy on a free port that passes everything on to a server. */
  public static FaultProxy before(String host, int port) {
    try {
      ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      FaultProxy proxy = new FaultProxy(host, port, listener);
      daemon("fault-proxy-" + listener.getLocalPort(), proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** New connections go to another port from now on, such as that of a server that came back. */
  public void redirect(int port) {
    targetPort = port;
  }

  /** Where clients connect, on 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  /** How many connections were ever accepted. */
  public int accepted() {
    return accepted.get();
  }

  /** Ends every fault: what was held flows on, new connections are taken. */
  public void pass() {
    trap.set(null);
    refusing = false;
    delay = Duration.ZERO;
    lock.lock();
    try {
      hanging = false;
      connections.forEach(ProxiedConnection::release);
      flowing.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops forwarding in both directions and keeps every socket, as a network that is gone does. */
  public void hang() {
    lock.lock();
    try {
      hanging = true;
    } finally {
      lock.unlock();
    }
  }

  /** Resets every open connection; new ones are taken. */
  public void cut() {
    connections.forEach(ProxiedConnection::reset);
  }

  /** Resets every open connection and each new one, as a server that is gone does. */
  public void refuse() {
    refusing = true;
    cut();
  }

  /**
   * From now on closes each connection on which nothing was passed on for so long: by the clock, as
   * what it stands for does.
   */
  public void closeIdle(Duration longest) {
    daemon(
        "fault-proxy-idle",
        () -> {
          while (!listener.isClosed()) {
            try {
              Thread.sleep(longest.toMillis() / 10);
            } catch (InterruptedException e) {
              return;
            }
            connections.forEach(connection -> connection.closeIfIdle(longest));
          }
        });
  }

  /** Waits before each portion that is forwarded, in either direction. */
  public void delay(Duration time) {
    delay = time;
  }

  /**
   * Acts once when clients have sent a pattern a number of times, counted from now over all
   * connections. Replaces what an earlier call has asked for.
   *
   * @param occurrence the match to act on, from 1
   * @return done when it has happened: before the server saw it, or after the server has answered
   */
  public CompletableFuture<Void> when(BytePattern pattern, int occurrence, Action action) {
    Trap next = new Trap(pattern, new AtomicInteger(occurrence), action, new CompletableFuture<>());
    trap.set(next);
    return next.sprung();
  }

  /** What a client's stream is watched for. */
  record Trap(
      BytePattern pattern, AtomicInteger left, Action action, CompletableFuture<Void> sprung) {}

  @Nullable Trap trap() {
    return trap.get();
  }

  /** Takes the trap away, so that it acts once; false when another connection was faster. */
  boolean spring(Trap sprung) {
    return trap.compareAndSet(sprung, null);
  }

  /** Waits while nothing may flow on this connection. */
  void awaitFlow(ProxiedConnection connection, boolean fromClient) throws InterruptedException {
    Duration wait = delay;
    if (!wait.isZero()) {
      Thread.sleep(wait.toMillis());
    }
    lock.lock();
    try {
      while (!connection.isClosed() && (hanging || connection.isHeld(fromClient))) {
        flowing.await();
      }
    } finally {
      lock.unlock();
    }
  }

  void forget(ProxiedConnection connection) {
    connections.remove(connection);
    lock.lock();
    try {
      flowing.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException e) {
        return;
      }
      accepted.incrementAndGet();
      open(client);
    }
  }

  private void open(Socket client) {
    try {
      if (refusing) {
        ProxiedConnection.reset(client);
        return;
      }
      ProxiedConnection connection =
          new ProxiedConnection(this, client, new Socket(host, targetPort));
      connections.add(connection);
      daemon("fault-proxy-up", connection::pumpToServer);
      daemon("fault-proxy-down", connection::pumpToClient);
      if (refusing || listener.isClosed()) {
        connection.reset();
      }
    } catch (IOException e) {
      ProxiedConnection.reset(client);
    }
  }

  private static void daemon(String name, Runnable action) {
    Thread thread = new Thread(action, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Resets every connection and takes no new ones. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cut();
    }
  }
}
