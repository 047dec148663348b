package io.millrace.server;

import io.millrace.server.event.Events;
import io.millrace.server.event.LogTail;
import io.millrace.server.route.Access;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every kind of answer that takes long, without an end of its own. */
public final class StreamRoutes implements Routes {

  private final Events events = new Events(8, 16, Duration.ofSeconds(15));
  private final Path log;

  public StreamRoutes(Path log) {
    this.log = log;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(
                "/stream/events",
                Access.VIEWER,
                "Tells what happens",
                request -> events.source(Optional.empty(), event -> true))
            .givesMedia("text/event-stream"),
        Route.get(
                "/stream/log",
                Access.VIEWER,
                "Follows a log",
                request -> new LogTail(log, () -> false, Duration.ofMillis(20)).follow(0))
            .givesMedia("text/event-stream"),
        Route.get(
                "/stream/download",
                Access.VIEWER,
                "Gives what has no end",
                request -> new Answer(200, Map.of("Content-Type", "text/plain"), new Endless()))
            .givesMedia("text/plain"),
        Route.get("/stream/operators", Access.OPERATOR, "Is for some", request -> Map.of("a", "b"))
            .gives(Map.class));
  }

  /** As many bytes as somebody wants. */
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'a';
    }
  }
}
