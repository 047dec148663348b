package io.millrace.scheduler.store;

import io.millrace.scheduler.error.SchedulerError;
import java.sql.SQLException;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * A constraint that lets only one row have a name. Two who take a name at once both find it free
 * when they look; the constraint then refuses one of them, who is told what the look would have
 * told.
 *
 * @param name of the constraint, as the migrations have it
 */
public record UniqueKey(String name) {

  private static final String H2_STATE = "23505";
  private static final int MYSQL_CODE = 1062;

  /**
   * Runs a statement that gives a row its name.
   *
   * @param refusal what is said when the name is taken: one line
   * @throws io.millrace.api.error.MillraceException {@link SchedulerError#CONFLICT}
   */
  public <T> T claim(String refusal, Supplier<T> statement) {
    try {
      return statement.get();
    } catch (UnableToExecuteStatementException e) {
      if (isViolatedBy(e)) {
        throw SchedulerError.conflict(refusal);
      }
      throw e;
    }
  }

  private boolean isViolatedBy(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql) {
        boolean duplicate = H2_STATE.equals(sql.getSQLState()) || sql.getErrorCode() == MYSQL_CODE;
        return duplicate && isNamed(String.valueOf(sql.getMessage()).toLowerCase(Locale.ROOT));
      }
    }
    return false;
  }

  /** Not where the message repeats the value, which may be anything. */
  private boolean isNamed(String message) {
    String quoted = Pattern.quote(name);
    return Pattern.compile("violation: \"public\\." + quoted + " ").matcher(message).find()
        || Pattern.compile("for key '([^' ]*\\.)?" + quoted + "'$").matcher(message).find();
  }
}
