package io.millrace.mysql.read;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.type.MySqlColumn;

/**
 * One column of the result.
 *
 * @param source the column or expression as the user means it
 * @param sql what is selected, so that the server's text form holds the exact value
 * @param field its name and type
 * @param maxBytes the most bytes a value may have, where that is known to be many; else 0
 */
record SelectItem(String source, String sql, Field field, long maxBytes) {

  /** A column of a table. */
  static SelectItem of(MySqlColumn column) {
    Field field = column.field();
    String quoted = Identifiers.BACKTICK.quote(column.name());
    long bytes = field.type() == ColumnType.JSON ? 1L << 30 : column.octetLength();
    return new SelectItem(quoted, exact(quoted, field), field, bytes);
  }

  /** An expression of the user, whose result has this type. */
  static SelectItem of(String expression, Field field) {
    String enclosed = enclosed(expression);
    return new SelectItem(enclosed, exact(enclosed, field), field.withName(expression), 0);
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
}
