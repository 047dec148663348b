package io.millrace.mysql.write;

import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of types for which a server in strict mode changes values without an error. They are known
 * before anything is written where the source declares its type; the values of others are judged
 * one by one.
 */
final class Narrow {

  /** Digits of a decimal that come back the same from a floating point column. */
  private static final int FLOAT_DIGITS = 6;

  private static final int DOUBLE_DIGITS = 15;

  private Narrow() {}

  /**
   * Looks for such pairs.
   *
   * @return one line for each, for the log
   * @throws MillraceException with {@link StandardError#CONVERSION} that names every pair, when the
   *     task has to be refused for them
   */
  static List<String> look(Schema source, ColumnMatch match, Narrowing narrowing) {
    List<String> pairs = new ArrayList<>();
    for (ColumnMatch.Pair pair : match.pairs()) {
      Field from = source.field(pair.source());
      TargetColumn to = pair.target();
      if (narrows(from, to)) {
        pairs.add(
            "'"
                + Sensitive.name(from.name())
                + "' "
                + from.nativeType()
                + " into '"
                + to.name()
                + "' "
                + to.column().columnType());
      }
    }
    if (pairs.isEmpty()) {
      return List.of();
    }
    return switch (narrowing) {
      case REFUSE ->
          throw new MillraceException(
              StandardError.CONVERSION,
              "the target would change values without a word: "
                  + String.join(", ", pairs)
                  + "; widen the column, convert in the source, or choose with the setting"
                  + " 'narrowing': round lets the server round, dirty keeps out what would change");
      case ROUND ->
          pairs.stream().map(pair -> "narrowing: the server rounds values of " + pair).toList();
      case DIRTY ->
          pairs.stream()
              .map(pair -> "narrowing: values that would change are dirty: " + pair)
              .toList();
    };
  }

  /** True when the types alone say that values may be changed. */
  static boolean narrows(Field source, TargetColumn target) {
    String declared = source.nativeType();
    if (declared == null || target.sameType(declared)) {
      return false;
    }
    // Without a number of digits the type promises none, such as a hub's timestamp.
    boolean digits = declared.indexOf('(') >= 0;
    boolean isReal = source.type() == ColumnType.FLOAT64;
    boolean isDecimal = source.type() == ColumnType.DECIMAL && digits;
    return switch (target.type()) {
      case "tinyint", "smallint", "mediumint", "int", "bigint" ->
          isReal || (isDecimal && source.scale() > 0);
      case "float", "double" -> {
        int most = target.type().equals("float") ? FLOAT_DIGITS : DOUBLE_DIGITS;
        yield isReal
            ? (target.type().equals("float") && source.bits() != 32)
                || realScale(declared) > scale(target)
            : isDecimal && source.scale() > 0 && source.precision() > most;
      }
      case "decimal" ->
          isReal
              ? realScale(declared) > target.field().scale()
              : isDecimal && source.scale() > target.field().scale();
      case "date" -> source.type() == ColumnType.DATETIME || source.type() == ColumnType.TIMESTAMP;
      case "datetime", "timestamp", "time" ->
          switch (source.type()) {
            case DATETIME, TIMESTAMP, TIME -> digits && source.scale() > target.field().scale();
            default -> false;
          };
      default -> false;
    };
  }

  private static int scale(TargetColumn target) {
    return target.fixedScale() < 0 ? Integer.MAX_VALUE : target.fixedScale();
  }

  /** The digits after the point of {@code double(10,4)}; no bound where the type sets none. */
  private static int realScale(String type) {
    int comma = type.indexOf(',');
    int end = type.indexOf(')');
    return comma < 0 || end < comma
        ? Integer.MAX_VALUE
        : Integer.parseInt(type.substring(comma + 1, end).strip());
  }
}
