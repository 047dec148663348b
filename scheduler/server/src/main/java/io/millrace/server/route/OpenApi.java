package io.millrace.server.route;

import io.millrace.server.node.NodeCalls;
import io.millrace.server.problem.Problem;
import io.millrace.server.route.Contract.Repetition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes the OpenAPI 3 document of a list of routes. */
public final class OpenApi {

  private static final String SESSION = "session";
  private static final String TOKEN = "token";
  private static final String NODE = "node";

  private final Schemas schemas = new Schemas();
  private final List<Route> routes;
  private final String version;

  private OpenApi(List<Route> routes, String version) {
    this.routes = routes;
    this.version = version;
  }

  /**
   * The document, as JSON.
   *
   * @param version of the program
   */
  public static byte[] document(List<Route> routes, String version) {
    return Json.write(new OpenApi(routes, version).document());
  }

  private Map<String, Object> document() {
    Map<String, Map<String, Object>> paths = new TreeMap<>();
    for (Route route : routes) {
      paths
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.0.3");
    document.put("info", Map.of("title", "Millrace", "version", version));
    document.put("paths", paths);
    document.put(
        "components",
        Map.of(
            "schemas",
            schemas.named(),
            "securitySchemes",
            Map.of(
                SESSION,
                Map.of("type", "apiKey", "in", "cookie", "name", "millrace_session"),
                TOKEN,
                Map.of("type", "http", "scheme", "bearer"),
                NODE,
                Map.of("type", "apiKey", "in", "header", "name", NodeCalls.HEADER))));
    return document;
  }

  private Map<String, Object> operation(Route route) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("summary", route.summary());
    operation.put("operationId", operationId(route));
    operation.put("tags", List.of(tag(route)));
    operation.put("x-role", route.access().name().toLowerCase(Locale.ROOT));
    if (route.access() == Access.PUBLIC) {
      operation.put("security", List.of());
    } else if (route.access() == Access.NODE) {
      operation.put("security", List.of(Map.of(NODE, List.of())));
    } else {
      operation.put("security", List.of(Map.of(SESSION, List.of()), Map.of(TOKEN, List.of())));
    }
    operation.put("parameters", parameters(route));
    Class<?> takes = route.contract().takes();
    if (takes != null) {
      operation.put(
          "requestBody",
          Map.of("required", true, "content", content("application/json", schemas.of(takes))));
    }
    operation.put("responses", responses(route));
    return operation;
  }

  private static List<Map<String, Object>> parameters(Route route) {
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (String name : route.parameters()) {
      parameters.add(
          Map.of("name", name, "in", "path", "required", true, "schema", Map.of("type", "string")));
    }
    route
        .contract()
        .query()
        .forEach(
            (name, description) ->
                parameters.add(
                    Map.of(
                        "name",
                        name,
                        "in",
                        "query",
                        "required",
                        false,
                        "description",
                        description,
                        "schema",
                        Map.of("type", "string"))));
    return parameters;
  }

  private Map<String, Object> responses(Route route) {
    Contract contract = route.contract();
    Map<String, Object> responses = new LinkedHashMap<>();
    Map<String, Object> success = new LinkedHashMap<>();
    success.put("description", "Done");
    Class<?> gives = contract.gives();
    if (gives != null) {
      success.put("content", content(contract.mediaType(), repeated(gives, contract.list())));
    } else if (contract.status() != 204) {
      success.put("content", content(contract.mediaType(), Map.of("type", "string")));
    }
    responses.put(Integer.toString(contract.status()), success);
    responses.put(
        "default",
        Map.of(
            "description",
            "A problem",
            "content",
            content(Problem.MEDIA_TYPE, schemas.of(Problem.class))));
    return responses;
  }

  private Map<String, Object> repeated(Class<?> type, Repetition repetition) {
    Map<String, Object> one = schemas.of(type);
    return switch (repetition) {
      case ONE -> one;
      case LIST -> Map.of("type", "array", "items", one);
      case SLICE ->
          Map.of(
              "type",
              "object",
              "required",
              List.of("items"),
              "properties",
              Map.of(
                  "items",
                  Map.of("type", "array", "items", one),
                  "next",
                  Map.of("type", "string")));
      case PAGE ->
          Map.of(
              "type",
              "object",
              "required",
              List.of("items", "page", "size", "total"),
              "properties",
              Map.of(
                  "items",
                  Map.of("type", "array", "items", one),
                  "page",
                  Map.of("type", "integer", "format", "int32"),
                  "size",
                  Map.of("type", "integer", "format", "int32"),
                  "total",
                  Map.of("type", "integer", "format", "int64")));
    };
  }

  private static Map<String, Object> content(String mediaType, Map<String, Object> schema) {
    return Map.of(mediaType, Map.of("schema", schema));
  }

  /** Such as {@code postUsersNamePasswordReset}. */
  private static String operationId(Route route) {
    StringBuilder id = new StringBuilder(route.method().name().toLowerCase(Locale.ROOT));
    for (String word : inner(route).split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return id.toString();
  }

  private static String tag(Route route) {
    return inner(route).split("/")[1];
  }

  private static String inner(Route route) {
    return route.path().startsWith(Route.PREFIX)
        ? route.path().substring(Route.PREFIX.length())
        : route.path();
  }
}
