package io.millrace.server.route;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.millrace.server.event.EventSource;
import io.millrace.server.event.Streams;
import io.millrace.server.problem.Problem;
import io.millrace.server.problem.Problems;
import io.millrace.server.security.Guard;
import io.millrace.server.security.Identity;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The way of every request: guard, check, operation, answer. Thread-safe. */
public final class Dispatcher {

  private static final String SIGHT = "millrace.sight";
  private static final int PART = 64 << 10;
  private static final long ASK_EVERY_NANOS = 2_000_000_000L;

  private final Guard guard;
  private final Problems problems;
  private final Streams streams;
  private final BodyWaits waits;
  private final int mostBytes;

  /**
   * Makes a dispatcher.
   *
   * @param mostWaiting how many threads may wait for the rest of a body
   * @param mostBytes the largest body
   */
  public Dispatcher(
      Guard guard, Problems problems, Streams streams, int mostWaiting, int mostBytes) {
    this.guard = guard;
    this.problems = problems;
    this.streams = streams;
    this.waits = new BodyWaits(mostWaiting);
    this.mostBytes = mostBytes;
  }

  /** Registers the routes: there is no other way for one to be reached. */
  public void register(List<Route> routes, RoutesConfig javalin) {
    for (Route route : routes) {
      javalin.addHttpHandler(
          HandlerType.findOrCreate(route.method().name()),
          route.path(),
          context -> handle(route, context));
      if (route.method() == Method.GET) {
        // Javalin would answer HEAD by itself, with 200 and without a guard.
        javalin.addHttpHandler(HandlerType.HEAD, route.path(), context -> handle(route, context));
      }
    }
    javalin.exception(Exception.class, this::fail);
    javalin.exception(HttpResponseException.class, this::fail);
  }

  private void handle(Route route, Context context) throws Exception {
    Identity identity = guard.admit(route, context);
    Sight sight =
        route.access() == Access.NODE
            ? Sight.MARKED
            : Sight.of(identity == null ? null : identity.role());
    context.attribute(SIGHT, sight);
    // JSON and problems are UTF-8 by definition, and have no such parameter.
    context.res().setCharacterEncoding(null);
    BodyWaits.Sender sender =
        identity == null
            ? new BodyWaits.Sender("network " + guard.network(context), false)
            : new BodyWaits.Sender("account " + identity.name(), true);
    Body body = new Body(context.req(), mostBytes, waits, sender);
    Request request = new Request(context, route, identity, sight, guard.address(context), body);
    request.check();
    Object answer = route.operation().handle(request);
    if (answer instanceof EventSource source) {
      if (context.method() == HandlerType.HEAD) {
        context.res().setContentType("text/event-stream");
        return;
      }
      streams.run(source, context.res(), sender.key(), sight, guard.right(identity, context));
    } else {
      write(route, answer, context.res(), sight, guard.right(identity, context));
    }
  }

  private static void write(
      Route route,
      @Nullable Object answer,
      HttpServletResponse response,
      Sight sight,
      BooleanSupplier right)
      throws IOException {
    if (answer == null) {
      response.setContentType(null);
      response.setStatus(204);
    } else if (answer instanceof Answer full) {
      response.setStatus(full.status());
      response.setContentType(full.body() == null ? null : "application/json");
      boolean asItIs = sight == Sight.MARKED || !(full.body() instanceof InputStream);
      full.headers()
          .forEach(
              (name, value) -> {
                // The length of what is sent is known only after its marks are gone.
                if (asItIs || !name.equalsIgnoreCase("Content-Length")) {
                  response.setHeader(name, sight.of(value));
                }
              });
      if (full.body() instanceof byte[] bytes) {
        write(sight == Sight.HIDDEN ? Shown.text(bytes, sight) : bytes, response);
      } else if (full.body() instanceof String text) {
        write(sight.of(text).getBytes(StandardCharsets.UTF_8), response);
      } else if (full.body() instanceof InputStream content) {
        try (InputStream shown = asItIs ? content : new Shown.Lines(content, sight)) {
          copy(shown, response.getOutputStream(), right);
        }
      } else if (full.body() != null) {
        write(Json.write(full.body(), sight), response);
      }
    } else {
      response.setStatus(route.contract().status());
      response.setContentType("application/json");
      write(Json.write(answer, sight), response);
    }
  }

  /** A client that reads slowly gets a large answer for as long as it may have it. */
  private static void copy(InputStream content, OutputStream out, BooleanSupplier right)
      throws IOException {
    byte[] part = new byte[PART];
    long askedNanos = System.nanoTime();
    for (int read = content.read(part); read >= 0; read = content.read(part)) {
      long now = System.nanoTime();
      if (now - askedNanos >= ASK_EVERY_NANOS) {
        askedNanos = now;
        if (!right.getAsBoolean()) {
          throw new EOFException("the right to the answer has ended");
        }
      }
      out.write(part, 0, read);
    }
  }

  private static void write(byte[] body, HttpServletResponse response) throws IOException {
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private void fail(Exception failure, Context context) {
    if (hasUnreadBody(context)) {
      // Nobody will read it, so Jetty ends the connection: a client that is not told would send its
      // next request into it and get no answer.
      context.res().setHeader("Connection", "close");
    }
    Sight sight = context.attribute(SIGHT);
    answer(
        failure,
        context.method() + " " + declaredPath(context),
        context.res(),
        sight == null ? Sight.HIDDEN : sight);
  }

  private static boolean hasUnreadBody(Context context) {
    boolean hasBody =
        context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null;
    try {
      return hasBody && !context.req().getInputStream().isFinished();
    } catch (IOException | IllegalStateException e) {
      return true;
    }
  }

  /** The path as it was declared: the one that was sent may hold anything. Empty for none. */
  public static String declaredPath(Context context) {
    Endpoint endpoint = context.endpoints().lastHttpEndpoint();
    return endpoint == null ? "" : endpoint.path;
  }

  /** Answers with a problem somebody who is not known. */
  public void answer(Throwable failure, String request, HttpServletResponse response) {
    answer(failure, request, response, Sight.HIDDEN);
  }

  private void answer(
      Throwable failure, String request, HttpServletResponse response, Sight sight) {
    Problems.Told told = problems.of(failure, request);
    if (response.isCommitted()) {
      return;
    }
    try {
      response.resetBuffer();
      write(told.problem(), told.headers(), response, sight);
    } catch (IOException e) {
      // The client is gone: nobody is there to be told.
    }
  }

  private static void write(
      Problem problem, Map<String, String> headers, HttpServletResponse response, Sight sight)
      throws IOException {
    response.setStatus(problem.status());
    response.setCharacterEncoding(null);
    response.setContentType(Problem.MEDIA_TYPE);
    headers.forEach(response::setHeader);
    if (problem.status() == 401) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    write(Json.write(problem, sight), response);
  }
}
