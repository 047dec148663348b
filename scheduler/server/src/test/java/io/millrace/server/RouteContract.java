package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.scheduler.store.Database;
import io.millrace.server.TestServer.Reply;
import io.millrace.server.route.Access;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.security.Role;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What holds for every route, taken from the list of routes: a resource that is added to {@link
 * #resources} is covered. Bodies are made up from the records that the routes take.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class RouteContract {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> INJECTIONS =
      List.of(
          "' OR '1'='1",
          "'; DROP TABLE account; --",
          "\" OR \"\"=\"",
          "x') UNION SELECT 1 --",
          "\\'; DELETE FROM audit; #",
          "${jndi:ldap://127.0.0.1/x}",
          "%s%n",
          "<script>",
          "../../../../etc/passwd",
          "..\\..\\x",
          "a\u0000b");

  private static final List<String> TRAVERSALS =
      List.of(
          "..",
          "%2e%2e",
          "..%2f..%2f..%2fetc%2fpasswd",
          "%2e%2e%2fetc",
          "..%5c..%5cetc",
          "%00",
          "a%00b",
          "..;",
          "%252e%252e%252f",
          "a%0d%0aSet-Cookie:x",
          ".",
          "%c0%ae%c0%ae");

  private TestServer server;

  /** The resources beside the server's own. */
  protected abstract List<Routes> resources(Database database);

  @BeforeAll
  final void startServer() {
    server = new TestServer(this::resources);
  }

  @AfterAll
  final void stopServer() {
    server.close();
  }

  protected final TestServer server() {
    return server;
  }

  private Stream<Route> routes() {
    return server.server().routes().stream();
  }

  /** Those that somebody who has logged in may get into. */
  private Stream<Route> entered() {
    return routes().filter(route -> route.access() != Access.NODE);
  }

  @TestFactory
  final Stream<DynamicTest> noLoginOpensARouteForOtherNodes() {
    return routes()
        .filter(route -> route.access() == Access.NODE)
        .map(
            route ->
                dynamicTest(
                    route.toString(),
                    () -> {
                      TestCaller admin = server.logins().session(Role.ADMIN);
                      call(route, admin).isProblem(401);
                      call(route, server.logins().token(Role.ADMIN)).isProblem(401);
                      for (String proof : List.of("", "0 YQ== x.y", "1 2", "9".repeat(600))) {
                        call(route, admin.with("Millrace-Node", proof)).isProblem(401);
                      }
                    }));
  }

  /** A request that could be right, on things that do not exist. */
  private Reply call(Route route, TestCaller caller) {
    return server.send(route.method().name(), path(route, "0"), caller, body(route, Map.of()));
  }

  private static String path(Route route, String value) {
    return route.path(route.parameters().stream().map(parameter -> value).toList());
  }

  @TestFactory
  final Stream<DynamicTest> withoutLoginOnlyPublicRoutesAnswer() {
    return routes()
        .filter(route -> route.access() != Access.PUBLIC)
        .map(
            route ->
                dynamicTest(
                    route.toString(),
                    () -> {
                      call(route, TestCaller.NOBODY).isProblem(401);
                      call(route, TestCaller.token("mrt_wrong")).isProblem(401);
                      call(route, TestCaller.session("wrong", "wrong")).isProblem(401);
                    }));
  }

  @TestFactory
  final Stream<DynamicTest> eachRoleMayWhatItsRoutesSayAndNoMore() {
    return entered()
        .filter(route -> route.access() != Access.PUBLIC && !streams(route))
        .flatMap(
            route ->
                Stream.of(Role.values())
                    .map(role -> dynamicTest(route + " as " + role, () -> tryAs(route, role))));
  }

  private static boolean streams(Route route) {
    return route.contract().mediaType().equals("text/event-stream");
  }

  private void tryAs(Route route, Role role) {
    Reply reply = call(route, server.logins().session(role));
    if (role.includes(route.access().role().orElseThrow())) {
      assertThat(reply.status()).as(reply.body()).isNotIn(401, 403).isLessThan(500);
    } else {
      reply.isProblem(403);
    }
    // A token is no more than its role either.
    if (!role.includes(route.access().role().orElseThrow())) {
      call(route, server.logins().token(role)).isProblem(403);
    }
  }

  @TestFactory
  final Stream<DynamicTest> aSessionHasToProveThatAChangeWasMeant() {
    return routes()
        .filter(route -> route.method().changes())
        .map(
            route ->
                dynamicTest(
                    route.toString(),
                    () -> {
                      TestCaller admin = server.logins().session(Role.ADMIN);
                      TestCaller other = server.logins().session(Role.ADMIN);
                      if (route.access() != Access.PUBLIC) {
                        isCsrf(call(route, admin.without("X-CSRF-Token")));
                        isCsrf(
                            call(
                                route,
                                admin.with("X-CSRF-Token", other.headers().get("X-CSRF-Token"))));
                      }
                      isCsrf(call(route, admin.with("Origin", "https://evil.example")));
                      isCsrf(call(route, admin.with("Origin", "null")));
                    }));
  }

  private static void isCsrf(Reply reply) {
    assertThat(reply.isProblem(403).text("type")).isEqualTo("/problems/csrf");
  }

  @TestFactory
  final Stream<DynamicTest> noPathLeadsOutOfAPathParameter() {
    return entered()
        .filter(route -> !route.parameters().isEmpty())
        .map(
            route ->
                dynamicTest(
                    route.toString(),
                    () -> {
                      for (String traversal : TRAVERSALS) {
                        Reply reply =
                            server.send(
                                route.method().name(),
                                path(route, traversal),
                                server.logins().session(Role.ADMIN),
                                body(route, Map.of()));
                        assertThat(reply.status())
                            .as(traversal + ": " + reply.body())
                            .isIn(400, 404, 405);
                      }
                    }));
  }

  @TestFactory
  final Stream<DynamicTest> textIsNeverSql() {
    return routes()
        .filter(route -> !streams(route))
        .map(route -> dynamicTest(route.toString(), () -> inject(route)));
  }

  private void inject(Route route) throws Exception {
    long accounts = count("account");
    long audits = count("audit");
    for (String injection : INJECTIONS) {
      String escaped =
          java.net.URLEncoder.encode(injection, java.nio.charset.StandardCharsets.UTF_8)
              .replace("+", "%20");
      List<String> queries = new ArrayList<>(List.of(""));
      route.contract().query().keySet().forEach(name -> queries.add("?" + name + "=" + escaped));
      List<String> bodies = new ArrayList<>();
      bodies.add(body(route, Map.of()));
      Class<?> takes = route.contract().takes();
      if (takes != null) {
        for (Object wrong : injected(takes, injection, 3)) {
          bodies.add(MAPPER.writeValueAsString(wrong));
        }
      }
      queries.forEach(query -> send(route, path(route, escaped) + query, injection, bodies.get(0)));
      bodies.forEach(body -> send(route, path(route, "0"), injection, body));
    }
    assertThat(count("account")).isGreaterThanOrEqualTo(accounts);
    assertThat(count("audit")).isGreaterThanOrEqualTo(audits);
  }

  private void send(Route route, String path, String injection, String body) {
    // Each its own: some routes end the session.
    TestCaller admin = server.logins().session(Role.ADMIN);
    Reply reply =
        server.send(
            route.method().name(),
            path,
            injection.indexOf('\0') < 0 ? admin.with("Millrace-Reason", injection) : admin,
            body);
    assertThat(reply.status()).as(path + " " + body + ": " + reply.body()).isLessThan(500);
  }

  private long count(String table) {
    return server
        .database()
        .with(
            handle -> handle.createQuery("SELECT COUNT(*) FROM " + table).mapTo(Long.class).one());
  }

  @TestFactory
  final Stream<DynamicTest> aBodyThatIsNotWhatTheRouteTakesIsRefused() {
    return routes()
        .filter(route -> route.contract().takes() != null)
        .map(route -> dynamicTest(route.toString(), () -> sendBadBodies(route)));
  }

  private void sendBadBodies(Route route) {
    TestCaller admin = server.logins().session(Role.ADMIN);
    String method = route.method().name();
    String path = path(route, "0");
    for (String bad : List.of("", "null", "[]", "1", "{", "{\"a\":1}", "{} {}", "\u0000")) {
      server.send(method, path, admin, bad).isProblem(400);
    }
    String deep = "{\"a\":".repeat(100_000);
    server.send(method, path, admin, deep).isProblem(400);
    assertThat(
            server
                .send(method, path, admin, body(route, Map.of("nosuchfield", "1")))
                .isProblem(400)
                .text("field"))
        .isEqualTo("nosuchfield");
    server
        .send(
            HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "text/plain")
                .method(method, BodyPublishers.ofString(body(route, Map.of()))),
            admin)
        .isProblem(415);
    server.send(method, path, admin, " ".repeat(2 << 20)).isProblem(413);
  }

  @TestFactory
  final Stream<DynamicTest> aBodyWhereNoneBelongsIsRefused() {
    return entered()
        .filter(route -> route.contract().takes() == null && !streams(route))
        .map(
            route ->
                dynamicTest(
                    route.toString(),
                    () ->
                        server
                            .send(
                                route.method().name(),
                                path(route, "0"),
                                server.logins().session(Role.ADMIN),
                                "{}")
                            .isProblem(400)));
  }

  @TestFactory
  final Stream<DynamicTest> anUnknownParameterOfTheQueryIsRefused() {
    return entered()
        .map(
            route ->
                dynamicTest(
                    route.toString(),
                    () ->
                        server
                            .send(
                                route.method().name(),
                                path(route, "0") + "?nosuchparameter=1",
                                server.logins().session(Role.ADMIN),
                                body(route, Map.of()))
                            .isProblem(400)));
  }

  @Test
  final void theDocumentHasEachRouteAndNoOther() {
    JsonNode document = server.get("/api/v1/openapi.json", TestCaller.NOBODY).json();
    Set<String> documented = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(documented).isEqualTo(new TreeSet<>(routes().map(Route::toString).toList()));
    assertThat(document.path("openapi").asText()).startsWith("3.0");
    for (Route route : routes().toList()) {
      JsonNode operation =
          document
              .path("paths")
              .path(route.path())
              .path(route.method().name().toLowerCase(Locale.ROOT));
      assertThat(operation.path("summary").asText()).isNotBlank();
      for (String parameter : route.parameters()) {
        assertThat(operation.path("parameters"))
            .anySatisfy(
                node -> {
                  assertThat(node.path("name").asText()).isEqualTo(parameter);
                  assertThat(node.path("in").asText()).isEqualTo("path");
                  assertThat(node.path("required").asBoolean()).isTrue();
                });
      }
    }
    assertThat(document.findValuesAsText("operationId")).doesNotHaveDuplicates();
    for (String reference : document.findValuesAsText("$ref")) {
      assertThat(document.at(reference.substring(1)).isObject()).as(reference).isTrue();
    }
  }

  /** Plausible bodies, each with this text in another place that takes one, however deep. */
  private static List<Object> injected(Type type, String text, int depth) {
    List<Object> all = new ArrayList<>();
    if (type == String.class || type == Object.class) {
      all.add(text);
    } else if (type instanceof Class<?> record && record.isRecord() && depth > 0) {
      for (RecordComponent component : record.getRecordComponents()) {
        for (Object value : injected(component.getGenericType(), text, depth - 1)) {
          Map<String, Object> one = example(record);
          one.put(component.getName(), value);
          all.add(one);
        }
      }
    } else if (type instanceof ParameterizedType of) {
      Type[] arguments = of.getActualTypeArguments();
      List<Object> values = injected(arguments[arguments.length - 1], text, depth);
      if (arguments.length == 1) {
        values.forEach(value -> all.add(List.of(value)));
      } else {
        values.forEach(value -> all.add(Map.of("x", value)));
        all.add(Map.of(text, "x"));
      }
    }
    return all;
  }

  /** A plausible body, with these fields as given; null for a route that takes none. */
  private static String body(Route route, Map<String, String> fields) {
    Class<?> takes = route.contract().takes();
    if (takes == null) {
      return null;
    }
    try {
      Map<String, Object> example = example(takes);
      example.putAll(fields);
      return MAPPER.writeValueAsString(example);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> example(Class<?> type) {
    Map<String, Object> example = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      boolean mayBeNull =
          component.getAnnotatedType().isAnnotationPresent(org.jspecify.annotations.Nullable.class);
      // A record may hold itself, and then may be null.
      example.put(
          component.getName(),
          mayBeNull && component.getType().isRecord() ? null : value(component.getType()));
    }
    return example;
  }

  private static Object value(Class<?> type) {
    if (type.isEnum()) {
      return ((Enum<?>) type.getEnumConstants()[0]).name();
    }
    if (type.isRecord()) {
      return example(type);
    }
    if (type == boolean.class || type == Boolean.class) {
      return false;
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return 1;
    }
    if (type == LocalDate.class) {
      return "2026-11-22";
    }
    if (type == Instant.class) {
      return "2026-11-22T10:00:00Z";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return List.of();
    }
    if (Map.class.isAssignableFrom(type)) {
      return Map.of();
    }
    return "x";
  }
}
