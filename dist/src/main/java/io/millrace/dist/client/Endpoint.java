package io.millrace.dist.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A route of the API.
 *
 * @param path as the server declares it, such as {@code /api/v1/tasks/{id}}
 */
record Endpoint(String method, String path) {

  private static final String PREFIX = "/api/v1";
  private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z]+}");

  /** Such as {@code GET /tasks/{id}}. */
  static Endpoint of(String text) {
    int blank = text.indexOf(' ');
    return new Endpoint(text.substring(0, blank), PREFIX + text.substring(blank + 1));
  }

  /** True when it changes something. */
  boolean changes() {
    return !method.equals("GET");
  }

  /**
   * The path with these values in the place of its parameters, in their order.
   *
   * @throws io.millrace.api.error.MillraceException for a value that would make it another path
   */
  String filled(Object... values) {
    Matcher parameter = PARAMETER.matcher(path);
    StringBuilder filled = new StringBuilder();
    for (int i = 0; parameter.find(); i++) {
      String value = String.valueOf(values[i]);
      if (value.isBlank()
          || value.matches("\\.{1,2}")
          || value.matches("(?s).*[/\\\\\\p{Cntrl}].*")) {
        throw ClientError.INPUT.because("'" + value + "' is no name");
      }
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
      parameter.appendReplacement(filled, Matcher.quoteReplacement(encoded));
    }
    return parameter.appendTail(filled).toString();
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
