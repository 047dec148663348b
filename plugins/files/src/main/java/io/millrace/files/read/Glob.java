package io.millrace.files.read;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A name with wildcards: {@code *} for anything within a folder, {@code **} across folders, {@code
 * ?} for one character, {@code [0-9]} and {@code [!0-9]} for one of a set; a backslash takes the
 * meaning from the character behind it. It means the files whose name fits and those in folders
 * whose name fits.
 *
 * @param text as the user wrote it
 * @param prefix what every name begins with
 * @param folder the part of the prefix that ends with a folder: what is hidden in it counts as
 *     named
 * @param pattern what whole names fit
 * @param literal whether there is no wildcard
 */
record Glob(String text, String prefix, String folder, Pattern pattern, boolean literal) {

  /**
   * Reads a name.
   *
   * @param crosses whether a single {@code *} crosses folders as well
   * @throws IllegalArgumentException when a bracket is not closed, or its set is none
   */
  static Glob of(String text, boolean crosses) {
    StringBuilder prefix = new StringBuilder();
    StringBuilder regex = new StringBuilder();
    boolean literal = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '*' -> {
          literal = false;
          boolean twice = i + 1 < text.length() && text.charAt(i + 1) == '*';
          regex.append(twice || crosses ? ".*" : "[^/]*");
          i += twice ? 1 : 0;
        }
        case '?' -> {
          literal = false;
          regex.append("[^/]");
        }
        case '[' -> {
          literal = false;
          int end = text.indexOf(']', i + 2);
          if (end < 0) {
            throw new IllegalArgumentException("'" + text + "' has a [ without a ]");
          }
          regex.append(set(text.substring(i + 1, end)));
          i = end;
        }
        default -> {
          if (c == '\\' && i + 1 < text.length()) {
            c = text.charAt(++i);
          }
          regex.append(Pattern.quote(String.valueOf(c)));
          if (literal) {
            prefix.append(c);
          }
        }
      }
    }
    String begin = prefix.toString();
    String tail = begin.endsWith("/") && literal ? ".*" : "(/.*)?";
    String folder = begin.substring(0, begin.lastIndexOf('/') + 1);
    try {
      Pattern pattern = Pattern.compile(regex + tail, Pattern.DOTALL);
      return new Glob(text, begin, folder, pattern, literal);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + text + "' has a set in brackets that is none: " + e.getDescription(), e);
    }
  }

  private static String set(String content) {
    boolean not = content.startsWith("!") || content.startsWith("^");
    String members = not ? content.substring(1) : content;
    return "[" + (not ? "^/" : "") + members.replaceAll("[\\\\\\[\\]&^]", "\\\\$0") + "]";
  }

  /** Splits a list at its commas, but for those behind a backslash. */
  static List<String> list(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        part.append(c).append(text.charAt(++i));
      } else if (c == ',') {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().strip());
    return parts.stream().filter(each -> !each.isEmpty()).toList();
  }

  /** Whether a name is meant; hidden files and those in hidden folders are only when named. */
  boolean matches(String name) {
    if (!name.startsWith(prefix) || !pattern.matcher(name).matches()) {
      return false;
    }
    if (literal && name.equals(prefix)) {
      return true;
    }
    int segment = folder.length();
    while (segment < name.length()) {
      char first = name.charAt(segment);
      boolean named = segment < prefix.length();
      if ((first == '.' || first == '_') && !named) {
        return false;
      }
      int slash = name.indexOf('/', segment);
      segment = slash < 0 ? name.length() : slash + 1;
    }
    return true;
  }
}
