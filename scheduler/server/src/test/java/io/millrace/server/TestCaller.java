package io.millrace.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who sends a request in a test.
 *
 * @param headers what proves it
 * @param secret what must never be seen anywhere
 */
public record TestCaller(Map<String, String> headers, String secret) {

  /** Nobody. */
  public static final TestCaller NOBODY = new TestCaller(Map.of(), "");

  /** A browser with its cookie, which proves that its changes are meant. */
  public static TestCaller session(String token, String csrf) {
    return new TestCaller(
        Map.of("Cookie", "millrace_session=" + token, "X-CSRF-Token", csrf), token);
  }

  /** A program with its token. */
  public static TestCaller token(String token) {
    return new TestCaller(Map.of("Authorization", "Bearer " + token), token);
  }

  /** The same with one more header, or another value of one. */
  public TestCaller with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new TestCaller(all, secret);
  }

  /** The same without a header. */
  public TestCaller without(String header) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.remove(header);
    return new TestCaller(all, secret);
  }
}
