package io.millrace.api.option;

import io.millrace.api.Sensitive;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one option: the single source of its validation, its documentation and its
 * form. Immutable.
 *
 * @param <T> the Java type of its value
 */
public final class ConfigOption<T> {

  private final String key;
  private final List<String> aliases;
  private final OptionType type;
  private final String description;
  private final @Nullable T defaultValue;
  private final boolean required;
  private final List<String> choices;
  private final Function<Object, T> convert;
  private final OptionTraits traits;

  private ConfigOption(
      String key,
      List<String> aliases,
      OptionType type,
      String description,
      @Nullable T defaultValue,
      boolean required,
      List<String> choices,
      Function<Object, T> convert,
      OptionTraits traits) {
    this.key = key;
    this.aliases = List.copyOf(aliases);
    this.type = type;
    this.description = description;
    this.defaultValue = defaultValue;
    this.required = required;
    this.choices = List.copyOf(choices);
    this.convert = convert;
    this.traits = traits;
  }

  /** An option that holds a text. */
  public static ConfigOption<String> string(String key, String description) {
    return create(key, OptionType.STRING, description, List.of(), Conversions::text);
  }

  /** An option that holds a whole number between {@code min} and {@code max}, both included. */
  public static ConfigOption<Long> integer(String key, long min, long max, String description) {
    return create(
        key,
        OptionType.INTEGER,
        description,
        List.of(),
        value -> Conversions.integer(value, min, max));
  }

  /** An option that is on or off. */
  public static ConfigOption<Boolean> bool(String key, String description) {
    return create(key, OptionType.BOOLEAN, description, List.of(), Conversions::bool);
  }

  /** An option that holds a list of texts; a single text counts as a list of one. */
  public static ConfigOption<List<String>> strings(String key, String description) {
    return create(key, OptionType.STRING_LIST, description, List.of(), Conversions::strings);
  }

  /**
   * An option that holds any JSON value, made of the JDK's own types. Say what may stand in its
   * objects, with {@link #withContent}, {@link #withPrivateContent} or {@link #withOpenContent}:
   * until then values in objects are hidden where the option is shown and encrypted where it is
   * kept, and a task may not give one beside a stored data source.
   */
  public static ConfigOption<Object> json(String key, String description) {
    return create(key, OptionType.JSON, description, List.of(), value -> value);
  }

  /**
   * An option that holds one constant of an enum, written in camel case ({@code WRITE_NULL} as
   * {@code writeNull}) and read in any case, also as words with blanks between them.
   */
  public static <E extends Enum<E>> ConfigOption<E> choice(
      String key, Class<E> type, String description) {
    return choice(key, type, Map.of(), description);
  }

  /**
   * The same for a choice that other products' files know by further words.
   *
   * @param others the constant for each further word; upper and lower case are the same
   */
  public static <E extends Enum<E>> ConfigOption<E> choice(
      String key, Class<E> type, Map<String, E> others, String description) {
    E[] constants = type.getEnumConstants();
    List<String> words = Arrays.stream(constants).map(ConfigOption::word).toList();
    return create(
        key,
        OptionType.CHOICE,
        description,
        words,
        value -> {
          String text = Conversions.text(value).strip();
          for (int i = 0; i < constants.length; i++) {
            if (words.get(i).equalsIgnoreCase(text)
                || constants[i].name().equalsIgnoreCase(text.replaceAll("\\s+", "_"))) {
              return constants[i];
            }
          }
          for (Map.Entry<String, E> other : others.entrySet()) {
            if (other.getKey().equalsIgnoreCase(text.replaceAll("\\s+", " "))) {
              return other.getValue();
            }
          }
          throw new IllegalArgumentException(
              "'" + Sensitive.mark(text) + "' is not one of " + String.join(", ", words));
        });
  }

  private static String word(Enum<?> constant) {
    String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_");
    StringBuilder word = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      word.append(Character.toUpperCase(parts[i].charAt(0))).append(parts[i].substring(1));
    }
    return word.toString();
  }

  private static <T> ConfigOption<T> create(
      String key,
      OptionType type,
      String description,
      List<String> choices,
      Function<Object, T> convert) {
    return new ConfigOption<>(
        key, List.of(), type, description, null, false, choices, convert, OptionTraits.NONE);
  }

  /** The same option with a value that counts where none is given. */
  public ConfigOption<T> withDefault(T value) {
    return new ConfigOption<>(
        key, aliases, type, description, value, false, choices, convert, traits);
  }

  /** The same option, which must be given. */
  public ConfigOption<T> mandatory() {
    return new ConfigOption<>(
        key, aliases, type, description, null, true, choices, convert, traits);
  }

  /** The same option with other spellings of its key, such as those of DataX. */
  public ConfigOption<T> withAliases(String... others) {
    return new ConfigOption<>(
        key, List.of(others), type, description, defaultValue, required, choices, convert, traits);
  }

  private ConfigOption<T> with(OptionTraits others) {
    return new ConfigOption<>(
        key, aliases, type, description, defaultValue, required, choices, convert, others);
  }

  /**
   * The same option, whose value is a secret: never shown or logged, kept encrypted, and refused in
   * the text of a task that others may read.
   */
  public ConfigOption<T> asSecret() {
    return with(traits.asSecret());
  }

  /**
   * The same option, which decides where secrets go or who else may read them on their way: an
   * address, a port, a protocol, whom to trust, a proxy. A task may not give it beside a stored
   * data source that holds a secret, and whoever changes it in one gives the secrets again.
   */
  public ConfigOption<T> directsSecrets() {
    return with(traits.directsSecrets());
  }

  /** The same option, which names files or folders of the machine that the connector runs on. */
  public ConfigOption<T> asLocalPath() {
    return with(traits.asLocalPath());
  }

  /**
   * The same option, whose texts are URLs. Their passwords are secrets, and so is the value of each
   * parameter in a URL whose name is not among these.
   *
   * @param openParameters names whose values may be shown, in any case
   */
  public ConfigOption<T> asUrl(Collection<String> openParameters) {
    return with(traits.asUrl(List.copyOf(openParameters)));
  }

  /**
   * The same option, which holds an object or a list of objects. Each key is what its declaration
   * says; the value of any other key is a secret and counts as {@link #directsSecrets}.
   */
  public ConfigOption<T> withContent(List<ConfigOption<?>> keys) {
    return with(traits.withContent(OptionContent.DECLARED, List.copyOf(keys)));
  }

  /**
   * The same option, in whose objects anything may stand: values are hidden where they are shown
   * and encrypted in a data source, but a task may give them, and they decide nothing.
   */
  public ConfigOption<T> withPrivateContent() {
    return with(traits.withContent(OptionContent.PRIVATE, List.of()));
  }

  /** The same option, in which nothing is secret or decides where a secret goes. */
  public ConfigOption<T> withOpenContent() {
    return with(traits.withContent(OptionContent.OPEN, List.of()));
  }

  /** The key in a task file, in camel case. */
  public String key() {
    return key;
  }

  /** Other spellings of the key. */
  public List<String> aliases() {
    return aliases;
  }

  /** The form of the value. */
  public OptionType type() {
    return type;
  }

  /** One or two sentences for people. */
  public String description() {
    return description;
  }

  /** The value that counts where none is given, or null. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** True when a value must be given. */
  public boolean required() {
    return required;
  }

  /** True when the value must never be shown. */
  public boolean secret() {
    return traits.secret();
  }

  /** True when the value decides where secrets go. */
  public boolean directing() {
    return traits.directing();
  }

  /** True when the value names files or folders of the machine that the connector runs on. */
  public boolean localPath() {
    return traits.localPath();
  }

  /** The parameters of its URLs that may be shown; null when the option holds no URLs. */
  public @Nullable List<String> openUrlParameters() {
    return traits.openUrlParameters();
  }

  /** What is declared of the objects in the value. */
  public OptionContent content() {
    return traits.content();
  }

  /** The declared keys of objects in the value; empty unless they are declared. */
  public List<ConfigOption<?>> contentKeys() {
    return traits.contentKeys();
  }

  /** The allowed words of a {@link OptionType#CHOICE}, else empty. */
  public List<String> choices() {
    return choices;
  }

  /**
   * Turns a raw value of a task file into the option's type.
   *
   * @throws IllegalArgumentException with a message that completes "option x: …"
   */
  public T convert(Object raw) {
    return convert.apply(raw);
  }

  @Override
  public String toString() {
    return key;
  }
}
