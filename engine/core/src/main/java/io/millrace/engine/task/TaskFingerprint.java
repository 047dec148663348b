package io.millrace.engine.task;

import io.millrace.api.option.ConfigOption;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two tasks move the same rows: resume refuses to go on with a task that has changed.
 *
 * <p>It covers the names and options of reader and writer and the settings that can change a row.
 * It leaves out secrets (a password may be changed between two attempts, and a digest of a short
 * one could be guessed back) and settings that only change speed or patience.
 */
public final class TaskFingerprint {

  /** To be raised when the canonical form changes. */
  private static final String VERSION = "millrace-task-2";

  private final MessageDigest digest;

  private TaskFingerprint(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * The fingerprint: 64 lower-case hexadecimal digits, the same on every machine.
   *
   * @param readerOptions what the reader declares
   * @param writerOptions what the writer declares
   */
  public static String of(
      TaskSpec task, List<ConfigOption<?>> readerOptions, List<ConfigOption<?>> writerOptions) {
    TaskFingerprint fingerprint = new TaskFingerprint(sha256());
    fingerprint.add("version", VERSION);
    fingerprint.addEnd("reader", task.reader(), readerOptions);
    fingerprint.addEnd("writer", task.writer(), writerOptions);
    fingerprint.add("zone", task.settings().zone().getId());
    fingerprint.add("form", task.settings().rules().form().name());
    fingerprint.add("narrowing", task.settings().rules().narrowing().name());
    fingerprint.add("maxValueBytes", Integer.toString(task.settings().maxValueBytes()));
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void addEnd(String role, ConnectorSpec spec, List<ConfigOption<?>> declared) {
    add(role, spec.connector().toLowerCase(Locale.ROOT));
    addOptions(
        sorted(withNullWords(spec.options(), declared), OptionRules.of(declared)),
        OptionRules.of(declared));
  }

  /** A null that is the word of a choice counts as that, see {@code Options.check}. */
  private static Map<String, Object> withNullWords(
      Map<String, Object> options, List<ConfigOption<?>> declared) {
    Map<String, Object> words = new LinkedHashMap<>(options);
    for (ConfigOption<?> option : declared) {
      if (option.choices().contains("null")) {
        words.replaceAll(
            (key, value) ->
                value == null
                        && (key.equalsIgnoreCase(option.key())
                            || option.aliases().stream().anyMatch(key::equalsIgnoreCase))
                    ? "null"
                    : value);
      }
    }
    return words;
  }

  /** The keys and values that count. */
  private static Map<String, Object> sorted(Map<?, ?> options, OptionRules rules) {
    Map<String, Object> sorted = new TreeMap<>();
    options.forEach(
        (key, each) -> {
          if (each != null
              && rules.of(String.valueOf(key)).disclosure() != OptionRules.Disclosure.SECRET) {
            sorted.put(String.valueOf(key), each);
          }
        });
    return sorted;
  }

  private void addOptions(Map<String, Object> sorted, OptionRules rules) {
    sorted.forEach(
        (key, each) -> {
          addText('k', key);
          addValue(each, rules.of(key));
        });
  }

  private void add(String name, String value) {
    addText('k', name);
    addText('t', value);
  }

  private void addValue(@Nullable Object value, OptionRules.Rule rule) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = sorted(map, rule.inside());
      addText('m', Integer.toString(sorted.size()));
      addOptions(sorted, rule.inside());
    } else if (value instanceof List<?> list) {
      addText('l', Integer.toString(list.size()));
      list.forEach(each -> addValue(each, rule));
    } else if (value == null) {
      addText('n', "");
    } else {
      // A number in quotes means the same as one without.
      addText('t', UrlSecrets.hide(value.toString(), rule.openUrlParameters()));
    }
  }

  /** Each part carries its kind and length, so that no two documents give the same bytes. */
  private void addText(char kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((kind + Integer.toString(bytes.length) + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
