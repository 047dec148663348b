package io.millrace.hubs;

/**
 * Walks over one JSON document, strictly as RFC 8259 has it. It builds nothing: a value is where it
 * begins and ends in the text.
 */
final class JsonText {

  /** Deeper documents are refused: they exist to exhaust the stack. */
  private static final int MAX_DEPTH = 200;

  private final String text;
  private int at;
  private int depth;

  JsonText(String text) {
    this.text = text;
  }

  /**
   * Makes sure that a text is one JSON document.
   *
   * @throws BadValueException when it is not
   */
  static void check(String text) throws BadValueException {
    JsonText json = new JsonText(text);
    json.skipValue();
    json.end();
  }

  int position() {
    return at;
  }

  /** Moves over blanks and tells which character comes; 0 at the end. */
  char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  /** Moves over blanks and one character, which must come. */
  void take(char expected) throws BadValueException {
    if (peek() != expected) {
      throw wrong("'" + expected + "' expected");
    }
    at++;
  }

  /** Moves over one character if it comes. */
  boolean takeIf(char wanted) {
    boolean comes = peek() == wanted;
    if (comes) {
      at++;
    }
    return comes;
  }

  void end() throws BadValueException {
    if (peek() != 0 || at < text.length()) {
      throw wrong("the end expected");
    }
  }

  void skipValue() throws BadValueException {
    switch (peek()) {
      case '{' -> {
        enter();
        take('{');
        if (!takeIf('}')) {
          do {
            string();
            take(':');
            skipValue();
          } while (takeIf(','));
          take('}');
        }
        depth--;
      }
      case '[' -> {
        enter();
        take('[');
        if (!takeIf(']')) {
          do {
            skipValue();
          } while (takeIf(','));
          take(']');
        }
        depth--;
      }
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void enter() throws BadValueException {
    if (++depth > MAX_DEPTH) {
      throw wrong("more than " + MAX_DEPTH + " levels");
    }
  }

  private void word(String word) throws BadValueException {
    if (!text.startsWith(word, at)) {
      throw wrong("a value expected");
    }
    at += word.length();
  }

  private void number() throws BadValueException {
    int start = at;
    if (next('-')) {
      at++;
    }
    if (next('0')) {
      at++;
    } else {
      digits(start);
    }
    if (next('.')) {
      at++;
      digits(start);
    }
    if (next('e') || next('E')) {
      at++;
      if (next('+') || next('-')) {
        at++;
      }
      digits(start);
    }
  }

  private boolean next(char wanted) {
    return at < text.length() && text.charAt(at) == wanted;
  }

  private void digits(int start) throws BadValueException {
    int first = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == first) {
      at = start;
      throw wrong("a value expected");
    }
  }

  /** Moves over a string and gives what it stands for. */
  String string() throws BadValueException {
    take('"');
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        break;
      }
      out.append(c == '\\' ? escaped() : c);
    }
    throw wrong("a string does not end");
  }

  private char escaped() throws BadValueException {
    char c = at < text.length() ? text.charAt(at++) : 0;
    switch (c) {
      case '"', '\\', '/':
        return c;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
          if (digit < 0) {
            throw wrong("four hex digits expected");
          }
          value = value * 16 + digit;
        }
        return (char) value;
      default:
        throw wrong("an unknown escape");
    }
  }

  private BadValueException wrong(String what) {
    return new BadValueException(
        "NOT_JSON", "the value is not JSON: " + what + " at character " + (at + 1));
  }
}
