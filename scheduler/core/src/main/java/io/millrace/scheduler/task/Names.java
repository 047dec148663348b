package io.millrace.scheduler.task;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;

/** What tasks and workflows may be called. */
final class Names {

  private Names() {}

  /**
   * @param what is named, for the message
   */
  static void check(String what, String name) {
    if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._ -]{0,99}")) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          what
              + " name must begin with a letter or digit and be made of letters, digits, blanks and"
              + " . _ - (at most 100)");
    }
  }
}
