package io.millrace.server.monitor;

import static io.millrace.server.route.Access.VIEWER;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Figures for Prometheus: the JVM's, the requests', and what others register. Thread-safe. */
public final class Metrics implements Routes {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Metrics() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Where others register their figures. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Registers a figure that is asked for when somebody looks. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Registers a figure that only grows. */
  public void count(String name, String description, Supplier<Number> value) {
    // What it is asked of is held weakly, the function is not.
    FunctionCounter.builder(name, this, metrics -> value.get().doubleValue())
        .description(description)
        .register(registry);
  }

  /**
   * Notes a request.
   *
   * @param path as it was declared, never as it was sent: there would be no end of them
   */
  public void request(String method, String path, int status, Duration took) {
    Timer.builder("http.server.requests")
        .description("Requests by route and status")
        .tag("method", method)
        .tag("path", path)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/metrics", VIEWER, "Shows figures in Prometheus' format", this::scrape)
            .givesMedia("text/plain")
            .outsideTheApi());
  }

  private Object scrape(Request request) {
    return Answer.text("text/plain; version=0.0.4; charset=utf-8", registry.scrape());
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
