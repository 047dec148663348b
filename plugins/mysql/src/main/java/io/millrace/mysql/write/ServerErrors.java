package io.millrace.mysql.write;

import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.mysql.connect.MySqlErrors;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells errors that lie in a record from errors that end a split or the task. */
final class ServerErrors {

  static final int DUPLICATE = 1062;
  static final int OTHER_NUMBER_OF_COLUMNS = 1136;

  /** Errors of single values and records whose SQLState does not say so on every version. */
  private static final Set<Integer> IN_THE_RECORD =
      Set.of(
          1022, 1048, 1062, 1118, 1138, 1169, 1216, 1264, 1265, 1292, 1300, 1364, 1365, 1366, 1367,
          1369, 1406, 1411, 1425, 1441, 1452, 1526, 1557, 1586, 1644, 1690, 1748, 1859, 1863, 3140,
          3141, 3144, 3156, 3157, 3643, 3819, 3903, 4025, 4078, 4161);

  /** The server or the driver refuses LOCAL INFILE. */
  private static final Set<Integer> NO_LOCAL_INFILE = Set.of(1148, 3948, 4166, 3950);

  /** Another row has the key. */
  private static final Set<Integer> KEY_IS_THERE = Set.of(1022, DUPLICATE, 1169, 1586, 1859);

  private static final Pattern COLUMN =
      Pattern.compile(
          "(?:for column|Column|Field|field) (?:`[^`]*`\\.`[^`]*`\\.)?['`]([^'`]+)['`]"
              // MariaDB names the constraint of a column, such as JSON's, after table and column.
              + "|CONSTRAINT `[^`.]+\\.([^`.]+)` failed");

  private ServerErrors() {}

  /** True when another record might be accepted. */
  static boolean isInTheRecord(SQLException error) {
    if (IN_THE_RECORD.contains(error.getErrorCode())) {
      return true;
    }
    String state = error.getSQLState();
    return error.getErrorCode() > 0
        && state != null
        && (state.startsWith("22")
            || state.startsWith("23")
            || state.startsWith("44")
            || state.startsWith("45"));
  }

  /** True for the number of an error or warning that says that another row has the key. */
  static boolean isKeyThere(int number) {
    return KEY_IS_THERE.contains(number);
  }

  static boolean isLocalInfileRefused(SQLException error) {
    return NO_LOCAL_INFILE.contains(error.getErrorCode());
  }

  /** True when the account may not do it. */
  static boolean isDenied(SQLException error) {
    return switch (error.getErrorCode()) {
      case 1044, 1142, 1143, 1227, 1290, 1370, 3161, 3162 -> true;
      default -> false;
    };
  }

  static MillraceException translate(SQLException error, String what) {
    return MySqlErrors.translate(error, MySqlErrors.Doing.WRITING, what);
  }

  /** True for an error that another try may overcome. */
  static boolean passes(SQLException error) {
    return translate(error, "").errorCode().kind() == ErrorKind.EXTERNAL;
  }

  /** The column that the server's message names, or null. */
  static @Nullable String column(String message) {
    Matcher matcher = COLUMN.matcher(message);
    if (!matcher.find()) {
      return null;
    }
    String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    // JSON errors name table and column together.
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
