package io.millrace.api.option;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds what somebody meant by a word that is not known, by Levenshtein distance, whatever the
 * case. Stateless.
 */
public final class Nearest {

  private Nearest() {}

  /** The known word nearest to {@code word}, or null when none is near. */
  public static @Nullable String of(String word, Collection<String> known) {
    return known.stream()
        .filter(each -> distance(word, each) <= Math.max(2, word.length() / 3))
        .min(Comparator.comparingInt(each -> distance(word, each)))
        .orElse(null);
  }

  /** {@code ; did you mean 'x'?} for an error's end, or nothing when no known word is near. */
  public static String hint(String word, Collection<String> known) {
    String nearest = of(word, known);
    return nearest == null ? "" : "; did you mean '" + nearest + "'?";
  }

  /** The known words, nearest first. */
  public static List<String> sorted(String word, Collection<String> known) {
    return known.stream()
        .sorted(Comparator.<String>comparingInt(each -> distance(word, each)).thenComparing(w -> w))
        .toList();
  }

  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
