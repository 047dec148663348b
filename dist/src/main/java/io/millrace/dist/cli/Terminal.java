package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import java.io.PrintStream;

/**
 * Where the command line writes to: results to {@code out}, everything about them to {@code err}.
 *
 * @param interactive true when a person watches {@code err}
 * @param debug true when stack traces are wanted
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean debug) {

  static Terminal ofProcess() {
    return new Terminal(System.out, System.err, Boolean.getBoolean("millrace.terminal"), false);
  }

  Terminal withDebug(boolean wanted) {
    return new Terminal(out, err, interactive, wanted);
  }

  void line(String text) {
    out.println(text);
  }

  void warn(String text) {
    err.println("millrace: warning: " + oneLine(text));
  }

  /** One line for an error, whatever it was. */
  void error(Throwable error) {
    String message = String.valueOf(error.getMessage());
    err.println(
        "millrace: "
            + oneLine(
                error instanceof MillraceException known
                    ? "[" + known.errorCode().code() + "] " + message
                    : "unexpected " + error + "; --debug shows where"));
    if (debug) {
      error.printStackTrace(err);
    }
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
