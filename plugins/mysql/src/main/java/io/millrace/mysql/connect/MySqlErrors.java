package io.millrace.mysql.connect;

import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/** Says what a server's error means: whose fault it is, and whether another try makes sense. */
public final class MySqlErrors {

  /** What was being done, which decides the code that users search for. */
  public enum Doing {
    CONNECTING(StandardError.CONNECT, StandardError.CONFIGURATION),
    READING(StandardError.READ, StandardError.READ_REFUSED),
    WRITING(StandardError.WRITE, StandardError.WRITE_REFUSED);

    private final ErrorCode passing;
    private final ErrorCode lasting;

    Doing(ErrorCode passing, ErrorCode lasting) {
      this.passing = passing;
      this.lasting = lasting;
    }
  }

  /** Wrong account or password, or no access to the database at all. */
  private static final Set<Integer> ACCESS = Set.of(1044, 1045, 1251, 1698, 1862, 3118, 3955, 4151);

  /**
   * What passes: too many connections, deadlock, lock wait, shutdown, killed, gone, disk full, a
   * replica that is read-only during a failover, a statement that took too long, group replication.
   */
  private static final Set<Integer> PASSING =
      Set.of(
          1020, 1021, 1028, 1030, 1040, 1053, 1077, 1078, 1079, 1080, 1094, 1114, 1129, 1152, 1158,
          1159, 1160, 1161, 1180, 1184, 1203, 1205, 1206, 1213, 1226, 1290, 1317, 1613, 1614, 1637,
          1689, 1792, 1836, 1927, 1969, 2002, 2003, 2006, 2013, 3024, 3058, 3100, 3101, 3572, 4031);

  /** Syntax, unknown names, privileges and the like, where the SQLState does not tell. */
  private static final Set<Integer> LASTING =
      Set.of(
          1046, 1137, 1142, 1143, 1153, 1193, 1210, 1221, 1227, 1231, 1235, 1238, 1267, 1270, 1271,
          1273, 1298, 1300, 1301, 1336, 1345, 1356, 1367, 1370, 1411, 1418, 1424, 1449, 1456, 1644,
          1659, 3554, 3636, 3685, 3686, 3687, 3688, 3689, 3690, 3691, 3692, 3693, 3694, 3695, 3696,
          3697, 3698, 3699);

  /**
   * What lasts by its SQLState: no row or too many where one must be, a wrong value, a key, a
   * feature that is missing, an account, a wrong database, syntax and names, what a procedure or a
   * trigger has said itself.
   */
  private static final Set<String> LASTING_STATES =
      Set.of("02", "0A", "20", "21", "22", "23", "28", "3D", "42", "44", "45");

  /** The driver's own: a statement is larger than the server takes. */
  private static final String TOO_LARGE = "Packet for query is too large";

  private MySqlErrors() {}

  /**
   * The error in Millrace's terms.
   *
   * @param what where it happened, such as a table or split; begins the message
   */
  public static MillraceException translate(SQLException error, Doing doing, String what) {
    ErrorCode code = classify(error, doing);
    return new MillraceException(code, what + ": " + describe(error) + advice(error), error);
  }

  /** True when another try may succeed. */
  public static boolean isPassing(SQLException error) {
    return classify(error, Doing.READING).kind() == ErrorKind.EXTERNAL;
  }

  /** The server's own error number and message, in one line; the message is marked as its text. */
  public static String describe(SQLException error) {
    String message = String.valueOf(error.getMessage()).replaceAll("\\s*\\R\\s*", " ").strip();
    if (isCommunication(error)) {
      Throwable root = error;
      while (root.getCause() != null && root.getCause() != root) {
        root = root.getCause();
      }
      String reason = root == error ? message : rootText(root);
      return "the server does not answer (" + Sensitive.mark(reason) + ")";
    }
    return Sensitive.mark(message)
        + (error.getErrorCode() > 0 ? " (error " + error.getErrorCode() + ")" : "");
  }

  private static String rootText(Throwable root) {
    String message = root.getMessage() == null ? "" : ": " + root.getMessage();
    return root.getClass().getSimpleName() + message.replaceAll("\\s*\\R\\s*", " ");
  }

  private static boolean isCommunication(SQLException error) {
    String state = error.getSQLState();
    return state != null && state.startsWith("08") && error.getErrorCode() < 1000;
  }

  private static ErrorCode classify(SQLException error, Doing doing) {
    int number = error.getErrorCode();
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    if (ACCESS.contains(number)) {
      return StandardError.ACCESS_DENIED;
    }
    if (LASTING.contains(number)) {
      return doing.lasting;
    }
    if (PASSING.contains(number)) {
      return number == 1040 || number == 1203 ? StandardError.CONNECT : doing.passing;
    }
    if (state.startsWith("08") || state.startsWith("40")) {
      return doing.passing;
    }
    if (LASTING_STATES.contains(state.substring(0, Math.min(2, state.length())))
        || isTooLarge(error)) {
      return doing.lasting;
    }
    return doing.passing;
  }

  private static boolean isReadOnly(SQLException error) {
    String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    return error.getErrorCode() != 1290
        || message.contains("read-only")
        || message.contains("read_only");
  }

  private static boolean isTooLarge(SQLException error) {
    return String.valueOf(error.getMessage()).contains(TOO_LARGE);
  }

  private static String advice(SQLException error) {
    if (isTooLarge(error)) {
      return "; raise max_allowed_packet at the server, or make the statement shorter";
    }
    return switch (error.getErrorCode()) {
      case 1045, 1698 -> "; check username and password";
      case 1044 -> "; grant the account access to the database";
      case 1049 -> "; check the database's name";
      case 1142, 1143 -> "; grant the account the missing privilege";
      case 1040 -> "; use fewer channels or raise max_connections";
      case 1203, 1226 ->
          "; the account may not have as many connections as the task needs, one or two more than"
              + " it has channels: use fewer channels, or raise max_user_connections of the server"
              + " or of the account (ALTER USER ... WITH MAX_USER_CONNECTIONS n)";
      case 1153 -> "; raise max_allowed_packet at the server, or make the statement shorter";
      case 1242 -> "; a subquery in place of a value must give one row at most";
      case 1290, 1792, 1836, 3100 ->
          isReadOnly(error)
              ? "; the server takes no writes: name the one that does in the jdbcUrl, or end its"
                  + " read_only"
              : "";
      case 1969, 3024 -> "; raise the server's limit on statement time, for example in 'session'";
      default -> "";
    };
  }
}
