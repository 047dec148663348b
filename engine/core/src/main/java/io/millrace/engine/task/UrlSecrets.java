package io.millrace.engine.task;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Passwords inside connection URLs: in the user part, in the query, in MySQL's address form. */
final class UrlSecrets {

  /** {@code //user:password@host}; the password may hold an unescaped colon, slash or at. */
  private static final Pattern USER_PART =
      Pattern.compile("//[^/:@?#]*:([^?#]+|[^/@]+)@(?=[^@/]*(?:[/?#,]|$))");

  private static final Pattern ORACLE = Pattern.compile("jdbc:oracle:[a-z]+:[^/@]*/([^@]+)@");

  private static final Pattern NAMED =
      Pattern.compile("(?<=[?&;,(])\\s*([A-Za-z0-9_.-]+)\\s*=\\s*([^&;,)#\\s]+)");

  private UrlSecrets() {}

  /** Each secret in {@code text} as written and, where it differs, decoded. */
  static List<String> find(String text) {
    List<String> found = new ArrayList<>();
    for (int[] range : ranges(text)) {
      String value = text.substring(range[0], range[1]);
      found.add(value);
      try {
        String decoded = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (!decoded.equals(value)) {
          found.add(decoded);
        }
      } catch (IllegalArgumentException e) {
        // Not encoded: the value as written is the secret.
        continue;
      }
    }
    return found;
  }

  /** {@code text} with {@code ***} in place of each secret. */
  static String hide(String text) {
    StringBuilder hidden = new StringBuilder();
    int from = 0;
    for (int[] range : ranges(text)) {
      if (range[0] >= from) {
        hidden.append(text, from, range[0]).append("***");
        from = range[1];
      }
    }
    return hidden.append(text.substring(from)).toString();
  }

  private static List<int[]> ranges(String text) {
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
      if (SecretNames.isSecret(named.group(1))) {
        ranges.add(new int[] {named.start(2), named.end(2)});
      }
    }
    ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
    return ranges;
  }
}
