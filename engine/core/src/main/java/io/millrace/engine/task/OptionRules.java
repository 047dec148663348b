package io.millrace.engine.task;

import io.millrace.api.Connector;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.OptionContent;
import io.millrace.api.option.OptionType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is secret among raw options, and what decides where secrets go, at any depth. It follows
 * what the connector declares; names count only where nothing is declared. Immutable.
 */
public final class OptionRules {

  /** Who may see a value. */
  public enum Disclosure {
    /** Everybody. */
    OPEN,
    /** Not known to be open: hidden where it is shown, encrypted where it is kept. */
    HIDDEN,
    /** The same, and never in the text of a task. */
    SECRET
  }

  /** What a key is that no option declares. */
  private enum Undeclared {
    /** Nothing is known of the connector yet: what the name says, else open. */
    BY_NAME,
    /** The connector is not here: what the name says, else hidden. */
    UNKNOWN,
    /** The connector does not look at it. */
    UNUSED,
    /** It stands in an object of which nothing is declared. */
    CONTENT,
    /** It stands in an object where a plain text belongs, which the connector refuses. */
    MISPLACED,
    /** It stands in an object whose other keys are declared, or in a secret. */
    SECRET,
    PRIVATE,
    OPEN
  }

  /**
   * What holds for an option, or for a key in one.
   *
   * @param directs true when the value decides where secrets go
   * @param openUrlParameters whose values in URLs may be shown; null for all but those that are
   *     secret by name
   * @param inside what holds for the keys of objects in the value
   */
  public record Rule(
      Disclosure disclosure,
      boolean directs,
      @Nullable Collection<String> openUrlParameters,
      OptionRules inside) {

    /** The text with {@code ***} in place of what is secret in it. */
    public String shown(String text) {
      return disclosure == Disclosure.OPEN
          ? UrlSecrets.hide(text, openUrlParameters)
          : text.isEmpty() ? text : Secrets.MASK;
    }
  }

  /** Of connectors of which nothing is known yet: names alone count. */
  static final OptionRules BY_NAME = new OptionRules(Undeclared.BY_NAME);

  /** Of connectors that are not here: what is not known to be open is hidden. */
  public static final OptionRules UNKNOWN = new OptionRules(Undeclared.UNKNOWN);

  private static final OptionRules ALL_SECRET = new OptionRules(Undeclared.SECRET);
  private static final OptionRules ALL_OPEN = new OptionRules(Undeclared.OPEN);
  private static final OptionRules ALL_PRIVATE = new OptionRules(Undeclared.PRIVATE);
  private static final OptionRules MISPLACED = new OptionRules(Undeclared.MISPLACED);
  private static final OptionRules CONTENT = new OptionRules(Undeclared.CONTENT);

  /**
   * Values that are only hidden are looked for in other texts from this length on; shorter ones are
   * numbers, switches and words that stand everywhere.
   */
  private static final int SEARCHED = 8;

  /** By each spelling. As the api compares keys, which a lower case would not. */
  private final Map<String, List<ConfigOption<?>>> declared =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private final Undeclared others;
  private final boolean directsByName;

  private OptionRules(Undeclared others) {
    this.others = others;
    this.directsByName = false;
  }

  private OptionRules(Collection<ConfigOption<?>> options, Undeclared others) {
    this.others = others;
    for (ConfigOption<?> option : options) {
      declared.computeIfAbsent(option.key(), key -> new ArrayList<>()).add(option);
      for (String alias : option.aliases()) {
        declared.computeIfAbsent(alias, key -> new ArrayList<>()).add(option);
      }
    }
    this.directsByName = others == Undeclared.UNUSED && options.stream().noneMatch(o -> directs(o));
  }

  private static boolean directs(ConfigOption<?> option) {
    return option.directing() || option.contentKeys().stream().anyMatch(OptionRules::directs);
  }

  /** Of one end of a connector; {@link #UNKNOWN} when it declares nothing. */
  public static OptionRules of(List<ConfigOption<?>> declared) {
    return declared.isEmpty() ? UNKNOWN : new OptionRules(declared, Undeclared.UNUSED);
  }

  /** Of both ends of a connector and its connection test together: the strictest one counts. */
  public static OptionRules of(Connector connector) {
    List<ConfigOption<?>> all = new ArrayList<>();
    connector.reader().ifPresent(reader -> all.addAll(reader.options()));
    connector.writer().ifPresent(writer -> all.addAll(writer.options()));
    connector.connectionTest().ifPresent(test -> all.addAll(test.options()));
    return new OptionRules(all, Undeclared.UNUSED);
  }

  /** What holds for the value of a key. */
  public Rule of(String key) {
    List<ConfigOption<?>> options = declared.get(key);
    if (options == null) {
      return undeclared(key);
    }
    Rule rule = of(key, options.get(0));
    for (ConfigOption<?> option : options.subList(1, options.size())) {
      rule = stricter(rule, of(key, option));
    }
    return rule;
  }

  private Rule of(String key, ConfigOption<?> option) {
    boolean json = option.type() == OptionType.JSON;
    boolean undeclared = option.content() == OptionContent.UNDECLARED;
    boolean secret = option.secret() || undeclared && SecretNames.isSecret(key);
    OptionRules inside =
        secret
            ? ALL_SECRET
            : !json
                ? MISPLACED
                : switch (option.content()) {
                  case UNDECLARED -> CONTENT;
                  case DECLARED -> new OptionRules(option.contentKeys(), Undeclared.SECRET);
                  case PRIVATE -> ALL_PRIVATE;
                  case OPEN -> ALL_OPEN;
                };
    return new Rule(
        secret ? Disclosure.SECRET : Disclosure.OPEN,
        option.directing() || directsByName && SecretNames.directs(key),
        option.openUrlParameters(),
        inside);
  }

  private Rule undeclared(String key) {
    Disclosure otherwise =
        switch (others) {
          case BY_NAME, OPEN -> Disclosure.OPEN;
          case UNKNOWN -> SecretNames.isConnection(key) ? Disclosure.OPEN : Disclosure.HIDDEN;
          case UNUSED, CONTENT, MISPLACED, PRIVATE -> Disclosure.HIDDEN;
          case SECRET -> Disclosure.SECRET;
        };
    boolean directs =
        switch (others) {
          case BY_NAME, UNKNOWN -> SecretNames.directs(key);
          case CONTENT, MISPLACED, SECRET -> true;
          case UNUSED, PRIVATE, OPEN -> false;
        };
    boolean named = others != Undeclared.OPEN && SecretNames.isSecret(key);
    Disclosure disclosure = named ? Disclosure.SECRET : otherwise;
    OptionRules inside =
        disclosure == Disclosure.SECRET ? ALL_SECRET : declared.isEmpty() ? this : ALL_PRIVATE;
    return new Rule(disclosure, directs, null, inside);
  }

  private static Rule stricter(Rule one, Rule other) {
    Rule first = one.disclosure.compareTo(other.disclosure) >= 0 ? one : other;
    Rule second = first == one ? other : one;
    OptionRules inside =
        first.inside.strictness() >= second.inside.strictness() ? first.inside : second.inside;
    return new Rule(
        first.disclosure,
        one.directs || other.directs,
        first.openUrlParameters == null ? second.openUrlParameters : first.openUrlParameters,
        inside);
  }

  /** An end that takes a plain text says nothing of objects. */
  private int strictness() {
    return switch (others) {
      case MISPLACED -> 0;
      case OPEN, BY_NAME -> 1;
      case PRIVATE -> 2;
      case UNUSED, UNKNOWN, CONTENT -> 3;
      case SECRET -> 4;
    };
  }

  /** The options with {@code ***} in place of everything that is not open. */
  public Map<String, @Nullable Object> shown(Map<?, ?> options) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> shown.put(String.valueOf(key), shown(value, of(String.valueOf(key)))));
    return shown;
  }

  private static @Nullable Object shown(@Nullable Object value, Rule rule) {
    if (value instanceof Map<?, ?> map) {
      return rule.inside.shown(map);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> shown = new ArrayList<>();
      list.forEach(each -> shown.add(shown(each, rule)));
      return shown;
    }
    if (value instanceof String text) {
      return rule.shown(text);
    }
    return value == null || value instanceof Boolean || rule.disclosure == Disclosure.OPEN
        ? value
        : Secrets.MASK;
  }

  /**
   * Each value among the options that must not be written anywhere. Those that are only hidden are
   * among them when they are long enough to be found in other texts by more than chance.
   */
  public Set<String> secrets(Map<?, ?> options) {
    Set<String> found = new LinkedHashSet<>();
    walk(options, (path, value, rule) -> addSecrets(value, rule, found));
    return found;
  }

  /** True when an option's value, or a part of it, is not open. */
  public boolean holdsSecrets(Map<?, ?> options) {
    return !shown(options).equals(new LinkedHashMap<>(options));
  }

  static void addSecrets(Object value, Rule rule, Set<String> found) {
    if (value instanceof Boolean || rule.disclosure == Disclosure.OPEN && value instanceof Number) {
      return;
    }
    String text = value.toString();
    found.addAll(UrlSecrets.find(text, rule.openUrlParameters));
    boolean searched =
        rule.disclosure == Disclosure.SECRET
            || rule.disclosure == Disclosure.HIDDEN && isSearched(value);
    if (searched) {
      found.add(text);
    }
  }

  private static boolean isSearched(Object value) {
    return value instanceof String text && text.length() >= SEARCHED;
  }

  /**
   * True when a value must be looked for in other texts.
   *
   * @param path its JSON pointer; a number may be a position in a list
   */
  public boolean isSearched(String path, Object value) {
    OptionRules rules = this;
    Rule rule = new Rule(Disclosure.HIDDEN, false, null, this);
    for (String part : path.substring(1).split("/", -1)) {
      if (rules != this && part.matches("\\d+")) {
        continue;
      }
      rule = rules.of(part.replace("~1", "/").replace("~0", "~"));
      rules = rule.inside;
    }
    return rule.disclosure != Disclosure.HIDDEN || isSearched(value);
  }

  /** The path of the first value that decides where secrets go, with dots between keys. */
  public Optional<String> directing(Map<?, ?> options) {
    return directingValues(options).keySet().stream().findFirst();
  }

  /**
   * Each value that decides where secrets go, by its path. They may hold secrets themselves: they
   * are for comparing. A URL counts as a whole, since where its password ends is read by one driver
   * so and by another so.
   */
  public Map<String, String> directingValues(Map<?, ?> options) {
    Map<String, String> values = new LinkedHashMap<>();
    walk(
        options,
        (path, value, rule) -> {
          if (rule.directs) {
            values.put(path, value.toString());
          }
        });
    return values;
  }

  /** Takes each text, number and truth value. */
  interface Visitor {
    void visit(String path, Object value, Rule rule);
  }

  void walk(Map<?, ?> options, Visitor visitor) {
    walk(options, "", visitor);
  }

  private void walk(Map<?, ?> options, String prefix, Visitor visitor) {
    options.forEach((key, value) -> walk(value, prefix + key, of(String.valueOf(key)), visitor));
  }

  private static void walk(@Nullable Object value, String path, Rule rule, Visitor visitor) {
    if (value instanceof Map<?, ?> map) {
      // Below what directs, everything does.
      rule.inside.walk(
          map,
          path + ".",
          (inner, each, own) ->
              visitor.visit(
                  inner,
                  each,
                  new Rule(
                      own.disclosure,
                      own.directs || rule.directs,
                      own.openUrlParameters,
                      own.inside)));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        walk(list.get(i), path + "[" + i + "]", rule, visitor);
      }
    } else if (value != null) {
      visitor.visit(path, value, rule);
    }
  }
}
