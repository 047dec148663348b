package io.millrace.mysql.write;

import java.util.Set;

/**
 * A warning or note of the server.
 *
 * @param code the server's error number
 */
record ServerWarning(int code, String message) {

  /** Deprecated syntax, statements that replicate badly, and the like: no value is concerned. */
  private static final Set<Integer> HARMLESS =
      Set.of(1287, 1592, 1618, 1681, 1765, 3005, 3090, 3719, 3778, 4085);

  /** True when a value may have been changed. */
  boolean concernsValues() {
    return !HARMLESS.contains(code);
  }
}
