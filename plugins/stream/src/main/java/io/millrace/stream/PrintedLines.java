package io.millrace.stream;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are printed. Safe for use by several threads: what one call prints stands together.
 */
final class PrintedLines {

  private final Supplier<OutputStream> target;

  PrintedLines(Supplier<OutputStream> target) {
    this.target = target;
  }

  /** Prints bytes that hold whole lines. */
  synchronized void print(byte[] bytes) {
    OutputStream out = target.get();
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw gone(e);
    }
    // A PrintStream swallows errors, and a closed pipe (… | head) must not look like success.
    if (out instanceof PrintStream stream && stream.checkError()) {
      throw gone(null);
    }
  }

  private static MillraceException gone(@Nullable Throwable cause) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        "stream writer: standard output cannot be written to; nothing reads it any more",
        cause);
  }
}
