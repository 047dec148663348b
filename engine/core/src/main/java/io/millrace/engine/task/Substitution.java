package io.millrace.engine.task;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts parameters into the texts of a parsed document. Because the document is parsed before, a
 * value cannot change its structure, whatever it holds; and what was put in is not looked at again.
 *
 * <p>Recognised are {@code ${name}}, {@code ${pattern}}, {@code $[time]}, the names of time without
 * braces ({@code $bizdate}), and in DataX files given names without braces, as DataX does it.
 * {@code $$} before one of these stands for the text itself. Into a secret only given names are
 * put.
 */
final class Substitution {

  /** Characters; a small file cannot grow beyond it by repeating a large value. */
  private static final long MAX_CHARACTERS = 64L << 20;

  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Set<String> BARE_TIMES = Set.of("bizdate", "cyctime", "gmtdate", "bizmonth");
  private static final Set<String> BARE_IDS = Set.of("jobid", "nodeid", "taskid");

  private final Map<String, String> given;
  private final TimeExpressions times;
  private final boolean bareNames;
  private final Notes notes;
  private final Map<String, String> shown = new LinkedHashMap<>();
  private final Map<String, String> results = new HashMap<>();
  private final Set<String> hidden = new HashSet<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> givenTexts = new HashSet<>();
  private final Set<String> remarked = new HashSet<>();
  private long characters;

  /**
   * @param bareNames also {@code $name} without braces is a parameter when it is given
   */
  Substitution(ReadSettings settings, TimeBase base, boolean bareNames, Notes notes) {
    this.given = settings.parameters();
    this.times = new TimeExpressions(base);
    this.bareNames = bareNames;
    this.notes = notes;
  }

  /** The same document with every parameter in its texts replaced; keys stay as they are. */
  Node apply(Node node) {
    String key = node.path().substring(node.path().lastIndexOf('.') + 1);
    return node.with(apply(node, SecretNames.isSecret(key)));
  }

  /** The same for a connector's options, where what it declares tells what is secret. */
  Node apply(Node options, OptionRules rules) {
    return options.with(
        options.value() instanceof Map ? map(options, false, rules) : options.value());
  }

  private Map<String, @Nullable Object> map(Node node, boolean secret, OptionRules rules) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (String key : node.entries().keySet()) {
      OptionRules.Rule rule = rules.of(key);
      boolean hidden = secret || rule.disclosure() == OptionRules.Disclosure.SECRET;
      copy.put(key, apply(node.at(key), hidden, rule.inside()));
    }
    return copy;
  }

  private @Nullable Object apply(Node node, boolean secret) {
    return apply(node, secret, OptionRules.BY_NAME);
  }

  private @Nullable Object apply(Node node, boolean secret, OptionRules rules) {
    if (node.value() instanceof Map) {
      return map(node, secret, rules);
    }
    if (node.value() instanceof List) {
      List<@Nullable Object> copy = new ArrayList<>();
      node.items().forEach(item -> copy.add(apply(item, secret, rules)));
      return copy;
    }
    if (node.value() instanceof String text && text.indexOf('$') >= 0) {
      String replaced = replace(text, node, secret);
      characters += replaced.length();
      if (characters > MAX_CHARACTERS) {
        throw node.wrong("makes the task larger than 64 MB by its parameters");
      }
      return replaced;
    }
    return node.value();
  }

  private String replace(String text, Node where, boolean secret) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    boolean hasGiven = false;
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf('$', at);
      if (dollar < 0) {
        break;
      }
      out.append(text, at, dollar);
      boolean escaped = text.startsWith("$$", dollar);
      int start = escaped ? dollar + 1 : dollar;
      Expression expression = expressionAt(text, start);
      if (expression == null) {
        remarkBareName(text, dollar, where, secret);
        out.append('$');
        at = dollar + 1;
      } else if (secret && isTime(expression)) {
        remarkTimeInSecret(where);
        at = expression.end();
        out.append(text, dollar, at);
      } else {
        at = expression.end();
        hasGiven |= !escaped && isGiven(expression);
        out.append(
            escaped ? text.substring(start, at) : value(expression, where, secret, out.length()));
      }
    }
    String replaced = out.append(text, at, text.length()).toString();
    if (hasGiven) {
      givenTexts.add(replaced);
    }
    return replaced;
  }

  /** True for what the time of the run gives, rather than who starts it. */
  private boolean isTime(Expression expression) {
    String name = expression.inside().strip();
    return switch (expression.kind()) {
      case OPEN -> false;
      case BRACKETS -> true;
      case BARE -> !(bareNames && given.containsKey(name)) && BARE_TIMES.contains(name);
      case BRACES ->
          !given.containsKey(name)
              && (times.named(name).isPresent() || TimeExpressions.isPattern(name));
    };
  }

  /** A secret holds any character, and no night has another one. */
  private void remarkTimeInSecret(Node where) {
    if (remarked.add(where.path())) {
      notes.remark(
          where.path()
              + ": what looks like a time parameter stays as it is, because times are not put into"
              + " secrets; parameters that are given are, written ${name}");
    }
  }

  private boolean isGiven(Expression expression) {
    return expression.kind() != Kind.BRACKETS && given.containsKey(expression.inside().strip());
  }

  /** What begins at a dollar sign, or null when the sign is an ordinary character. */
  private @Nullable Expression expressionAt(String text, int dollar) {
    if (text.startsWith("${", dollar)) {
      int end = text.indexOf('}', dollar);
      return end < 0
          ? new Expression(Kind.OPEN, text.substring(dollar), text.length())
          : new Expression(Kind.BRACES, text.substring(dollar + 2, end), end + 1);
    }
    if (text.startsWith("$[", dollar)) {
      int end = text.indexOf(']', dollar);
      return end < 0 || !TimeExpressions.isTime(text.substring(dollar + 2, end))
          ? null
          : new Expression(Kind.BRACKETS, text.substring(dollar + 2, end), end + 1);
    }
    Matcher word = WORD.matcher(text).region(dollar + 1, text.length());
    if (!word.lookingAt()) {
      return null;
    }
    String name = word.group();
    boolean known =
        BARE_TIMES.contains(name)
            || given.containsKey(name) && (bareNames || BARE_IDS.contains(name));
    return known ? new Expression(Kind.BARE, name, word.end()) : null;
  }

  private void remarkBareName(String text, int dollar, Node where, boolean secret) {
    Matcher word = WORD.matcher(text).region(dollar + 1, text.length());
    if (secret || !word.lookingAt()) {
      return;
    }
    String name = word.group();
    if ((bareNames || BARE_IDS.contains(name)) && remarked.add(name)) {
      notes.remark(
          where.path() + ": $" + name + " stays as it is, because no -p " + name + "=… is given");
    }
  }

  private String value(Expression expression, Node where, boolean secret, int before) {
    if (expression.kind() == Kind.OPEN) {
      throw where.wrong(
          "has '${' without '}' after character " + before + ": write $${ for the text itself");
    }
    String inside = expression.inside();
    String source = expression.source();
    String value;
    try {
      value =
          expression.kind() == Kind.BRACKETS
              ? times.onScheduledTime(inside)
              : named(inside.strip(), where, secret);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          where.file() + ": " + where.path() + ": " + (secret ? "bad parameter" : e.getMessage()));
    }
    if (secret || SecretNames.isSecret(inside)) {
      hidden.add(source);
    }
    results.put(source, value);
    String line = Node.oneLine(value);
    shown.put(source, source + "->" + (isGiven(expression) ? line : Sensitive.plain(line)));
    return value;
  }

  private String named(String name, Node where, boolean secret) {
    String value = given.get(name);
    if (value != null) {
      used.add(name);
      return value;
    }
    Optional<String> time = times.named(name);
    if (time.isPresent()) {
      return time.get();
    }
    if (TimeExpressions.isPattern(name)) {
      return times.onBusinessDate(name);
    }
    boolean isName = NAME.matcher(name).matches();
    if (!isName && TimeExpressions.isTime(name)) {
      return times.onBusinessDate(name); // which says what is wrong with it
    }
    if (isName) {
      String nearest = Nearest.of(name, given.keySet());
      throw where.wrong(
          "uses the parameter ${"
              + name
              + "}, which has no value: give it with -p "
              + name
              + "=…"
              + (nearest == null ? "" : " (given is '" + nearest + "')"));
    }
    throw where.wrong(
        (secret ? "has a parameter" : "has '${" + Node.shorten(name) + "}'")
            + " that is neither a name nor a time pattern: write $${ for the text itself");
  }

  /** Each expression that was replaced and its value, secrets hidden, in the order of the text. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    shown
        .keySet()
        .forEach(
            source ->
                values.put(source, hidden.contains(source) ? Secrets.MASK : results.get(source)));
    return values;
  }

  /** True when the text has something to replace, whatever is given. */
  boolean replacesIn(String text) {
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      if (expressionAt(text, at) != null) {
        return true;
      }
    }
    return false;
  }

  /** One line {@code ${name}->value} for each parameter that was replaced. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    shown.forEach(
        (source, line) -> lines.add(hidden.contains(source) ? source + "->" + Secrets.MASK : line));
    return lines;
  }

  /** The texts that a given value was put into. */
  Set<String> givenTexts() {
    return givenTexts;
  }

  /** Values that must never be written. */
  Set<String> secrets() {
    Set<String> secrets = new LinkedHashSet<>();
    hidden.forEach(source -> secrets.add(results.get(source)));
    given.forEach(
        (name, value) -> {
          if (SecretNames.isSecret(name)) {
            secrets.add(value);
          }
        });
    return secrets;
  }

  /** Remarks on parameters that were given and never used, which are often misspelt. */
  void remarkUnused() {
    given.keySet().stream()
        // Those the scheduler gives to every task.
        .filter(name -> !used.contains(name) && !BARE_IDS.contains(name))
        .forEach(name -> notes.remark("parameter '" + name + "' is given but not used"));
  }

  private enum Kind {
    BRACES,
    BRACKETS,
    BARE,
    /** A brace that is never closed. */
    OPEN
  }

  private record Expression(Kind kind, String inside, int end) {
    String source() {
      return switch (kind) {
        case BRACES -> "${" + inside.strip() + "}";
        case BRACKETS -> "$[" + inside.strip() + "]";
        default -> "$" + inside;
      };
    }
  }
}
