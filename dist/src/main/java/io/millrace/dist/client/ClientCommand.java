package io.millrace.dist.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command as data: what it is called, which routes it calls and what may be said with it.
 *
 * <pre>{@code
 * ClientCommand.of("show", "Show a group.", GET).argument("GROUP", "Its name.").does(this::show)
 * }</pre>
 *
 * <p>Made and used by one thread.
 */
final class ClientCommand {

  private static final Pattern DASH = Pattern.compile("-([a-z])");

  /** How often an argument may stand. */
  enum Arity {
    ONE,
    OPTIONAL,
    MANY
  }

  /**
   * An argument without a name.
   *
   * @param label also what it is asked for by
   */
  record Argument(String label, String text, Arity arity) {}

  /**
   * An option.
   *
   * @param label of its value; empty for a flag
   * @param repeated true when it may be given several times
   * @param candidates what a shell offers; may be empty
   */
  record Option(
      String name, String label, String text, boolean repeated, List<String> candidates) {}

  /** What a command does. */
  @FunctionalInterface
  interface Action {
    /**
     * Does it.
     *
     * @return false when something of what was wanted has failed
     */
    boolean run(Invocation invocation);
  }

  private final String name;
  private final String summary;
  private final List<Endpoint> endpoints;
  private final List<Argument> arguments = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();
  private final List<Option> filters = new ArrayList<>();
  private final List<String> hints = new ArrayList<>();
  private Action action = invocation -> true;

  private ClientCommand(String name, String summary, List<Endpoint> endpoints) {
    this.name = name;
    this.summary = summary;
    this.endpoints = List.copyOf(endpoints);
  }

  /**
   * Begins a command.
   *
   * @param endpoints that it may call
   */
  static ClientCommand of(String name, String summary, Endpoint... endpoints) {
    return new ClientCommand(name, summary, List.of(endpoints));
  }

  ClientCommand argument(String label, String text) {
    arguments.add(new Argument(label, text, Arity.ONE));
    return this;
  }

  ClientCommand optionalArgument(String label, String text) {
    arguments.add(new Argument(label, text, Arity.OPTIONAL));
    return this;
  }

  /** One or more, the last of the arguments. */
  ClientCommand arguments(String label, String text) {
    arguments.add(new Argument(label, text, Arity.MANY));
    return this;
  }

  ClientCommand option(String option, String label, String text) {
    return add(new Option(option, label, text, false, List.of()));
  }

  /** One of these words, in whatever case. */
  ClientCommand choice(String option, String text, String... candidates) {
    return add(choiceOf(option, text, candidates));
  }

  ClientCommand repeated(String option, String label, String text) {
    return add(new Option(option, label, text, true, List.of()));
  }

  ClientCommand flag(String option, String text) {
    return add(new Option(option, "", text, false, List.of()));
  }

  /** An option that goes into the query, as {@code --task-id} goes into {@code taskId}. */
  ClientCommand filter(String option, String label, String text) {
    return addFilter(new Option(option, label, text, false, List.of()));
  }

  /** The same for a closed set. */
  ClientCommand filterChoice(String option, String text, String... candidates) {
    return addFilter(choiceOf(option, text, candidates));
  }

  private static Option choiceOf(String option, String text, String... candidates) {
    return new Option(
        option,
        option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT),
        text + ": " + String.join(", ", candidates) + ".",
        false,
        List.of(candidates));
  }

  private ClientCommand addFilter(Option option) {
    filters.add(option);
    return add(option);
  }

  private ClientCommand add(Option option) {
    options.add(option);
    return this;
  }

  /** A paragraph below its help. */
  ClientCommand hint(String text) {
    hints.add(text);
    return this;
  }

  ClientCommand does(Action does) {
    this.action = does;
    return this;
  }

  /** The parameter of the query that an option stands for. */
  static String parameter(Option option) {
    Matcher dash = DASH.matcher(option.name().substring(2));
    return dash.replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
  }

  String name() {
    return name;
  }

  String summary() {
    return summary;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  List<Argument> arguments() {
    return List.copyOf(arguments);
  }

  List<Option> options() {
    return List.copyOf(options);
  }

  List<Option> filters() {
    return List.copyOf(filters);
  }

  List<String> hints() {
    return List.copyOf(hints);
  }

  boolean run(Invocation invocation) {
    return action.run(invocation);
  }

  /** True when it changes something on the server, and so may say why. */
  boolean changes() {
    return endpoints.stream().anyMatch(Endpoint::changes);
  }
}
