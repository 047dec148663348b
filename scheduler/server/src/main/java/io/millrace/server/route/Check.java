package io.millrace.server.route;

import io.millrace.server.problem.ProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks for the constructors of request records. Each throws 400 with the field's name. */
public final class Check {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\r\\t]]");

  private Check() {}

  /** Text of this many characters, without control characters other than line breaks and tabs. */
  public static String text(String field, @Nullable String value, int least, int most) {
    if (value == null) {
      throw ProblemException.field(field, "is missing");
    }
    if (value.length() < least || value.length() > most) {
      throw ProblemException.field(field, "must have " + least + " to " + most + " characters");
    }
    if (CONTROL.matcher(value).find()) {
      throw ProblemException.field(field, "must not hold control characters");
    }
    return value;
  }

  /** A name as accounts have it: lower case letters, digits, and . _ - within. */
  public static String name(String field, @Nullable String value) {
    if (value == null) {
      throw ProblemException.field(field, "is missing");
    }
    if (!NAME.matcher(value).matches()) {
      throw ProblemException.field(
          field, "must be 1 to 64 lower case letters, digits, dots, dashes or underscores");
    }
    return value;
  }

  /** A whole number between these, both included. */
  public static long between(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw ProblemException.field(field, "must be between " + least + " and " + most);
    }
    return value;
  }

  /** Something that must be there. */
  public static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw ProblemException.field(field, "is missing");
    }
    return value;
  }
}
