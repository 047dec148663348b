package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.task.OptionRules.Disclosure;
import io.millrace.engine.task.OptionRules.Rule;
import io.millrace.engine.task.Outline.End;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Connections whose secrets stand in a task's text, as DataX files have them. Where tasks are kept
 * and shown, they have to stand in a data source.
 */
public final class InlineConnections {

  private static final List<String> URLS = List.of("jdbcurl", "url");
  private static final List<String> ACCOUNT = List.of("username", "user", "password");

  private final Substitution expressions;
  private final Declarations declarations;
  private final BiFunction<String, Map<String, Object>, String> naming;

  private InlineConnections(
      Substitution expressions,
      Declarations declarations,
      BiFunction<String, Map<String, Object>, String> naming) {
    this.expressions = expressions;
    this.declarations = declarations;
    this.naming = naming;
  }

  /**
   * Refuses a text that holds a secret.
   *
   * @param name stands for the file in messages
   * @param declarations what the connectors declare as secret
   * @throws MillraceException in one line that names the option, never its value
   */
  public static void refuseSecrets(String name, String text, Declarations declarations) {
    Node root = Documents.read(name, text, "task");
    Outline outline = TaskFiles.outline(root, ReadSettings.defaults(), new Notes());
    for (End end : outline.ends()) {
      secretIn(end.options(), declarations.rules(end.connector()))
          .ifPresent(
              node -> {
                throw node.wrong(
                    "holds a secret, which would be kept readable: put it into a data source and"
                        + " name that under 'datasource' (importing the file does so)");
              });
    }
  }

  /** The first text or number in an object that is a secret. */
  private static Optional<Node> secretIn(Node object, OptionRules rules) {
    return object.entries().keySet().stream()
        .map(key -> secretIn(object.at(key), rules.of(key)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Node> secretIn(Node node, Rule rule) {
    if (node.value() instanceof Map) {
      return secretIn(node, rule.inside());
    }
    if (node.value() instanceof List) {
      return node.items().stream()
          .map(item -> secretIn(item, rule))
          .flatMap(Optional::stream)
          .findFirst();
    }
    boolean secret = rule.disclosure() == Disclosure.SECRET;
    boolean holds =
        secret
                && (node.value() instanceof Number
                    || node.value() instanceof String && !node.isEmpty())
            || node.value() instanceof String text
                && !UrlSecrets.find(text, rule.openUrlParameters()).isEmpty();
    return holds ? Optional.of(node) : Optional.empty();
  }

  /**
   * The same task without connections in it.
   *
   * @param name stands for the file in messages
   * @param declarations what the connectors declare as secret
   * @param naming gives the name of a data source for a connector and the options that go there,
   *     the same name for the same ones; it may keep the options, which hold secrets
   * @return the text, as JSON; {@code text} itself when it holds no secret
   * @throws MillraceException in one line, when a secret stands where it cannot be taken from
   */
  public static String extract(
      String name,
      String text,
      Declarations declarations,
      BiFunction<String, Map<String, Object>, String> naming) {
    Node root = Documents.read(name, text, "task");
    Outline outline = TaskFiles.outline(root, ReadSettings.defaults(), new Notes());
    InlineConnections inline =
        new InlineConnections(
            new Substitution(
                ReadSettings.defaults()
                    .withParameters(Map.of("jobid", "", "nodeid", "", "taskid", "")),
                ReadSettings.defaults().timeBase(ReadSettings.defaults().zone()),
                false,
                new Notes()),
            declarations,
            naming);
    boolean changed = false;
    for (End end : outline.ends()) {
      changed |= inline.extract(root, end);
    }
    refuseLeft(TaskFiles.outline(root, ReadSettings.defaults(), new Notes()), declarations);
    return changed ? Documents.json(root.value()) : text;
  }

  private static void refuseLeft(Outline outline, Declarations declarations) {
    for (End end : outline.ends()) {
      secretIn(end.options(), declarations.rules(end.connector()))
          .ifPresent(
              node -> {
                throw node.wrong(
                    "holds a secret that cannot be taken out: write it beside the connector's other"
                        + " options, or create a data source by hand");
              });
    }
  }

  /** Changes the document in place: its maps are this reading's own. */
  @SuppressWarnings("unchecked") // Documents makes every key a text
  private boolean extract(Node root, End end) {
    Node options = end.options();
    OptionRules rules = declarations.rules(end.connector());
    if (secretIn(options, rules).isEmpty()) {
      return false;
    }
    if (options.at("datasource").text().isPresent()) {
      throw options.wrong(
          "names a data source and holds a secret beside it: take the secret out, or the name");
    }
    // In the short form with a type beside the options, the outline's are a copy.
    Object kept = root.entries().get(options.path());
    Map<String, Object> own = (Map<String, Object>) (kept instanceof Map ? kept : options.value());
    Map<String, Object> source = new LinkedHashMap<>();
    for (String key : List.copyOf(own.keySet())) {
      boolean moves =
          !key.equalsIgnoreCase("connection")
              && own.get(key) != null
              && (secretIn(options.at(key), rules.of(key)).isPresent()
                  // What decides where the secrets go has to stand beside them.
                  || rules.directing(Map.of(key, own.get(key))).isPresent()
                  || SecretNames.isConnection(key) && isConstant(options.at(key)));
      if (moves) {
        requireConstant(options.at(key));
        source.put(key, own.remove(key));
      }
    }
    extractConnection(options, own, source);
    Object connection = own.get("connection");
    if (connection != null
        && !source.isEmpty()
        && rules.directing(Map.of("connection", connection)).isPresent()) {
      // Several databases of one account: a task may not name them beside its password.
      requireConstant(options.at("connection"));
      source.put("connection", own.remove("connection"));
    }
    if (source.isEmpty()) {
      return false;
    }
    own.put("datasource", naming.apply(end.connector(), source));
    return true;
  }

  /** Takes what all elements of DataX's {@code connection[]} share, where they say the same. */
  @SuppressWarnings("unchecked")
  private void extractConnection(
      Node options, Map<String, Object> own, Map<String, Object> source) {
    Node connection = options.at("connection");
    if (!(own.get("connection") instanceof List)) {
      return;
    }
    List<Map<String, Object>> elements = new ArrayList<>();
    for (Node element : connection.items()) {
      if (!(element.value() instanceof Map)) {
        return; // the connector says what is wrong with it
      }
      elements.add((Map<String, Object>) element.value());
    }
    Set<String> keys = new LinkedHashSet<>();
    elements.forEach(element -> keys.addAll(element.keySet()));
    for (String key : keys) {
      String plain = key.toLowerCase(Locale.ROOT);
      if (!URLS.contains(plain) && !ACCOUNT.contains(plain)) {
        continue;
      }
      Set<@Nullable Object> values = new LinkedHashSet<>();
      elements.forEach(element -> values.add(element.get(key)));
      boolean taken = source.keySet().stream().anyMatch(key::equalsIgnoreCase);
      boolean constant =
          connection.items().stream().allMatch(element -> isConstant(element.at(key)));
      if (values.size() == 1 && !values.contains(null) && !taken && constant) {
        source.put(key, values.iterator().next());
        elements.forEach(element -> element.remove(key));
      }
    }
  }

  private boolean isConstant(Node node) {
    if (node.value() instanceof Map) {
      return node.entries().keySet().stream().allMatch(key -> isConstant(node.at(key)));
    }
    if (node.value() instanceof List) {
      return node.items().stream().allMatch(this::isConstant);
    }
    return !(node.value() instanceof String text) || !expressions.replacesIn(text);
  }

  private void requireConstant(Node node) {
    if (!isConstant(node)) {
      throw node.wrong(
          "holds a parameter, which a data source cannot: write its value, or create a data source"
              + " by hand");
    }
  }
}
