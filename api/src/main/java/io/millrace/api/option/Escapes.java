package io.millrace.api.option;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;

/**
 * Reads what task files write for characters that are hard to type, such as a delimiter that stands
 * there as a backslash and {@code u0001}. Stateless.
 */
public final class Escapes {

  private Escapes() {}

  /**
   * The text with its escapes read: a backslash before {@code t}, {@code n}, {@code r} or another
   * backslash, before {@code u} with up to four hex digits, and before {@code x} with up to two.
   * Any other backslash stands for itself.
   *
   * @param option its key, for messages
   * @throws MillraceException with {@link StandardError#CONFIGURATION} when hex digits are missing
   */
  public static String read(String option, String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char kind = text.charAt(++i);
      switch (kind) {
        case 't' -> plain.append('\t');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case '\\' -> plain.append('\\');
        case 'u', 'x' -> {
          int end = i + 1;
          int most = i + (kind == 'u' ? 5 : 3);
          while (end < text.length() && end < most && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
          }
          if (end == i + 1) {
            throw new MillraceException(
                StandardError.CONFIGURATION,
                "option '" + option + "': \\" + kind + " needs hex digits behind it");
          }
          plain.append((char) Integer.parseInt(text.substring(i + 1, end), 16));
          i = end - 1;
        }
        default -> plain.append(c).append(kind);
      }
    }
    return plain.toString();
  }
}
