package io.millrace.api;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Marks the parts of a message that come from data or from the other end: a value, a statement, a
 * server's own text. Somebody who may see counts and states but no data is shown {@value #HIDDEN}
 * in their place. All else in a message is our own words, which everybody may see.
 *
 * <p>The marks are two format characters without a width, U+2068 and U+2069, so that a marked
 * message still reads well. Whoever shows a message to somebody who may see all takes them away
 * with {@link #plain}.
 */
public final class Sensitive {

  /** What stands in the place of a part that is not shown. */
  public static final String HIDDEN = "(hidden)";

  private static final char BEGIN = '\u2068';
  private static final char END = '\u2069';

  private Sensitive() {}

  /**
   * A part of a message that comes from data or from the other end. Marks that stand in it already
   * are taken away, so that it cannot end its own mark.
   *
   * @param part shown as {@code null} when it is null
   */
  public static String mark(@Nullable Object part) {
    return BEGIN + plain(String.valueOf(part)) + END;
  }

  /** The message without marks, for somebody who may see all. */
  public static String plain(String message) {
    if (message.indexOf(BEGIN) < 0 && message.indexOf(END) < 0) {
      return message;
    }
    StringBuilder plain = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c != BEGIN && c != END) {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /**
   * The message with {@value #HIDDEN} in place of each marked part, for somebody who may see no
   * data. A part whose end is missing, because the message was cut, is hidden to the end; one whose
   * beginning is missing is hidden from the beginning.
   */
  public static String hidden(String message) {
    StringBuilder shown = new StringBuilder(message.length());
    int depth = 0;
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c == BEGIN) {
        if (depth++ == 0) {
          shown.append(HIDDEN);
        }
      } else if (c == END) {
        if (depth == 0) {
          shown.setLength(0);
          shown.append(HIDDEN);
        } else {
          depth--;
        }
      } else if (depth == 0) {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  /** The positions of the characters in marked parts, which {@link #hidden} would not show. */
  public static BitSet marked(String message) {
    BitSet marked = new BitSet(message.length());
    int depth = 0;
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c == BEGIN) {
        depth++;
      } else if (c == END) {
        if (depth == 0) {
          marked.set(0, i);
        } else {
          depth--;
        }
      } else if (depth > 0) {
        marked.set(i);
      }
    }
    return marked;
  }

  /** True when the message has a marked part. */
  public static boolean isMarked(String message) {
    return message.indexOf(BEGIN) >= 0 || message.indexOf(END) >= 0;
  }
}
