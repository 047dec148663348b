package io.millrace.dist.cli;

import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;

/** What the process ends with. */
final class ExitCode {

  static final int SUCCESS = 0;
  static final int FAIL = 1;
  static final int BAD_INPUT = 2;
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** For an error outside of a run: the user's own is bad input, any other a failure. */
  static int of(Throwable error) {
    boolean user =
        error instanceof MillraceException known && known.errorCode().kind() == ErrorKind.USER;
    return user ? BAD_INPUT : FAIL;
  }
}
