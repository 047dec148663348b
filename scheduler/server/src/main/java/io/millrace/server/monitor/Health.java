package io.millrace.server.monitor;

import static io.millrace.server.route.Access.PUBLIC;

import io.millrace.server.route.Answer;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever watches the process whether it lives and whether it is ready. Public, and so it
 * says no more than which check failed.
 */
public final class Health implements Routes {

  private static final Logger log = LoggerFactory.getLogger(Health.class);

  private final Map<String, BooleanSupplier> checks;
  private volatile boolean stopping;

  /**
   * Makes the routes.
   *
   * @param checks what has to be true for being ready, by name; asked at every request, so they
   *     must be quick
   */
  public Health(Map<String, BooleanSupplier> checks) {
    this.checks = Map.copyOf(checks);
  }

  /** Whether it is up, and each check's result. */
  record HealthView(String status, Map<String, Boolean> checks) {}

  /** From now on it is not ready, so that nobody sends new requests. */
  public void stopping() {
    stopping = true;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/health/live", PUBLIC, "Tells that the process lives", this::live)
            .gives(HealthView.class)
            .outsideTheApi(),
        Route.get("/health/ready", PUBLIC, "Tells whether requests are welcome", this::ready)
            .gives(HealthView.class)
            .outsideTheApi());
  }

  private Object live(Request request) {
    return new HealthView("UP", Map.of());
  }

  private Object ready(Request request) {
    Map<String, Boolean> results = new TreeMap<>();
    checks.forEach((name, check) -> results.put(name, passes(name, check)));
    boolean ready = !stopping && !results.containsValue(false);
    return new Answer(ready ? 200 : 503, Map.of(), new HealthView(ready ? "UP" : "DOWN", results));
  }

  private static boolean passes(String name, BooleanSupplier check) {
    try {
      return check.getAsBoolean();
    } catch (RuntimeException e) {
      log.warn("the check {} failed", name, e);
      return false;
    }
  }
}
