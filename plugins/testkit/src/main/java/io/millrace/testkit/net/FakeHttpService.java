package io.millrace.testkit.net;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A service on 127.0.0.1 that speaks a real protocol over HTTP, written for tests, and fails on
 * command: a subclass says what is answered, this class how it goes wrong. Also serves as the HTTP
 * proxy for a client that insists on a host name. Safe for use by several threads.
 */
public abstract class FakeHttpService implements AutoCloseable {

  static {
    // Without it, answers wait for the client's delayed acknowledgement: 40 ms each.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;
  private final ExecutorService threads;
  private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
  private final Map<String, Limit> limits = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Starts on a free port. */
  protected FakeHttpService() {
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "fake-http");
              thread.setDaemon(true);
              return thread;
            });
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * A request.
   *
   * @param host what the client takes the service's name to be
   * @param path decoded
   * @param rawQuery as sent; empty when there is none
   * @param query decoded
   * @param headers by their names in lower case
   */
  public record Request(
      String method,
      String host,
      String path,
      String rawQuery,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {

    /** A header, or empty. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** What is answered. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {}

  /** How a request goes wrong. */
  public sealed interface Fault {
    /** The connection ends before anything happens. */
    record Dropped() implements Fault {}

    /** What was asked for happens, and the connection ends before the answer. */
    record Unanswered() implements Fault {}

    /** What was asked for happens, and the connection ends in the midst of the answer. */
    record Cut() implements Fault {}

    /** Nothing happens, and the connection stays open until the service is closed. */
    record Hanging() implements Fault {}

    /** Nothing happens, and this is answered. */
    record Refused(Answer answer) implements Fault {}
  }

  /** The name under which a request can be told to fail, such as {@code pull orders}. */
  protected abstract String operation(Request request);

  /** What a request does and gets. An answer that is not known is a refusal, too. */
  protected abstract Answer answer(Request request);

  /** The port on 127.0.0.1. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** The next requests of an operation fail, after those that were already told to. */
  public void fail(String operation, Fault fault, int times) {
    Deque<Fault> queue = faults.computeIfAbsent(operation, name -> new ArrayDeque<>());
    synchronized (queue) {
      for (int i = 0; i < times; i++) {
        queue.add(fault);
      }
    }
  }

  /** Every request of an operation fails once this many more have gone through. */
  public void failAfter(String operation, int requests, Fault fault) {
    limits.put(operation, new Limit(requests(operation) + requests, fault));
  }

  /** Requests of an operation go through again. */
  public void recover(String operation) {
    limits.remove(operation);
    faults.remove(operation);
  }

  private record Limit(int requests, Fault fault) {}

  /** How many requests of an operation came. */
  public int requests(String operation) {
    AtomicInteger count = counts.get(operation);
    return count == null ? 0 : count.get();
  }

  /** From now on requests of an operation get no answer, until the service is closed. */
  public void hang(String operation) {
    failAfter(operation, 0, new Fault.Hanging());
  }

  /** Waits until a request hangs. */
  public void awaitHanging(String operation) throws InterruptedException {
    if (!reached(operation).await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("no request hangs: " + operation);
    }
  }

  private CountDownLatch reached(String operation) {
    return hanging.computeIfAbsent(operation, name -> new CountDownLatch(1));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = request(exchange);
      String operation = operation(request);
      int number = counts.computeIfAbsent(operation, name -> new AtomicInteger()).incrementAndGet();
      Fault fault = next(operation, number);
      if (fault instanceof Fault.Hanging) {
        reached(operation).countDown();
        closed.await();
        return;
      }
      if (fault instanceof Fault.Dropped) {
        return;
      }
      if (fault instanceof Fault.Refused refused) {
        send(exchange, refused.answer(), false);
        return;
      }
      Answer answer = answer(request);
      if (!(fault instanceof Fault.Unanswered)) {
        send(exchange, answer, fault instanceof Fault.Cut);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Fault next(String operation, int number) {
    Limit limit = limits.get(operation);
    if (limit != null && number > limit.requests()) {
      return limit.fault();
    }
    Deque<Fault> queue = faults.get(operation);
    if (queue == null) {
      return null;
    }
    synchronized (queue) {
      return queue.poll();
    }
  }

  private static Request request(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    URI uri = exchange.getRequestURI();
    String rawQuery = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    Map<String, String> query = new LinkedHashMap<>();
    for (String part : rawQuery.split("&")) {
      int equals = part.indexOf('=');
      if (!part.isEmpty()) {
        query.put(
            decoded(equals < 0 ? part : part.substring(0, equals)),
            equals < 0 ? "" : decoded(part.substring(equals + 1)));
      }
    }
    return new Request(
        exchange.getRequestMethod(),
        headers.getOrDefault("host", ""),
        uri.getPath(),
        rawQuery,
        query,
        headers,
        exchange.getRequestBody().readAllBytes());
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, Answer answer, boolean cut) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, cut ? body.length / 2 : body.length);
      out.flush();
    }
  }

  /** Ends what hangs, and the service. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
