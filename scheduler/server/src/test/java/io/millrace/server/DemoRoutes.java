package io.millrace.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.server.event.Events;
import io.millrace.server.event.LogTail;
import io.millrace.server.page.Filters;
import io.millrace.server.page.Page;
import io.millrace.server.route.Access;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.security.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Routes as another resource would declare them. */
final class DemoRoutes implements Routes {

  final Events events = new Events(8, 16, Duration.ofMillis(200));
  final AtomicBoolean finished = new AtomicBoolean();
  final CountDownLatch entered = new CountDownLatch(1);
  final CountDownLatch leave = new CountDownLatch(1);
  private final Path log;

  DemoRoutes(Path log) {
    this.log = log;
  }

  record Note(String text, @Nullable Note inner, List<String> labels) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/demo/{id}/log", Access.VIEWER, "Shows a log", this::log)
            .givesMedia("text/plain")
            .query("offset", "the first byte")
            .query("follow", "true for a stream"),
        Route.get(
                "/demo/events",
                Access.VIEWER,
                "Tells what happens",
                request -> events.source(request.header("Last-Event-ID"), event -> true))
            .givesMedia("text/event-stream"),
        Route.put("/demo/{id}", Access.DEVELOPER, "Keeps a note", r -> r.body(Note.class))
            .takes(Note.class)
            .gives(Note.class),
        Route.get("/demo", Access.OPERATOR, "Lists by filters", this::list)
            .givesPage(String.class)
            .query("role", "some roles")
            .query("q", "a part of the name"),
        Route.post("/demo/{id}/wait", Access.PUBLIC, "Waits", this::await),
        Route.post("/demo/fail/{how}", Access.PUBLIC, "Fails", this::fail));
  }

  private Object log(Request request) throws Exception {
    request.id("id");
    LogTail tail = new LogTail(log, finished::get, Duration.ofMillis(5));
    long offset = request.number("offset", 0, 0, Long.MAX_VALUE);
    return request.flag("follow")
        ? tail.follow(LogTail.resume(request.header("Last-Event-ID"), offset))
        : tail.part(offset);
  }

  private Object list(Request request) {
    Filters filters =
        new Filters()
            .oneOf("role", request.choices("role", Role.class))
            .contains("name", request.query("q"));
    return Page.of(List.of(filters.condition()), request.page(), 1);
  }

  private @Nullable Object await(Request request) throws InterruptedException {
    request.id("id");
    entered.countDown();
    leave.await();
    return null;
  }

  private @Nullable Object fail(Request request) {
    switch (request.name("how")) {
      case "null" -> throw new NullPointerException("secret internals");
      case "stack" -> throw new StackOverflowError();
      case "user" ->
          throw new MillraceException(StandardError.CONFIGURATION, "channels must be a number");
      case "fenced" -> throw new MillraceException(StandardError.FENCED, "another one took over");
      case "external" -> throw new MillraceException(StandardError.CONNECT, "no connection");
      case "internal" -> throw new MillraceException(StandardError.INTERNAL, "secret internals");
      default -> {
        return null;
      }
    }
  }
}
