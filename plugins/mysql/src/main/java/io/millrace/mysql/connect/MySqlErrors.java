package io.millrace.mysql.connect;

import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.sql.SQLException;
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
          1020, 1021, 1028, 1030, 1040, 1053, 1077, 1078, 1079, 1080, 1094, 1114, 1129, 1152, 1153,
          1158, 1159, 1160, 1161, 1180, 1184, 1203, 1205, 1206, 1213, 1226, 1290, 1317, 1613, 1614,
          1637, 1689, 1792, 1836, 1927, 1969, 2002, 2003, 2006, 2013, 3024, 3058, 3100, 3101, 3572,
          4031);

  /** Syntax, unknown names, privileges and the like, where the SQLState does not tell. */
  private static final Set<Integer> LASTING =
      Set.of(1046, 1142, 1143, 1227, 1235, 1345, 1356, 1370, 1449, 1298, 1231, 1193, 1238, 3554);

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
    if (PASSING.contains(number)) {
      return number == 1040 || number == 1203 ? StandardError.CONNECT : doing.passing;
    }
    if (state.startsWith("08") || state.startsWith("40")) {
      return doing.passing;
    }
    if (LASTING.contains(number)
        || state.startsWith("42")
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("0A")
        || state.startsWith("28")) {
      return doing.lasting;
    }
    return doing.passing;
  }

  private static String advice(SQLException error) {
    return switch (error.getErrorCode()) {
      case 1045, 1698 -> "; check username and password";
      case 1044 -> "; grant the account access to the database";
      case 1049 -> "; check the database's name";
      case 1142, 1143 -> "; grant the account the missing privilege";
      case 1040, 1203 -> "; use less concurrency or raise max_connections";
      case 1969, 3024 -> "; raise the server's limit on statement time, for example in 'session'";
      default -> "";
    };
  }
}
