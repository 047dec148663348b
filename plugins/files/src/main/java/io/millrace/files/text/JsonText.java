package io.millrace.files.text;

import org.jspecify.annotations.Nullable;

/** Walks over JSON in UTF-8 bytes, RFC 8259, without making objects. Used by one thread. */
final class JsonText {

  private static final int MAX_DEPTH = 500;

  private final byte[] bytes;
  private final int end;
  private int at;
  private @Nullable String fault;

  JsonText(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  /** Null when the bytes are one JSON value, else what is wrong. */
  static @Nullable String wrong(byte[] bytes, int offset, int length) {
    JsonText text = new JsonText(bytes, offset, length);
    if (text.skipValue() && text.next() >= 0) {
      text.fail("something follows the value");
    }
    return text.fault;
  }

  /** Where it stands. */
  int at() {
    return at;
  }

  /** What is wrong, or null so far. */
  @Nullable String fault() {
    return fault;
  }

  /** Notes what is wrong; always false. */
  boolean fail(String what) {
    if (fault == null) {
      fault = what + " at byte " + at;
    }
    return false;
  }

  /** Passes blanks; the byte it stands on then, or -1 at the end. */
  int next() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return b & 0xff;
      }
      at++;
    }
    return -1;
  }

  /** Passes one byte that must be there. */
  boolean expect(char wanted) {
    if (next() != wanted) {
      return fail(at >= end ? "it is cut off" : "expected " + wanted);
    }
    at++;
    return true;
  }

  /** Passes a byte if it is the next one. */
  boolean skipIf(char wanted) {
    if (next() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  /** Passes one value of any kind; false when it is broken. */
  boolean skipValue() {
    return skipValue(0);
  }

  private boolean skipValue(int depth) {
    int b = next();
    if (depth > MAX_DEPTH) {
      return fail("it is nested more than " + MAX_DEPTH + " deep");
    }
    return switch (b) {
      case -1 -> fail("it is cut off");
      case '{' -> skipMembers(depth, '}');
      case '[' -> skipMembers(depth, ']');
      case '"' -> skipString();
      case 't' -> skipWord("true");
      case 'f' -> skipWord("false");
      case 'n' -> skipWord("null");
      default -> skipNumber();
    };
  }

  private boolean skipMembers(int depth, char close) {
    at++;
    if (next() == close) {
      at++;
      return true;
    }
    while (true) {
      if (close == '}' && !(next() == '"' ? skipString() && expect(':') : fail("expected a key"))) {
        return false;
      }
      if (!skipValue(depth + 1)) {
        return false;
      }
      int b = next();
      if (b == close) {
        at++;
        return true;
      }
      if (b != ',') {
        return fail(b < 0 ? "it is cut off" : "expected , or " + close);
      }
      at++;
    }
  }

  /** Passes a string, which it stands on. */
  boolean skipString() {
    at++;
    while (at < end) {
      byte b = bytes[at++];
      if (b == '"') {
        return true;
      }
      if (b == '\\') {
        if (!skipEscape()) {
          return false;
        }
      } else if (b >= 0 && b < 0x20) {
        at--;
        return fail("a control character stands in a string");
      }
    }
    return fail("it is cut off in a string");
  }

  private boolean skipEscape() {
    if (at == end) {
      return fail("it is cut off in a string");
    }
    byte kind = bytes[at++];
    if (kind != 'u') {
      return "\"\\/bfnrt".indexOf(kind) >= 0 || fail("an unknown escape");
    }
    for (int i = 0; i < 4; i++) {
      if (at == end || Character.digit(bytes[at], 16) < 0) {
        return fail("an escape \\u without four digits");
      }
      at++;
    }
    return true;
  }

  private boolean skipWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at == end || bytes[at] != word.charAt(i)) {
        return fail(at == end ? "it is cut off" : "expected a value");
      }
      at++;
    }
    return true;
  }

  private boolean skipNumber() {
    int begin = at;
    if (at < end && bytes[at] == '-') {
      at++;
    }
    int whole = at;
    skipDigits();
    if (at == whole || (bytes[whole] == '0' && at > whole + 1)) {
      at = begin;
      return fail("expected a value");
    }
    if (at < end && bytes[at] == '.') {
      at++;
      if (!skipDigits()) {
        return fail("digits are missing");
      }
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      if (!skipDigits()) {
        return fail("digits are missing");
      }
    }
    return true;
  }

  private boolean skipDigits() {
    int begin = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at > begin;
  }
}
