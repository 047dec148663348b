package io.millrace.server.route;

import io.javalin.http.Context;
import io.millrace.server.page.PageRequest;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import io.millrace.server.security.Identity;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request, checked as its route declares. Used by the one thread that answers it. */
public final class Request {

  private static final int TEXT = 1_000;
  private static final int WHY = 1_000;
  private static final String UTF_8 = "UTF-8''";

  private final Context context;
  private final Route route;
  private final @Nullable Identity identity;
  private final Sight sight;
  private final String address;
  private final Body body;

  Request(
      Context context,
      Route route,
      @Nullable Identity identity,
      Sight sight,
      String address,
      Body body) {
    this.context = context;
    this.route = route;
    this.identity = identity;
    this.sight = sight;
    this.address = address;
    this.body = body;
  }

  /** Refuses what the route does not declare. */
  void check() throws IOException {
    for (Map.Entry<String, List<String>> parameter : context.queryParamMap().entrySet()) {
      if (!route.contract().query().containsKey(parameter.getKey())) {
        throw new ProblemException(
            ProblemKind.BAD_REQUEST,
            "an unknown parameter in the query; known are " + route.contract().query().keySet());
      }
      if (parameter.getValue().size() > 1) {
        throw ProblemException.field(parameter.getKey(), "is given more than once");
      }
      Check.text(parameter.getKey(), parameter.getValue().get(0), 0, TEXT);
    }
    // Here as well as where they are read, so that nobody can forget it.
    route.parameters().forEach(this::name);
    if (route.contract().takes() == null) {
      body.none();
    }
  }

  /**
   * Who sent it.
   *
   * @throws IllegalStateException on a public route
   */
  public Identity identity() {
    if (identity == null) {
      throw new IllegalStateException(route + " is public: nobody is known");
    }
    return identity;
  }

  /**
   * What the caller is shown. Messages are shown so by whoever writes the answer; what needs more
   * than that, such as a task's text, asks here.
   */
  public Sight sight() {
    return sight;
  }

  /** The address of the client, as far as the proxy in front is to be believed. */
  public String address() {
    return address;
  }

  /**
   * Why the caller does it, for the audit: the header {@code Millrace-Reason}; empty without. A
   * header holds ASCII only, so that other text comes as RFC 8187 has it: {@code UTF-8''f%C3%BCr}.
   */
  public String why() {
    String why = context.header("Millrace-Reason");
    if (why == null) {
      return "";
    }
    return Check.text("Millrace-Reason", why.startsWith(UTF_8) ? decoded(why) : why, 0, WHY);
  }

  private static String decoded(String why) {
    try {
      // A plus is a plus here, and no blank.
      String text = why.substring(UTF_8.length()).replace("+", "%2B");
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ProblemException.field("Millrace-Reason", "is not in the form of RFC 8187");
    }
  }

  /** A header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(context.header(name));
  }

  /** A cookie. */
  public Optional<String> cookie(String name) {
    return Optional.ofNullable(context.cookie(name));
  }

  /** A parameter of the path that is a number, such as an instance's. */
  public long id(String parameter) {
    String text = context.pathParam(parameter);
    if (!text.matches("[0-9]{1,18}")) {
      throw ProblemException.field(parameter, "must be a number");
    }
    return Long.parseLong(text);
  }

  /**
   * A parameter of the path that is a name. It holds no separator and is never {@code .} or {@code
   * ..}, so that it may stand in the name of a file.
   */
  public String name(String parameter) {
    String text = Check.text(parameter, context.pathParam(parameter), 1, 200);
    if (text.contains("/") || text.contains("\\") || text.matches("\\.+")) {
      throw ProblemException.field(parameter, "must be a name");
    }
    return text;
  }

  /** A parameter of the query that the route declares. */
  public Optional<String> query(String parameter) {
    if (!route.contract().query().containsKey(parameter)) {
      throw new IllegalStateException(route + " does not declare the parameter " + parameter);
    }
    return Optional.ofNullable(context.queryParam(parameter)).filter(text -> !text.isEmpty());
  }

  /** A whole number of the query. */
  public long number(String parameter, long otherwise, long least, long most) {
    Optional<String> text = query(parameter);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.get().matches("-?[0-9]{1,18}")) {
      throw ProblemException.field(parameter, "must be a whole number");
    }
    return Check.between(parameter, Long.parseLong(text.get()), least, most);
  }

  /** Some of a closed set, separated by commas; empty for no choice. */
  public <E extends Enum<E>> List<E> choices(String parameter, Class<E> type) {
    return query(parameter).stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(text -> choice(parameter, text.strip(), type))
        .distinct()
        .toList();
  }

  private static <E extends Enum<E>> E choice(String parameter, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw ProblemException.field(
        parameter, "must be one of " + Arrays.toString(type.getEnumConstants()));
  }

  /** True for {@code ?parameter}, {@code =true} or {@code =1}. */
  public boolean flag(String parameter) {
    query(parameter);
    String text = context.queryParam(parameter);
    if (text == null || text.equals("false") || text.equals("0")) {
      return false;
    }
    if (text.isEmpty() || text.equals("true") || text.equals("1")) {
      return true;
    }
    throw ProblemException.field(parameter, "must be true or false");
  }

  /** Which page of a list is wanted; for routes with {@link Route#givesPage}. */
  public PageRequest page() {
    return new PageRequest(
        (int) number("page", 1, 1, PageRequest.LAST_PAGE),
        (int) number("size", PageRequest.SIZE, 1, PageRequest.LARGEST));
  }

  /** The body, as the record that the route declares. */
  public <T extends Record> T body(Class<T> type) throws IOException {
    if (route.contract().takes() != type) {
      throw new IllegalStateException(route + " does not take a " + type.getSimpleName());
    }
    return Json.read(body.read(), type);
  }
}
