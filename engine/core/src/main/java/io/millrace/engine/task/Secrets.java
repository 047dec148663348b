package io.millrace.engine.task;

import io.millrace.api.Sensitive;
import io.millrace.api.option.ConfigOption;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every secret value that an attempt knows, so that nothing it writes holds one. Immutable; safe
 * for use by several threads.
 */
public final class Secrets {

  /** What stands in the place of a secret. */
  public static final String MASK = "***";

  /** No secrets. */
  public static final Secrets NONE = new Secrets(Set.of());

  /** Below this length a secret is looked for as a whole word only, also in foreign text. */
  private static final int SHORT = 4;

  /** From this length on no word of ours is one. */
  private static final int LONG = 12;

  /** What ends an escape of JSON or of a URL. */
  private static final Pattern ESCAPE =
      Pattern.compile("(?:\\\\(?:[bfnrt]|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2})$");

  private final Set<String> values;
  private final List<String> forms;

  private Secrets(Set<String> values) {
    this.values = Set.copyOf(values);
    Set<String> all = new LinkedHashSet<>();
    for (String value : values) {
      addForms(value, all);
    }
    all.removeIf(String::isBlank);
    this.forms = all.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** These secrets; blank ones are ignored. */
  public static Secrets of(String... values) {
    return NONE.plus(List.of(values));
  }

  /** These and more. */
  public Secrets plus(Collection<String> more) {
    Set<String> all = new LinkedHashSet<>(values);
    more.stream().filter(value -> !value.isBlank()).forEach(all::add);
    return all.size() == values.size() ? this : new Secrets(all);
  }

  /** The secrets of both. */
  public Secrets plus(Secrets others) {
    return plus(others.values);
  }

  /**
   * These and those of a connector's raw options: see {@link OptionRules#secrets}.
   *
   * @param declared what the connector declares; empty when it is not known
   */
  public Secrets collect(ConnectorSpec spec, List<ConfigOption<?>> declared) {
    return collect(spec, OptionRules.of(declared));
  }

  /** The same, where what is declared is known already. */
  public Secrets collect(ConnectorSpec spec, OptionRules rules) {
    return plus(rules.secrets(spec.options()));
  }

  /** True when a name alone says that its value is a secret: of a parameter. */
  public static boolean isSecretName(String name) {
    return SecretNames.isSecret(name);
  }

  /** The text with {@value #MASK} in place of each password in a connection URL. */
  public static String hideInUrls(String text) {
    return UrlSecrets.hide(text);
  }

  /** Each password in a connection URL, as written and decoded. */
  public static Collection<String> findInUrls(String text) {
    return UrlSecrets.find(text);
  }

  /** A secret as it may turn up in JSON, in SQL, in a URL, or line by line. */
  private static void addForms(String value, Set<String> forms) {
    forms.add(value);
    forms.add(value.strip());
    forms.add(jsonEscaped(value));
    forms.add(value.replace("'", "''"));
    forms.add(value.replace("\\", "\\\\").replace("'", "\\'"));
    forms.add(value.replace("\\", "\\\\"));
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    value.lines().map(String::strip).filter(line -> line.length() >= 12).forEach(forms::add);
  }

  private static String jsonEscaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }

  /**
   * The text with {@value #MASK} in the place of every secret.
   *
   * <p>In parts that are marked as {@link Sensitive} a secret is found wherever it stands, one of
   * less than four characters as a whole word. Everywhere else the words are our own, and a secret
   * that is a word like theirs must not make them unreadable: there it is found where nothing joins
   * it that a name, a number or a path is made of. One of twelve characters or more is found
   * everywhere.
   */
  public String redact(String text) {
    return redact(text, false);
  }

  /** The same for a text that is not ours at all, such as a stack trace. */
  public String redactForeign(String text) {
    return redact(text, true);
  }

  private String redact(String text, boolean foreign) {
    if (forms.isEmpty() || text.isEmpty()) {
      return text;
    }
    BitSet marked = foreign ? new BitSet() : Sensitive.marked(text);
    List<int[]> ranges = new ArrayList<>();
    for (String form : forms) {
      for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        int end = at + form.length();
        boolean inside = foreign || marked.get(at);
        if (form.length() >= LONG
            || (inside
                ? form.length() >= SHORT || isWholeWord(text, at, end)
                : isToken(text, at, end))) {
          ranges.add(new int[] {at, end});
        }
      }
    }
    return ranges.isEmpty() ? text : mask(text, ranges);
  }

  private static boolean isWholeWord(String text, int start, int end) {
    boolean joinsBefore =
        start > 0
            && Character.isLetterOrDigit(text.charAt(start))
            && Character.isLetterOrDigit(text.charAt(start - 1));
    boolean joinsAfter =
        end < text.length()
            && Character.isLetterOrDigit(text.charAt(end - 1))
            && Character.isLetterOrDigit(text.charAt(end));
    return !joinsBefore && !joinsAfter;
  }

  /** True when nothing joins it on either side, or it stands as in {@code scott/tiger@host}. */
  private static boolean isToken(String text, int start, int end) {
    return (!joinsBefore(text, start) || isBeforeHost(text, start, end)) && !joinsAfter(text, end);
  }

  private static boolean isBeforeHost(String text, int start, int end) {
    return end < text.length() && text.charAt(end) == '@' && text.charAt(start - 1) == '/';
  }

  private static boolean joinsBefore(String text, int start) {
    return start > 0
        && isJoining(text.charAt(start))
        && isJoining(text.charAt(start - 1))
        // A quote or a line break that is written as an escape is no part of a word.
        && !ESCAPE.matcher(text).region(Math.max(0, start - 6), start).find();
  }

  private static boolean joinsAfter(String text, int end) {
    if (end >= text.length() || !isJoining(text.charAt(end - 1)) || !isJoining(text.charAt(end))) {
      return false;
    }
    boolean endsSentence =
        text.charAt(end) == '.' && (end + 1 == text.length() || !isName(text.charAt(end + 1)));
    return !endsSentence;
  }

  private static boolean isJoining(char c) {
    return isName(c) || c == '.';
  }

  private static boolean isName(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '/'
        || c == '-';
  }

  /** Overlapping ranges become one mask, so that no part of a longer secret is left. */
  private static String mask(String text, List<int[]> ranges) {
    ranges.sort(Comparator.comparingInt(range -> range[0]));
    StringBuilder masked = new StringBuilder(text.length());
    int from = 0;
    int start = -1;
    int end = -1;
    for (int[] range : ranges) {
      if (range[0] >= end) {
        if (start >= 0) {
          masked.append(text, from, start).append(MASK);
          from = end;
        }
        start = range[0];
      }
      end = Math.max(end, range[1]);
    }
    return masked.append(text, from, start).append(MASK).append(text.substring(end)).toString();
  }

  /** How many, never which. */
  @Override
  public String toString() {
    return values.size() + " secrets";
  }

  /** Equal when they hide the same values. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secrets secrets && secrets.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
