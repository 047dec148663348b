package io.millrace.mysql.write;

import io.millrace.api.Sensitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds values within a JSON text that MySQL's binary JSON does not keep. A number with a point or
 * an exponent becomes a double, also one that was a DECIMAL in the MySQL that it comes from. What
 * is no JSON there, such as a BLOB, comes as a string that begins with {@code base64:type}. The
 * reader has the source's server look by type where it can: there a string that only begins like
 * that is one. Nothing is allocated but for a number of more than fifteen digits. That the text is
 * JSON at all is seen to by the server.
 */
final class JsonValues {

  /** As many digits come back from a double the same. */
  private static final int DOUBLE_DIGITS = 15;

  private static final int LONG_DIGITS = 18;
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final byte[] OPAQUE = "\"base64:type".getBytes(StandardCharsets.US_ASCII);

  /** Where a document comes from. */
  enum Origin {
    /** Whatever wrote it, it is a text of JSON. */
    ANY,
    /** A JSON column or value of a MySQL server, of which nobody knows more than the text. */
    MYSQL_TEXT,
    /** The same, and the server has said that nothing else than JSON and numbers is in it. */
    LOOKED_AT
  }

  private JsonValues() {}

  /**
   * The first value that would change, or null.
   *
   * @param text UTF-8
   */
  static @Nullable Problem problem(byte[] text, int from, int end, Origin origin) {
    int at = from;
    while (at < end) {
      byte c = text[at];
      if (c == '"') {
        if (origin == Origin.MYSQL_TEXT && isOpaque(text, at, end)) {
          return new Problem(
              "JSON_OPAQUE",
              "the document holds a string that begins with base64:type, as the text of a value that is"
                  + " no JSON does, which would become a string; select CAST(column AS CHAR) to write it as that string");
        }
        at = behindString(text, at + 1, end);
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        int behind = behindNumber(text, at + 1, end);
        Problem problem = number(text, at, behind, origin != Origin.ANY);
        if (problem != null) {
          return problem;
        }
        at = behind;
      } else {
        at++;
      }
    }
    return null;
  }

  private static boolean isOpaque(byte[] text, int at, int end) {
    if (end - at < OPAQUE.length) {
      return false;
    }
    for (int i = 0; i < OPAQUE.length; i++) {
      if (text[at + i] != OPAQUE[i]) {
        return false;
      }
    }
    return true;
  }

  private static int behindString(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] != '"') {
      at += text[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int behindNumber(byte[] text, int from, int end) {
    int at = from;
    while (at < end) {
      byte c = text[at];
      boolean part =
          (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
      if (!part) {
        return at;
      }
      at++;
    }
    return at;
  }

  private static @Nullable Problem number(byte[] text, int from, int end, boolean fromMySql) {
    int digits = 0;
    int point = -1;
    boolean exponent = false;
    for (int i = from; i < end; i++) {
      byte c = text[i];
      if (c == '.') {
        point = i;
      } else if (c == 'e' || c == 'E') {
        exponent = true;
      } else if (c >= '0' && c <= '9') {
        digits++;
      }
    }
    boolean whole = point < 0 && !exponent;
    if (fromMySql && !exponent && point > 0 && end - point > 2 && text[end - 1] == '0') {
      // A server writes no double with such a zero.
      return changed(text, from, end);
    }
    if (whole ? digits <= LONG_DIGITS : digits <= DOUBLE_DIGITS && !exponent) {
      return null;
    }
    return comesBack(text, from, end, whole) ? null : changed(text, from, end);
  }

  private static boolean comesBack(byte[] text, int from, int end, boolean whole) {
    String token = new String(text, from, end - from, StandardCharsets.US_ASCII);
    try {
      if (whole) {
        BigInteger number = new BigInteger(token);
        if (number.compareTo(MIN) >= 0 && number.compareTo(MAX) <= 0) {
          return true;
        }
      }
      double stored = Double.parseDouble(token);
      // The server refuses what is too large, and what is no number.
      return !Double.isFinite(stored)
          || new BigDecimal(token).compareTo(BigDecimal.valueOf(stored)) == 0;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private static Problem changed(byte[] text, int from, int end) {
    String token = new String(text, from, Math.min(60, end - from), StandardCharsets.US_ASCII);
    return new Problem(
        Checks.ROUNDED,
        "the document holds the number "
            + Sensitive.mark(token)
            + ", which a JSON column keeps as a double",
        true);
  }
}
