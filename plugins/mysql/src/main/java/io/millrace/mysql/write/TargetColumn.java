package io.millrace.mysql.write;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A column of the target as its server describes it.
 *
 * @param name as it was created
 * @param dataType the bare type in lower case, such as {@code varchar}
 * @param columnType the full type in lower case except for members, such as {@code bigint(20)
 *     unsigned}
 * @param nullable false for NOT NULL
 * @param charset the character set of a text, or null
 * @param characters the most characters of a text, 0 for other types
 * @param octets the most bytes of a text or of bytes, 0 for other types
 * @param precision digits of a number, or bits of a BIT
 * @param scale digits after the point; -1 where the type sets none
 * @param fraction digits of the fraction of a second
 * @param autoIncrement true when the server fills in numbers
 * @param generated true when the server computes the value and nothing can be written
 */
record TargetColumn(
    String name,
    String dataType,
    String columnType,
    boolean nullable,
    @Nullable String charset,
    long characters,
    long octets,
    int precision,
    int scale,
    int fraction,
    boolean autoIncrement,
    boolean generated) {

  boolean unsigned() {
    return columnType.contains("unsigned");
  }

  /** The members of an ENUM or SET as UTF-8, in their order. */
  List<byte[]> members() {
    List<byte[]> members = new ArrayList<>();
    int at = columnType.indexOf('(') + 1;
    StringBuilder member = new StringBuilder();
    while (at > 0 && at < columnType.length() && columnType.charAt(at) == '\'') {
      member.setLength(0);
      at++;
      while (at < columnType.length()) {
        char c = columnType.charAt(at);
        if (c == '\'') {
          if (at + 1 >= columnType.length() || columnType.charAt(at + 1) != '\'') {
            break;
          }
          at++;
        }
        member.append(c);
        at++;
      }
      members.add(member.toString().getBytes(StandardCharsets.UTF_8));
      // Past the closing quote and the comma.
      at += 2;
    }
    return members;
  }

  /** True when UTF-8 bytes can be stored as they are, and the server checks that they suit. */
  boolean takesUtf8() {
    return charset == null || charset.equals("binary") || charset.startsWith("utf8");
  }

  /** True when another column's full type is the same, whatever the letters' case and width. */
  boolean sameType(@Nullable String nativeType) {
    return nativeType != null
        && plain(nativeType).equals(plain(columnType));
  }

  private static String plain(String type) {
    if (type.startsWith("enum") || type.startsWith("set")) {
      return type;
    }
    return type.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
  }
}
