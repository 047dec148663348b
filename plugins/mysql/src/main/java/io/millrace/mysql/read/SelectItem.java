package io.millrace.mysql.read;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.MySqlColumn;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column of the result.
 *
 * @param source the column or expression as the user means it
 * @param sql what is selected, so that the server's text form holds the exact value
 * @param field its name and type
 * @param maxBytes the most bytes a value may have, where that is known to be many; else 0
 * @param lossyCharset the character set of its texts where not all of them have a form in UTF-8,
 *     else null
 */
record SelectItem(
    String source, String sql, Field field, long maxBytes, @Nullable String lossyCharset) {

  /** The most bytes of a value that are shown of a dirty record. */
  static final int SHOWN_BYTES = 200;

  /** Character sets whose every text has one form in UTF-8, from which it can be made again. */
  private static final Set<String> LOSSLESS =
      Set.of(
          "utf8mb4", "utf8mb3", "utf8", "ascii", "latin1", "ucs2", "utf16", "utf16le", "utf32",
          "binary");

  /** A column of a table. */
  static SelectItem of(MySqlColumn column) {
    Field field = column.field();
    String quoted = Identifiers.BACKTICK.quote(column.name());
    long bytes = field.type() == ColumnType.JSON ? 1L << 30 : column.octetLength();
    String charset = column.charset();
    boolean lossy = charset != null && !LOSSLESS.contains(charset);
    return new SelectItem(quoted, exact(quoted, field), field, bytes, lossy ? charset : null);
  }

  /**
   * An expression of the user, whose result has this type. The server does not tell the character
   * set it has before it is sent, so its conversion is not checked.
   */
  static SelectItem of(String expression, Field field) {
    String enclosed = enclosed(expression);
    return new SelectItem(
        enclosed, exact(enclosed, field), computed(field.withName(expression)), 0, null);
  }

  /**
   * The column of an expression: the server names a type of it, but nobody has declared how many
   * digits its values have.
   */
  static Field computed(Field field) {
    return switch (field.type()) {
      case DECIMAL, FLOAT64, TIME, DATETIME, TIMESTAMP -> field.withNativeType(null);
      default -> field;
    };
  }

  /** The same under another name. */
  SelectItem named(String name) {
    return new SelectItem(source, sql, field.withName(name), maxBytes, lossyCharset);
  }

  /** True for an expression of the user, false for a column of the table. */
  boolean isExpression() {
    return source.startsWith("(");
  }

  /** The expression in parentheses, where it can be nothing but one value. */
  static String enclosed(String expression) {
    boolean mayEndInComment = expression.contains("--") || expression.contains("#");
    // The line break ends a comment at the end of the expression.
    return "(" + expression + (mayEndInComment ? "\n)" : ")");
  }

  /**
   * A TIMESTAMP is asked for as an instant, because its wall clock is ambiguous in the hour that
   * autumn repeats; a FLOAT as the double it is, because the server writes only six of its digits.
   */
  static String exact(String operand, Field field) {
    String nativeType = String.valueOf(field.nativeType());
    return switch (field.type()) {
      case TIMESTAMP -> "UNIX_TIMESTAMP(" + operand + ")";
      case FLOAT64 ->
          field.bits() == 32 || nativeType.indexOf('(') >= 0 ? operand + " * 1e0" : operand;
      default -> operand;
    };
  }

  /** True when the server's text form of the plain column would not be exact. */
  static boolean needsExactForm(Field field) {
    return !exact("x", field).equals("x");
  }

  /** The same, but NULL in place of a value with more bytes. */
  String sqlUpTo(int bytes) {
    return "IF(OCTET_LENGTH(" + source + ") > " + bytes + ", NULL, " + sql + ")";
  }

  /** The value's size in bytes. */
  String sizeSql() {
    return "OCTET_LENGTH(" + source + ")";
  }

  /**
   * NULL for a text that can be made again from its form in UTF-8; for any other, which the server
   * would send with question marks in it, its size in bytes and its first bytes as they are stored.
   */
  String lossSql() {
    String stored = "CAST(" + source + " AS BINARY)";
    String again =
        "CAST(CONVERT(CONVERT(" + source + " USING utf8mb4) USING " + lossyCharset + ") AS BINARY)";
    return "IF("
        + again
        + " <=> "
        + stored
        + ", NULL, CONCAT("
        + sizeSql()
        + ", ' ', LOWER(HEX(LEFT("
        + stored
        + ", "
        + SHOWN_BYTES
        + ")))))";
  }
}
