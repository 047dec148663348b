package io.millrace.dist.cli;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.OneLine;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;

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

  /** Words of ours, without the marks of what is data: who sits here may see all. */
  void line(String text) {
    out.println(Sensitive.plain(text));
  }

  /** Values, character by character. */
  void data(String text) {
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
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      err.print(Sensitive.plain(trace.toString()));
    }
  }

  /** A message on one line, without the marks of what is data: who sits here may see all. */
  static String oneLine(String text) {
    return OneLine.of(Sensitive.plain(text).strip());
  }
}
