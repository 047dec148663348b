package io.millrace.mysql.write;

import io.millrace.api.record.Field;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.MySqlColumn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column that is written to.
 *
 * @param column as its server describes it
 * @param field its logical type
 */
record TargetColumn(MySqlColumn column, Field field) {

  private static final Pattern DIGITS_AND_SCALE = Pattern.compile("\\((\\d+),(\\d+)\\)");
  private static final String CHARSET = " charset ";
  private static final Set<String> ONE_BYTE =
      Set.of(
          "ascii",
          "latin1",
          "latin2",
          "latin5",
          "latin7",
          "cp1250",
          "cp1251",
          "cp1256",
          "cp1257",
          "cp850",
          "cp852",
          "cp866",
          "koi8r",
          "koi8u",
          "greek",
          "hebrew",
          "tis620",
          "macroman",
          "macce",
          "armscii8",
          "geostd8",
          "hp8",
          "dec8",
          "swe7",
          "keybcs2");

  String name() {
    return column.name();
  }

  String quoted() {
    return Identifiers.BACKTICK.quote(column.name());
  }

  /** The bare type in lower case. */
  String type() {
    return column.dataType();
  }

  boolean unsigned() {
    return column.columnType().toLowerCase(Locale.ROOT).contains("unsigned");
  }

  /** The digits after the point of {@code FLOAT(M,D)}, or -1 where the type sets none. */
  int fixedScale() {
    Matcher matcher = DIGITS_AND_SCALE.matcher(column.columnType());
    return matcher.find() ? Integer.parseInt(matcher.group(2)) : -1;
  }

  /** The members of an ENUM or SET as UTF-8, in their order. */
  List<byte[]> members() {
    List<byte[]> members = new ArrayList<>();
    String text = column.columnType();
    int at = text.indexOf('(') + 1;
    while (at > 0 && at < text.length() && text.charAt(at) == '\'') {
      StringBuilder member = new StringBuilder();
      at++;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '\'') {
          if (at + 1 >= text.length() || text.charAt(at + 1) != '\'') {
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

  /** True when UTF-8 bytes can be stored as they are and the server checks that they suit. */
  boolean takesUtf8() {
    String charset = column.charset();
    return charset == null || charset.equals("binary") || charset.startsWith("utf8");
  }

  /** True when every character of the column's character set is one byte. */
  boolean hasOneByteCharacters() {
    String charset = column.charset();
    return charset != null && ONE_BYTE.contains(charset);
  }

  /** True when a source's full type is the same, so that its values fit as they are. */
  boolean sameType(@Nullable String nativeType) {
    if (nativeType == null) {
      return false;
    }
    int charset = nativeType.lastIndexOf(CHARSET);
    String bare = charset < 0 ? nativeType : nativeType.substring(0, charset);
    return bare.equals(column.columnType());
  }
}
