package io.millrace.jdbc;

/** Quotes names, so that whatever a name holds, it is one name and nothing else. */
public enum Identifiers {
  /** MySQL and MariaDB, in every sql_mode. */
  BACKTICK('`'),
  /** Standard SQL. */
  DOUBLE_QUOTE('"');

  private final String mark;

  Identifiers(char mark) {
    this.mark = String.valueOf(mark);
  }

  /**
   * The name in quotes; a quote inside it is doubled.
   *
   * @throws IllegalArgumentException for an empty name or one with a NUL character, which no
   *     database knows
   */
  public String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name must not be empty or hold a NUL character");
    }
    return mark + name.replace(mark, mark + mark) + mark;
  }

  /** A table's quoted name within its quoted database or schema. */
  public String quote(String schema, String name) {
    return quote(schema) + "." + quote(name);
  }

  /**
   * The name without quotes, when it stands in quotes as a whole; else as it is.
   *
   * @param name as a user wrote it, quoted or not
   */
  public String unquote(String name) {
    char quote = mark.charAt(0);
    if (name.length() < 3 || name.charAt(0) != quote || name.charAt(name.length() - 1) != quote) {
      return name;
    }
    String inner = name.substring(1, name.length() - 1);
    return inner.replace(mark + mark, "").indexOf(quote) >= 0
        ? name
        : inner.replace(mark + mark, mark);
  }
}
