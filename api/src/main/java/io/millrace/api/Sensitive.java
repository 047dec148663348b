package io.millrace.api;

import io.millrace.api.error.MillraceException;
import java.util.BitSet;
import java.util.Collection;
import java.util.stream.Collectors;
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

  /**
   * The name of a column as it is; marked where it is no plain name, because some readers take an
   * expression, and so a constant, in the place of a name.
   */
  public static String name(String column) {
    boolean plain =
        !column.isEmpty()
            && !Character.isDigit(column.charAt(0))
            && column
                .chars()
                .allMatch(c -> Character.isLetterOrDigit(c) || "_$.-@".indexOf(c) >= 0);
    return plain ? column : mark(column);
  }

  /** The names of columns as {@link #name} has them, with commas between them. */
  public static String names(Collection<String> columns) {
    return columns.stream().map(Sensitive::name).collect(Collectors.joining(", "));
  }

  /**
   * What an exception says: the message of a {@link MillraceException} as it is, because who wrote
   * it has marked what is data; that of any other one as a whole marked part, because it is the
   * text of a driver or of the other end. Without a message, the name of its class.
   */
  public static String message(Throwable failure) {
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    return failure instanceof MillraceException ? message : mark(message);
  }

  /**
   * The beginning of a message, at most so many characters of it and the ends of the marks that
   * were open there, so that what is added behind is not taken for a marked part.
   */
  public static String cut(String message, int characters) {
    if (message.length() <= characters) {
      return message;
    }
    StringBuilder cut = new StringBuilder(message.substring(0, characters));
    int open = 0;
    for (int i = 0; i < characters; i++) {
      char c = message.charAt(i);
      if (c == BEGIN) {
        open++;
      } else if (c == END && open > 0) {
        open--;
      }
    }
    for (; open > 0; open--) {
      cut.append(END);
    }
    return cut.toString();
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
