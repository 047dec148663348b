package io.millrace.engine.task;

import io.millrace.api.option.ConfigOption;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    Map<String, @Nullable Object> sorted = new TreeMap<>(spec.options());
    for (Map.Entry<String, @Nullable Object> option : sorted.entrySet()) {
      if (Secrets.isSecret(option.getKey(), declared) || option.getValue() == null) {
        continue;
      }
      addText('k', option.getKey());
      addValue(option.getValue());
    }
  }

  private void add(String name, String value) {
    addText('k', name);
    addText('t', value);
  }

  private void addValue(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      map.forEach(
          (key, each) -> {
            if (each != null && !SecretNames.isSecret(String.valueOf(key))) {
              sorted.put(String.valueOf(key), each);
            }
          });
      addText('m', Integer.toString(sorted.size()));
      sorted.forEach(
          (key, each) -> {
            addText('k', key);
            addValue(each);
          });
    } else if (value instanceof List<?> list) {
      addText('l', Integer.toString(list.size()));
      list.forEach(this::addValue);
    } else if (value == null) {
      addText('n', "");
    } else {
      // A number in quotes means the same as one without.
      addText('t', UrlSecrets.hide(value.toString()));
    }
  }

  /** Each part carries its kind and length, so that no two documents give the same bytes. */
  private void addText(char kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((kind + Integer.toString(bytes.length) + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
