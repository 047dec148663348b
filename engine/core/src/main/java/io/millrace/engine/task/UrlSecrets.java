package io.millrace.engine.task;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passwords inside connection URLs: in the user part, in the query, in MySQL's address form. */
final class UrlSecrets {

  /** {@code //user:password@host}; the password may hold an unescaped colon, slash or at. */
  private static final Pattern USER_PART =
      Pattern.compile("//[^/:@?#]*:([^?#]+|[^/@]+)@(?=[^@/]*(?:[/?#,]|$))");

  private static final Pattern ORACLE = Pattern.compile("jdbc:oracle:[a-z]+:[^/@]*/([^@]+)@");

  private static final Pattern NAMED =
      Pattern.compile(
          "(?<=[?&])\\s*(?<name>[A-Za-z0-9_.%-]+)\\s*=\\s*(?<value>[^&;#\\s]+)"
              + "|(?<=[;,(])\\s*(?<other>[A-Za-z0-9_.%-]+)\\s*=\\s*(?<its>[^&;,)#\\s]+)");

  private UrlSecrets() {}

  /** Each secret in {@code text} as written and, where it differs, decoded. */
  static List<String> find(String text) {
    return find(text, null);
  }

  /**
   * The same.
   *
   * @param open the parameters that are no secrets, in any case; null for all but those that are
   *     secret by their name
   */
  static List<String> find(String text, @Nullable Collection<String> open) {
    List<String> found = new ArrayList<>();
    for (int[] range : ranges(text, open)) {
      String value = text.substring(range[0], range[1]);
      found.add(value);
      String decoded = decoded(value);
      if (!decoded.equals(value)) {
        found.add(decoded);
      }
    }
    return found;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not encoded: it means itself.
      return text;
    }
  }

  /** {@code text} with {@code ***} in place of each secret. */
  static String hide(String text) {
    return hide(text, null);
  }

  /** The same, where only some parameters are open. */
  static String hide(String text, @Nullable Collection<String> open) {
    StringBuilder hidden = new StringBuilder();
    int from = 0;
    for (int[] range : ranges(text, open)) {
      if (range[0] >= from) {
        hidden.append(text, from, range[0]).append("***");
      }
      from = Math.max(from, range[1]);
    }
    return hidden.append(text.substring(from)).toString();
  }

  private static List<int[]> ranges(String text, @Nullable Collection<String> open) {
    List<int[]> ranges = new ArrayList<>();
    if (!text.contains("://") && !text.regionMatches(true, 0, "jdbc:", 0, 5)) {
      return ranges;
    }
    Matcher user = USER_PART.matcher(text);
    while (user.find()) {
      ranges.add(new int[] {user.start(1), user.end(1)});
    }
    Matcher oracle = ORACLE.matcher(text);
    while (oracle.find()) {
      ranges.add(new int[] {oracle.start(1), oracle.end(1)});
    }
    Matcher named = NAMED.matcher(text);
    while (named.find()) {
      String name = named.group("name");
      String group = name == null ? "its" : "value";
      String plain = decoded(name == null ? named.group("other") : name);
      if (SecretNames.isSecret(plain)
          || open != null && open.stream().noneMatch(plain::equalsIgnoreCase)) {
        ranges.add(new int[] {named.start(group), named.end(group)});
      }
    }
    ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
    return ranges;
  }
}
