package io.millrace.server;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.store.Database;
import io.millrace.server.event.Streams;
import io.millrace.server.monitor.Health;
import io.millrace.server.monitor.Metrics;
import io.millrace.server.node.NodeCalls;
import io.millrace.server.problem.Problems;
import io.millrace.server.route.Access;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Dispatcher;
import io.millrace.server.route.OpenApi;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server. It is composed once, started once and stopped once. What it serves is the list
 * of routes: its own, and those that are passed in.
 */
public final class MillraceServer implements AutoCloseable {

  /** For who opens the address itself. */
  private static final String WELCOME =
      """
      This is a Millrace server.

      On the command line: millrace login --server URL, then millrace --help
      API, by OpenAPI:     /api/v1/openapi.json
      Whether it is well:  /health/ready
      """;

  private static final Duration LONGEST_STREAM = Duration.ofMinutes(15);
  private static final int HEADER_BYTES = 16 << 10;
  private static final int CONNECTIONS = 1_024;
  private static final String STARTED = "millrace.started";

  private final ServerSettings settings;
  private final Security security;
  private final Health health;
  private final Metrics metrics = new Metrics();
  private final Streams streams;
  private final HostCheck hosts;
  private final List<Routes> resources;
  private final List<Route> routes;
  private final Javalin javalin;

  /**
   * Composes a server.
   *
   * @param database the store; the caller closes it after the server
   * @param resources what is served beside users, sessions, tokens, health and metrics
   * @param nodes knows calls of other nodes of the store; null where there are none
   * @param ready what has to be true for being ready, by name
   */
  public MillraceServer(
      ServerSettings settings,
      Database database,
      Clock clock,
      List<Routes> resources,
      @Nullable NodeCalls nodes,
      Map<String, BooleanSupplier> ready) {
    this.settings = settings;
    this.security = new Security(database, clock, settings.security(), nodes);
    this.health = new Health(ready);
    this.streams = new Streams(settings.streams(), settings.streamsEach(), LONGEST_STREAM);
    this.hosts = new HostCheck(settings.host(), settings.hosts());
    this.routes = collect(resources);
    this.resources = List.copyOf(resources);
    Dispatcher dispatcher =
        new Dispatcher(
            security.guard(),
            new Problems(),
            streams,
            settings.threads() / 2,
            settings.bodyBytes());
    this.javalin = Javalin.create(config -> configure(config, dispatcher));
    metrics.gauge("millrace.streams", "Open event streams", streams::open);
  }

  private List<Route> collect(List<Routes> resources) {
    List<Routes> all = new ArrayList<>(List.of(health, metrics));
    all.addAll(security.routes());
    all.addAll(resources);
    List<Route> collected =
        new ArrayList<>(all.stream().flatMap(resource -> resource.routes().stream()).toList());
    String version =
        Optional.ofNullable(MillraceServer.class.getPackage().getImplementationVersion())
            .orElse("development");
    collected.add(
        Route.get(
                "/openapi.json",
                Access.PUBLIC,
                "Describes the API",
                request -> Answer.bytes("application/json", OpenApi.document(this.routes, version)))
            .givesMedia("application/json"));
    Set<String> seen = new HashSet<>();
    for (Route route : collected) {
      if (!seen.add(route.toString().replaceAll("\\{[^}]*}", "{}"))) {
        throw new IllegalStateException("two routes for " + route);
      }
    }
    return List.copyOf(collected);
  }

  private void configure(JavalinConfig config, Dispatcher dispatcher) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    // Compressing secrets beside what an attacker chooses tells their length.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = settings.bodyBytes();
    config.http.defaultContentType = "application/json";
    config.router.ignoreTrailingSlashes = false;
    config.router.javaLangErrorHandler(
        (response, error) -> dispatcher.answer(error, "a request", response));
    QueuedThreadPool threads = new QueuedThreadPool(settings.threads() + settings.streams() + 4, 4);
    threads.setName("http");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(this::configure);
    config.jetty.modifyServer(this::configure);
    config.routes.before(this::begin);
    config.routes.get("/", context -> context.contentType("text/plain").result(WELCOME));
    dispatcher.register(routes, config.routes);
    config.routes.after(this::end);
  }

  private void configure(HttpConfiguration http) {
    // Not Javalin's legacy mode: paths that can be read in two ways are refused.
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setIdleTimeout(settings.idle().toMillis());
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
  }

  private void configure(Server server) {
    server.setErrorHandler(new JettyProblems());
    server.insertHandler(new CompleteRequests());
    server.insertHandler(new GracefulHandler());
    server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
    server.setStopTimeout(settings.stop().toMillis());
    server.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStarting(LifeCycle starting) {
            for (Connector connector : server.getConnectors()) {
              if (connector instanceof AbstractConnector idling) {
                idling.setShutdownIdleTimeout(settings.idleAtStop().toMillis());
              }
            }
          }
        });
  }

  private void begin(Context context) {
    context.attribute(STARTED, System.nanoTime());
    SecurityHeaders.set(context.path(), context.res());
    hosts.check(context);
  }

  private void end(Context context) {
    Long started = context.attribute(STARTED);
    metrics.request(
        context.method().name(),
        Dispatcher.declaredPath(context),
        context.res().getStatus(),
        Duration.ofNanos(started == null ? 0 : System.nanoTime() - started));
  }

  /**
   * Starts listening.
   *
   * @return the one-time password of the account {@code admin}, when this start has made it: to be
   *     shown to who starts the server, once
   * @throws MillraceException when the port is taken
   */
  public Optional<String> start() {
    try {
      javalin.start(settings.host(), settings.port());
    } catch (JavalinBindException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "the server cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": it is taken or not allowed; choose another server.port",
          e);
    }
    // Not before it listens: a password that is made and then not shown would be lost for good.
    return security.accounts().makeFirst();
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** All its routes. */
  public List<Route> routes() {
    return routes;
  }

  /** Where others register their figures. */
  public Metrics metrics() {
    return metrics;
  }

  /** Stops listening, ends the streams and lets running requests finish within the bound. */
  @Override
  public void close() {
    health.stopping();
    streams.stop(settings.stop());
    javalin.stop();
    resources.forEach(Routes::close);
    metrics.close();
  }
}
