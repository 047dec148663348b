package io.millrace.api.option;

import io.millrace.api.Sensitive;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
  private final boolean secret;
  private final List<String> choices;
  private final Function<Object, T> convert;

  private ConfigOption(
      String key,
      List<String> aliases,
      OptionType type,
      String description,
      @Nullable T defaultValue,
      boolean required,
      boolean secret,
      List<String> choices,
      Function<Object, T> convert) {
    this.key = key;
    this.aliases = List.copyOf(aliases);
    this.type = type;
    this.description = description;
    this.defaultValue = defaultValue;
    this.required = required;
    this.secret = secret;
    this.choices = List.copyOf(choices);
    this.convert = convert;
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

  /** An option that holds any JSON value, made of the JDK's own types. */
  public static ConfigOption<Object> json(String key, String description) {
    return create(key, OptionType.JSON, description, List.of(), value -> value);
  }

  /**
   * An option that holds one constant of an enum, written in camel case ({@code WRITE_NULL} as
   * {@code writeNull}) and read in any case.
   */
  public static <E extends Enum<E>> ConfigOption<E> choice(
      String key, Class<E> type, String description) {
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
            if (words.get(i).equalsIgnoreCase(text) || constants[i].name().equalsIgnoreCase(text)) {
              return constants[i];
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
        key, List.of(), type, description, null, false, false, choices, convert);
  }

  /** The same option with a value that counts where none is given. */
  public ConfigOption<T> withDefault(T value) {
    return new ConfigOption<>(
        key, aliases, type, description, value, false, secret, choices, convert);
  }

  /** The same option, which must be given. */
  public ConfigOption<T> mandatory() {
    return new ConfigOption<>(
        key, aliases, type, description, null, true, secret, choices, convert);
  }

  /** The same option, whose value is never shown, logged or kept. */
  public ConfigOption<T> asSecret() {
    return new ConfigOption<>(
        key, aliases, type, description, defaultValue, required, true, choices, convert);
  }

  /** The same option with other spellings of its key, such as those of DataX. */
  public ConfigOption<T> withAliases(String... others) {
    return new ConfigOption<>(
        key, List.of(others), type, description, defaultValue, required, secret, choices, convert);
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
    return secret;
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
