package io.millrace.dist.client;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command as somebody has typed it. Used by one thread. */
final class Invocation {

  static final String SERVER = "--server";
  static final String OUTPUT = "--output";
  static final String WHY = "--why";

  private static final String TOKEN = "MILLRACE_TOKEN";

  private final ClientCommand command;
  private final ClientContext context;
  private final Map<String, Object> values;
  private final ServerAddress address;
  private final Output output;
  private @Nullable ApiClient api;

  /**
   * @param values of arguments by their labels and of options by their names: a text, a list of
   *     texts, or true for a flag
   */
  Invocation(ClientCommand command, ClientContext context, Map<String, Object> values) {
    this.command = command;
    this.context = context;
    this.values = values;
    this.address = ServerAddress.of((String) values.get(SERVER), context.environment());
    this.output = new Output(context.out(), wantsJson());
  }

  private boolean wantsJson() {
    String form = option(OUTPUT).orElse("table");
    if (!List.of("json", "table").contains(form)) {
      throw ClientError.INPUT.because("-o must be json or table, found '" + form + "'");
    }
    return form.equals("json");
  }

  ClientContext context() {
    return context;
  }

  Output output() {
    return output;
  }

  ServerAddress address() {
    return address;
  }

  /** An argument that must be there. */
  String argument(String label) {
    return (String) Objects.requireNonNull(values.get(label), label);
  }

  Optional<String> option(String name) {
    return Optional.ofNullable((String) values.get(name));
  }

  /** Several arguments, or an option that may be repeated. */
  @SuppressWarnings("unchecked")
  List<String> all(String name) {
    return (List<String>) values.getOrDefault(name, List.of());
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /** A whole number. */
  Optional<Integer> number(String name) {
    return option(name).map(text -> number(name, text));
  }

  static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ClientError.INPUT.because(name + " must be a whole number, found '" + text + "'");
    }
  }

  /**
   * A date as routes take it.
   *
   * @param text a date as 2026-11-20 or 20261120
   */
  static String date(String name, String text) {
    try {
      DateTimeFormatter form =
          text.matches("[0-9]{8}")
              ? DateTimeFormatter.BASIC_ISO_DATE
              : DateTimeFormatter.ISO_LOCAL_DATE;
      return LocalDate.parse(text, form).toString();
    } catch (DateTimeException e) {
      throw ClientError.INPUT.because(
          name + " must be a date such as 2026-11-20 or 20261120, found '" + text + "'", e);
    }
  }

  /** The id of something that has no other name. */
  long id(String label) {
    return id(label, argument(label));
  }

  static long id(String label, String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw ClientError.INPUT.because(label + " must be a number, found '" + text + "'");
    }
    return Long.parseLong(text);
  }

  /** What was said in options that go into the query. */
  Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    for (ClientCommand.Option filter : command.filters()) {
      boolean isDate = filter.label().equals("DATE");
      option(filter.name())
          .map(text -> isDate ? date(filter.name(), text) : text)
          .ifPresent(text -> query.put(ClientCommand.parameter(filter), text));
    }
    return query;
  }

  String why() {
    return option(WHY).orElse("");
  }

  /** The server, asked with the token of the environment or else with the one of the login. */
  ApiClient api() {
    ApiClient known = api;
    if (known == null) {
      String variable = context.environment().apply(TOKEN);
      String token =
          variable == null || variable.isBlank()
              ? login().token().map(SavedLogin.Token::text).orElse(null)
              : variable.strip();
      known = ApiClient.withToken(address, token).because(why());
      api = known;
    }
    return known;
  }

  SavedLogin login() {
    return new SavedLogin(address, context.environment());
  }

  Passwords passwords() {
    return new Passwords(context);
  }
}
