package io.millrace.testkit.net;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Bytes to look for in what a client sends. Letters match in either case. Immutable.
 *
 * @param alternatives any of these is a match; each of at least one byte
 */
public record BytePattern(List<byte[]> alternatives) {

  public BytePattern {
    alternatives = List.copyOf(alternatives);
    if (alternatives.isEmpty() || alternatives.stream().anyMatch(a -> a.length == 0)) {
      throw new IllegalArgumentException("a pattern needs at least one byte");
    }
  }

  /** An ASCII text. */
  public static BytePattern text(String text) {
    return new BytePattern(List.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * A COM_QUERY packet of MySQL whose statement begins with a text: with query attributes, as newer
   * servers agree on, two bytes stand before the statement.
   */
  public static BytePattern query(String beginning) {
    return new BytePattern(
        List.of(
            ("\u0003" + beginning).getBytes(StandardCharsets.US_ASCII),
            ("\u0003\u0000\u0001" + beginning).getBytes(StandardCharsets.US_ASCII)));
  }

  /** MySQL's COMMIT, as a statement of its own. */
  public static BytePattern commit() {
    return query("commit");
  }

  int longest() {
    return alternatives.stream().mapToInt(a -> a.length).max().orElseThrow();
  }

  /**
   * How many matches end at or behind {@code from}.
   *
   * @param length how much of {@code data} counts
   */
  int count(byte[] data, int from, int length) {
    int count = 0;
    for (int end = from + 1; end <= length; end++) {
      if (endsAt(data, end)) {
        count++;
      }
    }
    return count;
  }

  private boolean endsAt(byte[] data, int end) {
    for (byte[] alternative : alternatives) {
      int start = end - alternative.length;
      if (start >= 0 && matches(data, start, alternative)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] data, int start, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (lower(data[start + i]) != lower(wanted[i])) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }
}
