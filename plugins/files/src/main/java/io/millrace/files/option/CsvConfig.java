package io.millrace.files.option;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code csvReaderConfig}, with the words of DataX's csv library.
 *
 * @param quote stands around values that hold a delimiter; -1 for none
 * @param comment begins a line that is no record; -1 for none
 * @param delimiter counts before {@code fieldDelimiter}; null for that one
 * @param line counts before {@code lineDelimiter}; null for that one
 */
public record CsvConfig(
    int quote,
    int comment,
    boolean multiline,
    boolean skipBlank,
    boolean trim,
    @Nullable String delimiter,
    @Nullable String line) {

  private static final Set<String> KEYS =
      Set.of(
          "multiline",
          "textQualifier",
          "useTextQualifier",
          "comment",
          "useComments",
          "skipEmptyRecords",
          "trimWhitespace",
          "delimiter",
          "recordDelimiter",
          "escapeMode",
          // These change nothing: there is no limit of 100,000 characters, and no use of them.
          "safetySwitch",
          "caseSensitive",
          "captureRawRecord");

  /** Reads the option. */
  public static CsvConfig parse(@Nullable Object raw, Dialect dialect) {
    boolean none = raw == null || (raw instanceof String text && text.isBlank());
    if (!none && !(raw instanceof Map)) {
      throw wrong("expected an object");
    }
    Map<?, ?> map = raw instanceof Map<?, ?> given ? given : Map.of();
    for (Object key : map.keySet()) {
      if (!KEYS.contains(key)) {
        throw wrong(
            "unknown key '"
                + key
                + "'; known are "
                + String.join(", ", KEYS.stream().sorted().toList()));
      }
    }
    Object escapes = map.get("escapeMode");
    if (escapes != null && !List.of("1", "").contains(escapes.toString())) {
      throw wrong(
          "escapeMode "
              + escapes
              + " is not supported: a quote within quotes is doubled (1), a backslash is a backslash");
    }
    char quote = ascii(map, "textQualifier", '"');
    char comment = ascii(map, "comment", '#');
    char delimiter = character(map, "delimiter", ',');
    char line = character(map, "recordDelimiter", '\0');
    return new CsvConfig(
        flag(map, "useTextQualifier", true) ? quote : -1,
        flag(map, "useComments", false) ? comment : -1,
        flag(map, "multiline", true),
        flag(map, "skipEmptyRecords", true),
        flag(map, "trimWhitespace", dialect == Dialect.DATAX),
        delimiter == ',' ? null : String.valueOf(delimiter),
        line == '\0' ? null : String.valueOf(line));
  }

  private static char ascii(Map<?, ?> map, String key, char fallback) {
    char c = character(map, key, fallback);
    if (c < 0x20 || c >= 0x7f) {
      throw wrong(key + " must be one ASCII character");
    }
    return c;
  }

  /** One character, or its number. */
  private static char character(Map<?, ?> map, String key, char fallback) {
    Object value = map.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number && number.intValue() >= 0 && number.intValue() < 0xd800) {
      return (char) number.intValue();
    }
    if (value.toString().length() == 1) {
      return value.toString().charAt(0);
    }
    throw wrong(key + " must be one character");
  }

  private static boolean flag(Map<?, ?> map, String key, boolean fallback) {
    Object value = map.get(key);
    if (value == null) {
      return fallback;
    }
    if (value.toString().equalsIgnoreCase("true")) {
      return true;
    }
    if (value.toString().equalsIgnoreCase("false")) {
      return false;
    }
    throw wrong(key + " must be true or false");
  }

  private static RuntimeException wrong(String what) {
    return FormatOptions.wrong("option 'csvReaderConfig': " + what);
  }
}
