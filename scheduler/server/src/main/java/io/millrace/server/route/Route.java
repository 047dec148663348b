package io.millrace.server.route;

import io.millrace.server.route.Contract.Repetition;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One route, complete: without a role, a summary or an operation it cannot be made.
 *
 * <pre>{@code
 * Route.get("/users/{name}", Access.ADMIN, "Shows a user", this::show).gives(UserView.class)
 * }</pre>
 *
 * @param method the HTTP method
 * @param path the whole path; a part in braces, {@code {name}}, is a parameter
 * @param access who may use it
 * @param summary one line for the document
 * @param contract what goes in and comes out
 * @param operation what it does
 */
public record Route(
    Method method,
    String path,
    Access access,
    String summary,
    Contract contract,
    Operation operation) {

  /** What every path of the API begins with. */
  public static final String PREFIX = "/api/v1";

  private static final Pattern PATH = Pattern.compile("(/[a-z0-9.-]+|/\\{[a-z][A-Za-z]*})+");
  private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)}");

  public Route {
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "not a path of lower case words and {parameters}: " + path);
    }
    if (summary.isBlank()) {
      throw new IllegalArgumentException("a route without a summary: " + method + " " + path);
    }
  }

  public static Route get(String path, Access access, String summary, Operation operation) {
    return of(Method.GET, path, access, summary, operation);
  }

  public static Route post(String path, Access access, String summary, Operation operation) {
    return of(Method.POST, path, access, summary, operation);
  }

  public static Route put(String path, Access access, String summary, Operation operation) {
    return of(Method.PUT, path, access, summary, operation);
  }

  public static Route patch(String path, Access access, String summary, Operation operation) {
    return of(Method.PATCH, path, access, summary, operation);
  }

  public static Route delete(String path, Access access, String summary, Operation operation) {
    return of(Method.DELETE, path, access, summary, operation);
  }

  private static Route of(
      Method method, String path, Access access, String summary, Operation operation) {
    return new Route(method, PREFIX + path, access, summary, Contract.NOTHING, operation);
  }

  /** The body is this record, as JSON. A route that does not say so refuses a body. */
  public Route takes(Class<? extends Record> type) {
    return with(contract.withTakes(type));
  }

  /** The answer is this record, with 200. */
  public Route gives(Class<?> type) {
    return with(contract.withGives(200, type, Repetition.ONE));
  }

  /** The answer is this record, with 201. */
  public Route creates(Class<?> type) {
    return with(contract.withGives(201, type, Repetition.ONE));
  }

  /** The answer is a list of these. */
  public Route givesList(Class<?> type) {
    return with(contract.withGives(200, type, Repetition.LIST));
  }

  /** The answer is a {@link io.millrace.server.page.Page} of these. */
  public Route givesPage(Class<?> type) {
    return with(contract.withGives(200, type, Repetition.PAGE))
        .query("page", "the page, from 1")
        .query("size", "how many on a page, 1 to 500; 50 by default");
  }

  /** The answer is a {@link io.millrace.server.page.Slice} of these. */
  public Route givesSlice(Class<?> type) {
    return with(contract.withGives(200, type, Repetition.SLICE))
        .query("cursor", "what the part before gave as next; without it, the first part")
        .query("size", "how many at most, 1 to 500; 50 by default");
  }

  /** The answer is of this media type, such as {@code text/event-stream}. */
  public Route givesMedia(String mediaType) {
    return with(contract.withMediaType(mediaType));
  }

  /** It understands this parameter of the query; others are refused. */
  public Route query(String name, String description) {
    return with(contract.withQuery(name, description));
  }

  /** It is open to somebody who has to change the password first. */
  public Route whilePasswordIsDue() {
    return with(contract.openWhilePasswordIsDue());
  }

  /** The same outside {@link #PREFIX}, for what others prescribe the path of. */
  public Route outsideTheApi() {
    return new Route(method, path.substring(PREFIX.length()), access, summary, contract, operation);
  }

  /** The names of the path's parameters, in their order. */
  public List<String> parameters() {
    return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
  }

  /** The path with these values in the place of its parameters. */
  public String path(List<String> values) {
    Matcher parameter = PARAMETER.matcher(path);
    StringBuilder filled = new StringBuilder();
    for (int i = 0; parameter.find(); i++) {
      parameter.appendReplacement(filled, Matcher.quoteReplacement(values.get(i)));
    }
    return parameter.appendTail(filled).toString();
  }

  private Route with(Contract changed) {
    return new Route(method, path, access, summary, changed, operation);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
